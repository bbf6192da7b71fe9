#include "tlspeel/secrets/psks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tlspeel/base/hex.hpp"

#include "file_bytes.hpp"
#include "key_log_line.hpp"

namespace tlspeel::secrets {
namespace {

// RFC 4279 section 5.3 and RFC 8446 section 4.2.11: 2^16 - 1 bytes each.
constexpr std::size_t kLongest = 65535;
constexpr std::size_t kLongestFile = std::size_t{64} << 20;

bool is_hex(std::string_view text) {
  return !text.empty() && text.size() % 2 == 0 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// What stands before the last colon; "#" and hex digits are an identity that is no text.
std::optional<Bytes> identity_of(std::string_view text) {
  auto bytes =
      text.starts_with('#') && is_hex(text.substr(1)) ? from_hex(text.substr(1)) : to_bytes(as_bytes(text));
  if (bytes && bytes->size() > kLongest) return std::nullopt;
  return bytes;
}

std::string label_of(const Psk& psk, std::string_view identity) {
  return psk.any_identity ? std::string("PSK") : fmt::format("PSK {}", identity);
}

// nullopt: not one.
std::optional<Psk> parse(std::string_view text) {
  Psk psk;
  const std::size_t colon = text.rfind(':');
  const std::string_view hex = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (!is_hex(hex) || hex.size() / 2 > kLongest) return std::nullopt;
  psk.any_identity = colon == std::string_view::npos;
  const std::string_view identity = psk.any_identity ? std::string_view() : text.substr(0, colon);
  auto bytes = identity_of(identity);
  if (!bytes) return std::nullopt;
  psk.identity = *std::move(bytes);
  psk.key = SecretBytes(hex.size() / 2);
  decode_hex(hex, psk.key.mutable_view());
  psk.label = label_of(psk, identity);
  return psk;
}

}  // namespace

Result<void> Psks::add(std::string_view text) {
  auto psk = parse(text);
  if (!psk) return fail("a pre-shared key is IDENTITY:HEX, or HEX alone, with an even number of hex digits");
  keep(*std::move(psk));
  return {};
}

Result<void> Psks::add_file(const std::string& path) {
  const auto file = read_secret_file(path, kLongestFile, "a file of pre-shared keys");
  if (!file) return tl::unexpected<Error>(file.error());
  std::string_view rest = as_text(file->view());
  bool any = false;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    // "#" is also how an identity in hex begins; that line has a colon.
    const bool comment = line.starts_with('#') && line.find(':') == std::string_view::npos;
    if (line.empty() || comment || line.starts_with("# ")) continue;
    auto psk = parse(line);
    if (!psk) {
      return fail(fmt::format("{}: line {} is no pre-shared key (IDENTITY:HEX, or HEX alone)", path, number));
    }
    keep(*std::move(psk));
    any = true;
  }
  if (!any) return fail(path + ": no pre-shared key in it");
  return {};
}

// Two keys must not share a label: uses are counted by it.
void Psks::keep(Psk psk) {
  const std::size_t nth = ++keys_of_[psk.label];
  if (nth > 1) psk.label += fmt::format(", key {}", nth);
  psks_.push_back(std::move(psk));
}

std::vector<const Psk*> Psks::of(ByteView identity) const {
  std::vector<const Psk*> found;
  for (const bool any_identity : {false, true}) {
    for (const Psk& psk : psks_) {
      const bool fits =
          any_identity ? psk.any_identity : !psk.any_identity && std::ranges::equal(psk.identity, identity);
      if (fits) found.push_back(&psk);
    }
  }
  return found;
}

}  // namespace tlspeel::secrets
