#include "tlspeel/tls/fingerprints.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/crypto/digest.hpp"
#include "tlspeel/tls/registry/registry.hpp"

namespace tlspeel::tls {
namespace {

using Numbers = std::vector<std::uint32_t>;

// IANA "TLS ExtensionType Values".
enum ExtensionType : std::uint32_t {
  kServerName = 0,
  kSupportedGroups = 10,
  kEcPointFormats = 11,
  kSignatureAlgorithms = 13,
  kAlpn = 16,
  kSupportedVersions = 43,
};

Numbers without_grease(const event::CodePoints& values) {
  Numbers out;
  out.reserve(values.size());
  for (const event::CodePoint& value : values) {
    if (!registry::is_grease(value.value)) out.push_back(value.value);
  }
  return out;
}

Numbers types_of(const event::Extensions& extensions) {
  Numbers out;
  out.reserve(extensions.size());
  for (const event::Extension& extension : extensions) out.push_back(extension.type.value);
  return out;
}

Numbers types_without_grease(const event::Extensions& extensions) {
  Numbers out = types_of(extensions);
  std::erase_if(out, registry::is_grease);
  return out;
}

Numbers list_in(const event::Extensions& extensions, std::uint32_t type) {
  const event::Extension* extension = event::find_extension(extensions, type);
  const auto* list = extension == nullptr ? nullptr : std::get_if<event::CodePointList>(&extension->body);
  return list == nullptr ? Numbers() : without_grease(list->values);
}

std::string hash_hex(crypto::HashId id, std::string_view text) {
  return to_hex(crypto::hash(id, {as_bytes(text)}));
}

// The two characters of JA4 for a version of TLS; what its specification does not name is "00".
std::string_view ja4_version(std::uint32_t version) {
  struct Row {
    std::uint32_t value;
    std::string_view text;
  };
  static constexpr std::array kRows = {
      Row{0x0304, "13"}, Row{0x0303, "12"}, Row{0x0302, "11"}, Row{0x0301, "10"}, Row{0x0300, "s3"},
      Row{0x0002, "s2"}, Row{0xfeff, "d1"}, Row{0xfefd, "d2"}, Row{0xfefc, "d3"},
  };
  const auto* const row = std::ranges::find(kRows, version, &Row::value);
  return row == kRows.end() ? "00" : row->text;
}

// By value alone: of a draft of TLS 1.3, which is a larger number than TLS 1.3, JA4 knows no version.
std::uint32_t highest_offer(const event::ClientHello& hello) {
  const Numbers offered = list_in(hello.extensions, kSupportedVersions);
  return offered.empty() ? hello.version.value : *std::ranges::max_element(offered);
}

bool alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// First and last character of the first protocol; of its hex where one of the two is neither letter nor
// digit.
std::string ja4_alpn(const event::Extensions& extensions) {
  const event::Extension* extension = event::find_extension(extensions, kAlpn);
  const auto* list = extension == nullptr ? nullptr : std::get_if<event::TextList>(&extension->body);
  if (list == nullptr || list->values.empty() || list->values.front().empty()) return "00";
  const std::string& first = list->values.front();
  if (alphanumeric(first.front()) && alphanumeric(first.back())) return {first.front(), first.back()};
  const std::string hex = to_hex(as_bytes(first));
  return {hex.front(), hex.back()};
}

std::string four_digits(const Numbers& values) {
  std::string out;
  for (const std::uint32_t value : values) {
    fmt::format_to(std::back_inserter(out), "{}{:04x}", out.empty() ? "" : ",", value);
  }
  return out;
}

std::string ja4_hash(std::string_view text) {
  constexpr std::string_view kNothing = "000000000000";
  // Not the hash of nothing: whoever reads it shall see that there is nothing.
  if (text.empty()) return std::string(kNothing);
  return hash_hex(crypto::HashId::sha256, text).substr(0, kNothing.size());
}

std::string ja4_extensions(const event::Extensions& extensions) {
  Numbers types = types_without_grease(extensions);
  // What name and protocol a client asked for is told by the first part.
  std::erase_if(types, [](std::uint32_t type) { return type == kServerName || type == kAlpn; });
  std::ranges::sort(types);
  std::string text = four_digits(types);
  const Numbers signatures = list_in(extensions, kSignatureAlgorithms);
  if (!signatures.empty()) text += "_" + four_digits(signatures);
  return ja4_hash(text);
}

}  // namespace

std::string ja3_string(const event::ClientHello& hello) {
  return fmt::format("{},{},{},{},{}", hello.version.value,
                     fmt::join(without_grease(hello.cipher_suites), "-"),
                     fmt::join(types_without_grease(hello.extensions), "-"),
                     fmt::join(list_in(hello.extensions, kSupportedGroups), "-"),
                     fmt::join(list_in(hello.extensions, kEcPointFormats), "-"));
}

std::string ja3s_string(const event::ServerHello& hello) {
  return fmt::format("{},{},{}", hello.version.value, hello.cipher_suite.value,
                     fmt::join(types_of(hello.extensions), "-"));
}

std::string ja4(const event::ClientHello& hello) {
  constexpr std::size_t kMostCounted = 99;  // two digits
  Numbers suites = without_grease(hello.cipher_suites);
  std::ranges::sort(suites);
  const bool named = event::find_extension(hello.extensions, kServerName) != nullptr;
  return fmt::format("t{}{}{:02}{:02}{}_{}_{}", ja4_version(highest_offer(hello)), named ? 'd' : 'i',
                     std::min(suites.size(), kMostCounted),
                     std::min(types_without_grease(hello.extensions).size(), kMostCounted),
                     ja4_alpn(hello.extensions), ja4_hash(four_digits(suites)),
                     ja4_extensions(hello.extensions));
}

std::shared_ptr<const event::ClientFingerprints> fingerprints_of(const event::ClientHello& hello) {
  if (hello.sslv2) return nullptr;
  std::string text = ja3_string(hello);
  std::string hash = hash_hex(crypto::HashId::md5, text);
  return std::make_shared<event::ClientFingerprints>(
      event::ClientFingerprints{std::move(hash), std::move(text), ja4(hello)});
}

std::shared_ptr<const event::ServerFingerprints> fingerprints_of(const event::ServerHello& hello) {
  std::string text = ja3s_string(hello);
  std::string hash = hash_hex(crypto::HashId::md5, text);
  return std::make_shared<event::ServerFingerprints>(
      event::ServerFingerprints{std::move(hash), std::move(text)});
}

}  // namespace tlspeel::tls
