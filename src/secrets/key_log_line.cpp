#include "key_log_line.hpp"

#include <algorithm>
#include <array>

namespace tlspeel::secrets {
namespace {

constexpr std::size_t kRandomSize = 32;
constexpr std::size_t kMasterSize = 48;
// Not a secret of TLS any more, and more than a chunk of the log's memory has to hold: a premaster secret is
// as long as a prime (16384 bits), an ECHConfig some hundred bytes.
constexpr std::size_t kLongestSecret = 16384;

constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 10; ++i) digits[std::size_t{'0'} + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    digits[std::size_t{'a'} + i] = static_cast<std::uint8_t>(10 + i);
    digits[std::size_t{'A'} + i] = static_cast<std::uint8_t>(10 + i);
  }
  return digits;
}();

std::uint8_t digit(char c) {
  return kDigits[static_cast<std::uint8_t>(c)];
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return digit(c) != kNoDigit; });
}

std::string_view take_word(std::string_view& text) {
  const auto end = static_cast<std::size_t>(std::ranges::find_if(text, is_blank) - text.begin());
  const std::string_view word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

// What sizes the parts of a line have, in bytes.
struct Shape {
  KeyLogLabel label;
  std::size_t id_size;  // 0: 1 to 32
  std::size_t smallest_secret;
  std::size_t largest_secret;
};

// RFC 9850 section 2; "RSA" and "RSA Session-ID" are NSS' older ones, "PMS_CLIENT_RANDOM" is GnuTLS'
// and Wireshark's.
constexpr std::size_t kSha256 = 32;
constexpr std::size_t kSha384 = 48;
constexpr std::array<Shape, kKeyLogLabels> kShapes = {{
    {KeyLogLabel::client_random, kRandomSize, kMasterSize, kMasterSize},
    {KeyLogLabel::client_early_traffic_secret, kRandomSize, kSha256, kSha384},
    {KeyLogLabel::client_handshake_traffic_secret, kRandomSize, kSha256, kSha384},
    {KeyLogLabel::server_handshake_traffic_secret, kRandomSize, kSha256, kSha384},
    {KeyLogLabel::client_traffic_secret_0, kRandomSize, kSha256, kSha384},
    {KeyLogLabel::server_traffic_secret_0, kRandomSize, kSha256, kSha384},
    {KeyLogLabel::early_exporter_secret, kRandomSize, kSha256, kSha384},
    {KeyLogLabel::exporter_secret, kRandomSize, kSha256, kSha384},
    {KeyLogLabel::ech_secret, kRandomSize, 1, kLongestSecret},
    {KeyLogLabel::ech_config, kRandomSize, 1, kLongestSecret},
    {KeyLogLabel::rsa, 8, kMasterSize, kMasterSize},
    {KeyLogLabel::rsa_session_id, 0, kMasterSize, kMasterSize},
    {KeyLogLabel::pms_client_random, kRandomSize, 1, kLongestSecret},
}};

std::string_view problem_of(const Shape& shape, std::string_view id, std::string_view secret) {
  if (!is_hex(id) || !is_hex(secret)) return "something else than hex digits where hex is due";
  if (id.size() % 2 != 0) return "the id has an odd number of hex digits";
  if (secret.size() % 2 != 0) return "the secret has an odd number of hex digits";
  const std::size_t id_size = id.size() / 2;
  const bool fits = shape.id_size == 0 ? id_size >= 1 && id_size <= kRandomSize : id_size == shape.id_size;
  if (!fits) return "the id has the wrong size for its label";
  const std::size_t size = secret.size() / 2;
  if (size < shape.smallest_secret || size > shape.largest_secret) {
    return "the secret has the wrong size for its label";
  }
  const bool traffic = shape.smallest_secret == kSha256 && shape.largest_secret == kSha384;
  if (traffic && size != kSha256 && size != kSha384) return "the secret has the wrong size for its label";
  return {};
}

KeyLogLine checked(const Shape& shape, std::string_view id, std::string_view secret) {
  return {shape.label, id, secret, problem_of(shape, id, secret)};
}

// "Session-ID:... Master-Key:..." behind RSA.
KeyLogLine split_session(std::string_view id, std::string_view master) {
  constexpr std::string_view kId = "Session-ID:";
  constexpr std::string_view kMaster = "Master-Key:";
  if (!master.starts_with(kMaster)) return {{}, {}, {}, "Session-ID without Master-Key"};
  const Shape& shape = kShapes[static_cast<std::size_t>(KeyLogLabel::rsa_session_id)];
  return checked(shape, id.substr(kId.size()), master.substr(kMaster.size()));
}

bool is_label(std::string_view word) {
  return std::ranges::all_of(word, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

}  // namespace

KeyLogLine split_key_log_line(std::string_view line) {
  const std::string_view label = take_word(line);
  const std::string_view id = take_word(line);
  const std::string_view secret = take_word(line);
  if (!is_label(label)) return {{}, {}, {}, "not a line of a key log"};
  if (secret.empty()) return {{}, {}, {}, "cut off: label, id and secret are due"};
  if (!line.empty()) return {{}, {}, {}, "more than label, id and secret"};
  if (label == "RSA" && id.starts_with("Session-ID:")) return split_session(id, secret);
  for (const Shape& shape : kShapes) {
    if (key_log_label_name(shape.label) == label) return checked(shape, id, secret);
  }
  if (!is_hex(id) || !is_hex(secret)) return {{}, {}, {}, "not a line of a key log"};
  return {std::nullopt, id, secret, {}};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

void decode_hex(std::string_view hex, std::span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4U | digit(hex[2 * i + 1]));
  }
}

}  // namespace tlspeel::secrets
