// Segments as text, and what came out of them as text. One packet a line:
//   [+MS] WHO FLAGS SEQ ACK [PAYLOAD] [miss=N]     "c PA 1 1 hello"     "+1500 s A 1 6"
// WHO: c or s. FLAGS: letters of SAFRP or '.'. SEQ and ACK count from the sender's and the receiver's ISN, so
// 0 is the SYN and 1 the first byte; '-' is no ACK number. PAYLOAD: a word, or xN for N letters. +MS: time
// since the last packet, 1 unless given. "isn WHO N" moves a side's ISN by N. "xR LINE" repeats a line R
// times. '#' starts a comment. Packets count from 1. The log has one line a call: "open", "open middle", "c@4
// 0 hello" (side, packet, offset, bytes), "c gap@9 5+3", "c gap@9 5+3 cut@6" (packet 6 was cut), "c end@7",
// "fin@9".
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/net/segment.hpp"
#include "tlspeel/tcp/connection_table.hpp"

namespace tlspeel::tcp::test {

// Under which numbers and addresses a script is played; the log must not depend on it.
struct Setting {
  std::uint32_t isn_c = 1000;
  std::uint32_t isn_s = 5000;
  bool swapped = false;  // the side called c has the higher address and port, or the lower
  Limits limits = {};
};

// Every script is played in each of these: sequence numbers that wrap inside the first bytes, and both orders
// of the endpoints.
std::vector<Setting> all_settings();

struct Played {
  std::vector<std::string> log;
  std::vector<DirectionStats> stats;  // two for each connection with a sink: c's and s's
  std::vector<ConnectionInfo> infos;
  ConnectionTable::Counters counters;
  std::size_t remembered = 0;  // connections in the table before the capture ended
};

Played play(std::string_view script, const Setting& setting);

Endpoint endpoint_of(char who, const Setting& setting);

// Owns nothing: payload must live until the segment was pushed.
net::Segment segment(char who, const Setting& setting, std::uint8_t flags, std::uint32_t seq,
                     std::uint32_t ack, ByteView payload);

}  // namespace tlspeel::tcp::test
