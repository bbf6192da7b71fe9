// One WebSocket message or control frame (RFC 6455) as a plain value, emitted when it is complete or when
// nothing more of it can come. Text is what the peer sent: not yet safe for a terminal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/hole.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::event {

struct WebSocketMessage {
  Direction direction = Direction::client;
  std::uint32_t exchange = 0;  // of the request that opened the WebSocket
  std::uint32_t stream = 0;    // HTTP/2 (RFC 8441): the stream that it is in; 0: none
  CodePoint opcode;            // IANA: WebSocket Opcode; of a message that of its first frame
  std::uint64_t frames = 1;
  std::uint64_t size = 0;     // bytes of payload seen, unmasked, as they were sent
  std::uint64_t missing = 0;  // bytes of payload that were not captured
  bool complete = true;       // false: cut by a hole, by the end of the connection or of the capture
  bool compressed = false;    // permessage-deflate (RFC 7692)
  bool text = false;          // shown is text: by its opcode, or by a look
  Bytes shown;                // the first max_body bytes of it, decompressed
  std::optional<std::uint64_t> decoded_size;  // bytes without compression, where all of it was undone
  std::optional<CodePoint> close_code;        // Close: IANA: WebSocket Close Code Number; shown is its reason
  std::string note;             // what was odd about it, or kept it from being decompressed; mostly empty
  std::vector<HoleAt> holes{};  // ascending; positions in the bytes of payload seen
  PacketRef first;              // packet of its first byte
  PacketRef last;               // packet of its last byte
};

}  // namespace tlspeel::event
