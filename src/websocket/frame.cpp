#include "frame.hpp"

#include <algorithm>
#include <utility>

namespace tlspeel::websocket {
namespace {

using Names = std::pair<std::uint32_t, std::string_view>;

// IANA: WebSocket Opcode.
constexpr std::array<Names, 6> kOpcodes{{{0x0, "Continuation Frame"},
                                         {0x1, "Text Frame"},
                                         {0x2, "Binary Frame"},
                                         {0x8, "Connection Close Frame"},
                                         {0x9, "Ping Frame"},
                                         {0xA, "Pong Frame"}}};

// IANA: WebSocket Close Code Number.
constexpr std::array<Names, 18> kCloseCodes{{{1000, "Normal Closure"},
                                             {1001, "Going Away"},
                                             {1002, "Protocol error"},
                                             {1003, "Unsupported Data"},
                                             {1004, "Reserved"},
                                             {1005, "No Status Rcvd"},
                                             {1006, "Abnormal Closure"},
                                             {1007, "Invalid frame payload data"},
                                             {1008, "Policy Violation"},
                                             {1009, "Message Too Big"},
                                             {1010, "Mandatory Ext."},
                                             {1011, "Internal Error"},
                                             {1012, "Service Restart"},
                                             {1013, "Try Again Later"},
                                             {1014, "Bad Gateway"},
                                             {1015, "TLS handshake"},
                                             {3000, "Unauthorized"},
                                             {3003, "Forbidden"}}};

template <std::size_t kSize>
event::CodePoint point(const std::array<Names, kSize>& names, std::uint32_t value) {
  const auto* const found = std::ranges::find(names, value, &Names::first);
  return {value, found == names.end() ? std::string_view() : found->second};
}

constexpr bool is_known(Opcode opcode) {
  const auto value = static_cast<std::uint8_t>(opcode);
  return value <= 0x2 || (value >= 0x8 && value <= 0xA);
}

}  // namespace

std::optional<FrameHeader> read_frame_header(Reader& in) {
  constexpr std::uint8_t kLength16 = 126;
  constexpr std::uint8_t kLength64 = 127;
  const std::uint8_t first = in.u8();
  const std::uint8_t second = in.u8();
  FrameHeader header;
  header.final = (first & 0x80U) != 0;
  header.reserved = first >> 4U & 0x7U;
  header.opcode = static_cast<Opcode>(first & 0xFU);
  header.masked = (second & 0x80U) != 0;
  header.length = second & 0x7FU;
  if (header.length == kLength16) {
    header.length = in.u16();
  } else if (header.length == kLength64) {
    header.length = in.u64();
  }
  if (header.masked) header.mask = in.octets<4>();
  if (!in.ok()) return std::nullopt;
  return header;
}

std::string_view fault_of(const FrameHeader& header, Direction from, bool inside, std::uint8_t reserved) {
  constexpr std::uint64_t kMostOfControl = 125;
  if (!is_known(header.opcode)) return "its opcode has no meaning";
  if ((header.reserved & ~reserved) != 0) return "it has reserved bits that no extension gives a meaning";
  if (header.masked != (from == Direction::client))
    return header.masked ? "the server masks it" : "the client does not mask it";
  if (header.length >> 63U != 0) return "its length has the highest bit";
  if (header.is_control()) {
    if (!header.final) return "a control frame is in fragments";
    return header.length > kMostOfControl ? "a control frame is longer than 125 bytes" : "";
  }
  if (inside != (header.opcode == Opcode::continuation))
    return inside ? "a message begins inside of another one" : "it continues no message";
  return "";
}

event::CodePoint opcode_point(Opcode opcode) {
  return point(kOpcodes, static_cast<std::uint32_t>(opcode));
}
event::CodePoint close_code(std::uint16_t value) {
  return point(kCloseCodes, value);
}

}  // namespace tlspeel::websocket
