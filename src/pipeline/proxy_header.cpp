#include "proxy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <arpa/inet.h>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::pipeline {
namespace {

// Version 1: a line of at most 107 bytes, with its CR LF.
constexpr std::size_t kMaxLine = 107;
constexpr std::string_view kV1 = "PROXY ";
constexpr std::array<std::uint8_t, 12> kV2 = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                              0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};

std::string_view next_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

std::optional<IpAddress> address(std::string_view text, bool v6) {
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(v6 ? AF_INET6 : AF_INET, std::string(text).c_str(), octets.data()) != 1) return std::nullopt;
  return v6 ? IpAddress::from_v6(octets) : IpAddress::from_v4(ByteView(octets).first(4));
}

std::optional<std::uint16_t> port(std::string_view text) {
  std::uint16_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<event::ProxiedAddresses> read_line(std::string_view line) {
  const std::string_view family = next_word(line);
  const bool v6 = family == "TCP6";
  if (!v6 && family != "TCP4") return std::nullopt;
  const auto source = address(next_word(line), v6);
  const auto destination = address(next_word(line), v6);
  const auto source_port = port(next_word(line));
  const auto destination_port = port(next_word(line));
  if (!source || !destination || !source_port || !destination_port || !line.empty()) return std::nullopt;
  return event::ProxiedAddresses{{*source, *source_port}, {*destination, *destination_port}};
}

std::optional<ProxyHeader> read_v1(ByteView bytes) {
  const std::string_view text = as_text(bytes.first(std::min(bytes.size(), kMaxLine)));
  const std::size_t end = text.find("\r\n");
  if (!text.starts_with(kV1) || end == std::string_view::npos) return std::nullopt;
  return ProxyHeader{"PROXY protocol v1", end + 2, read_line(text.substr(kV1.size(), end - kV1.size()))};
}

std::optional<ProxyHeader> read_v2(ByteView bytes) {
  constexpr std::uint8_t kProxy = 0x21;  // version 2; 0x20: the proxy's own connection
  constexpr std::uint8_t kTcp4 = 0x11;
  constexpr std::uint8_t kTcp6 = 0x21;
  Reader r(bytes);
  const bool signed_so = std::ranges::equal(r.bytes(kV2.size()), kV2);
  const std::uint8_t command = r.u8();
  const std::uint8_t family = r.u8();
  Reader addresses = r.sub16();
  if (!signed_so || !r.ok() || (command & 0xf0U) != 0x20) return std::nullopt;
  ProxyHeader out{"PROXY protocol v2", r.offset(), std::nullopt};
  if (command != kProxy || (family != kTcp4 && family != kTcp6)) return out;
  const bool v6 = family == kTcp6;
  const ByteView source = addresses.bytes(v6 ? 16 : 4);
  const ByteView destination = addresses.bytes(v6 ? 16 : 4);
  const std::uint16_t source_port = addresses.u16();
  const std::uint16_t destination_port = addresses.u16();
  if (!addresses.ok()) return out;
  const auto made = [&](ByteView octets) {
    return v6 ? IpAddress::from_v6(octets) : IpAddress::from_v4(octets);
  };
  out.proxied = event::ProxiedAddresses{{made(source), source_port}, {made(destination), destination_port}};
  return out;
}

}  // namespace

std::optional<ProxyHeader> read_proxy_header(ByteView bytes) {
  auto header = read_v1(bytes);
  return header ? header : read_v2(bytes);
}

}  // namespace tlspeel::pipeline
