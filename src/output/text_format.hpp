// The small words of the text output: sizes, counts, times, code points, hex. All append to a string; none
// allocates for itself.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::output {

template <class... Args>
void append_format(std::string& out, fmt::format_string<Args...> format, Args&&... args) {
  fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
}

void append_count(std::string& out, std::uint64_t n);                           // "1,234,567"
void append_counted(std::string& out, std::uint64_t n, std::string_view noun);  // "1 record", "2 records"
void append_size(std::string& out,
                 std::uint64_t bytes);  // "1 byte", "9,999 bytes", "12.3 kB", "1.2 MB": decimal units
std::string size_text(std::uint64_t bytes);

// "0.000912", "-0.000001", "86400.000000": seconds with microseconds, rounded down.
void append_seconds(std::string& out, std::int64_t ns);

// "packet 4", "packets 4 to 7".
void append_packets(std::string& out, PacketRef first, PacketRef last);

// The registry's name, or the value as hex of at least `digits` digits where it has none.
void append_name(std::string& out, const event::CodePoint& code, int digits);
std::string name_text(const event::CodePoint& code, int digits);
// Names with a separator between them.
void append_names(std::string& out, const event::CodePoints& codes, int digits,
                  std::string_view separator = ", ");

void append_hex(std::string& out, ByteView bytes);
// The first and last four bytes: "5f3a21b0...0c9d11fe"; whole where that is not longer.
std::string short_hex(ByteView bytes);

std::string_view direction_name(Direction direction);          // "client", "server"
std::string_view closed_cause_text(event::ClosedCause cause);  // "ephemeral key exchange"
std::string_view tcp_end_text(event::TcpEnd end);

// "server_key_exchange" to "ServerKeyExchange".
std::string camel_case(std::string_view snake_case);

}  // namespace tlspeel::output
