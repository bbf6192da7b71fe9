#include "output/text_format.hpp"

#include <array>

#include "tlspeel/base/counts.hpp"

namespace tlspeel::output {

void append_count(std::string& out, std::uint64_t n) {
  out += grouped(n);
}

void append_counted(std::string& out, std::uint64_t n, std::string_view noun) {
  out += counted(n, noun);
}

void append_size(std::string& out, std::uint64_t bytes) {
  static constexpr std::uint64_t kExactBelow = 10'000;
  if (bytes < kExactBelow) {
    append_counted(out, bytes, "byte");
    return;
  }
  static constexpr std::array<std::string_view, 6> kUnits{"kB", "MB", "GB", "TB", "PB", "EB"};
  // In tenths, rounded to the nearest; integers only, so that every machine prints the same.
  std::size_t unit = 0;
  std::uint64_t divisor = 1000;
  while (unit + 1 < kUnits.size() && bytes / divisor >= 1000) {
    divisor *= 1000;
    ++unit;
  }
  std::uint64_t tenths = (bytes / (divisor / 10) + (bytes % (divisor / 10) * 2 >= divisor / 10 ? 1 : 0));
  if (tenths >= 10'000 && unit + 1 < kUnits.size()) {
    tenths = 10;
    ++unit;
  }
  append_format(out, "{}.{} {}", tenths / 10, tenths % 10, kUnits[unit]);
}

std::string size_text(std::uint64_t bytes) {
  std::string out;
  append_size(out, bytes);
  return out;
}

void append_seconds(std::string& out, std::int64_t ns) {
  const bool negative = ns < 0;
  const std::uint64_t magnitude =
      negative ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  append_format(out, "{}{}.{:06}", negative ? "-" : "", magnitude / 1'000'000'000,
                magnitude % 1'000'000'000 / 1000);
}

void append_name(std::string& out, const event::CodePoint& code, int digits) {
  if (!code.name.empty()) {
    out += code.name;
  } else {
    append_format(out, "0x{:0{}x}", code.value, digits);
  }
}

std::string name_text(const event::CodePoint& code, int digits) {
  std::string out;
  append_name(out, code, digits);
  return out;
}

void append_names(std::string& out, const event::CodePoints& codes, int digits, std::string_view separator) {
  bool first = true;
  for (const event::CodePoint& code : codes) {
    if (!first) out += separator;
    first = false;
    append_name(out, code, digits);
  }
}

void append_hex(std::string& out, ByteView bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  out.reserve(out.size() + 2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

std::string short_hex(ByteView bytes) {
  static constexpr std::size_t kEnds = 4;
  std::string out;
  if (bytes.size() <= 2 * kEnds + 1) {
    append_hex(out, bytes);
    return out;
  }
  append_hex(out, bytes.first(kEnds));
  out += "...";
  append_hex(out, bytes.last(kEnds));
  return out;
}

std::string_view direction_name(Direction direction) {
  return direction == Direction::client ? "client" : "server";
}

std::string_view closed_cause_text(event::ClosedCause cause) {
  using event::ClosedCause;
  switch (cause) {
    case ClosedCause::no_key_given:
      return "no key given";
    case ClosedCause::key_of_other_certificate:
      return "key of another certificate";
    case ClosedCause::ephemeral_key_exchange:
      return "ephemeral key exchange";
    case ClosedCause::tls13_needs_keylog:
      return "ephemeral key exchange of TLS 1.3";
    case ClosedCause::not_in_key_log:
      return "not in the key log";
    case ClosedCause::key_log_incomplete:
      return "key log incomplete";
    case ClosedCause::psk_not_given:
      return "pre-shared key not given";
    case ClosedCause::cut_by_snap_length:
      return "cut by the snap length";
    case ClosedCause::psk_or_other_key_exchange:
      return "key exchange without the server's RSA key";
    case ClosedCause::handshake_not_captured:
      return "handshake not captured";
    case ClosedCause::one_direction_missing:
      return "one direction missing";
    case ClosedCause::bytes_lost:
      return "bytes lost";
    case ClosedCause::resumed_session_unknown:
      return "resumed from an unknown session";
    case ClosedCause::ticket_key_not_given:
      return "ticket key not given";
    case ClosedCause::unknown_cipher_suite:
      return "unknown cipher suite";
    case ClosedCause::unsupported_cipher:
      return "unsupported cipher";
    case ClosedCause::handshake_incomplete:
      return "handshake incomplete";
    case ClosedCause::decryption_failed:
      return "decryption failed";
    case ClosedCause::damaged:
      return "damaged";
    case ClosedCause::malformed:
      return "malformed";
    case ClosedCause::unsupported_compression:
      return "unsupported compression";
    case ClosedCause::limit_reached:
      return "limit reached";
  }
  return "unknown cause";
}

std::string_view tcp_end_text(event::TcpEnd end) {
  using event::TcpEnd;
  switch (end) {
    case TcpEnd::fin:
      return "closed by FIN";
    case TcpEnd::reset:
      return "reset";
    case TcpEnd::idle:
      return "idle for too long";
    case TcpEnd::port_reused:
      return "ports reused by a new connection";
    case TcpEnd::capture_end:
      return "still open at the end of the capture";
  }
  return "unknown end";
}

std::string camel_case(std::string_view snake_case) {
  std::string out;
  bool upper = true;
  for (const char c : snake_case) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return out;
}

void append_packets(std::string& out, PacketRef first, PacketRef last) {
  if (last.number == 0 || last.number == first.number) {
    append_format(out, "packet {}", first.number);
  } else {
    append_format(out, "packets {} to {}", first.number, last.number);
  }
}

}  // namespace tlspeel::output
