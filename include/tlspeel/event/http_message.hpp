// One HTTP message (RFC 9110, RFC 9112) as a plain value, emitted when it is complete or when nothing more
// can come. Text is what the peer sent: not yet safe for a terminal, any charset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/content_kind.hpp"
#include "tlspeel/event/hole.hpp"

namespace tlspeel::event {

struct BodyParts;  // event/body_parts.hpp

struct HttpField {
  std::string name;
  std::string value;
};
using HttpFields = std::vector<HttpField>;

enum class BodyFraming : std::uint8_t {
  none,
  content_length,
  chunked,
  until_close,
  data_frames,  // HTTP/2: DATA until END_STREAM
};

// A message in a body of gRPC, by its prefix.
struct GrpcMessage {
  std::uint32_t length = 0;  // bytes, as stated
  bool compressed = false;
};
// What became of a body that was handed on in pieces (BodyPiece).
struct BodyHandedOn {
  // Bytes of all its pieces, and of the holes between them where their length is known.
  std::uint64_t size = 0;
  bool decoded = false;  // the pieces are what its codings hold; false with codings: they are as they came
  bool complete = true;  // false: bytes are missing, or its codings were not undone up to its end
  std::string note;      // what ended it early, or is odd: "gzip is damaged: ..."; mostly empty
};

// Of one body more than these are counted only: a stream may last for days.
inline constexpr std::size_t kMaxGrpcMessages = 256;

struct HttpBody {
  BodyFraming framing = BodyFraming::none;
  std::uint64_t size = 0;     // bytes of content seen, without chunk framing
  std::uint64_t missing = 0;  // bytes of content that were not captured or did not arrive
  bool complete = true;       // false: cut by a hole, by the end of the connection or of the capture
  Bytes shown;                // the first max_body bytes of the content; empty where it is neither text nor
                              // in parts
  bool decoded = false;       // shown is what the codings hold, as far as they were undone
  bool text = false;          // by content-type, or by a look at the first bytes (no type, or text/plain)
  std::string media_type;     // lower case without parameters: "text/html"; empty: not stated
  std::string coding;         // content-encoding as stated: "gzip"; empty: identity
  std::optional<std::uint64_t> decoded_size;  // bytes of the content without codings, where all were undone
  std::string coding_note;      // what kept codings from being undone: "gzip is damaged: ..."; usually empty
  std::vector<HoleAt> holes{};  // ascending; positions in the bytes of content seen
  std::vector<GrpcMessage> grpc_messages{};  // the first of them; empty where it is not gRPC
  std::uint64_t further_grpc_messages = 0;
  std::shared_ptr<const BodyHandedOn> handed_on{};  // null: nobody asked for its pieces, or it had none
  std::string charset{};                     // lower case, as Content-Type states it; empty: not stated
  ContentKind found{};                       // of what is not text, where the bytes tell
  std::shared_ptr<const BodyParts> parts{};  // of a multipart body; null: it is none
};

struct HttpMessage {
  Direction direction = Direction::client;
  bool request = true;
  std::string method;   // request
  std::string target;   // request
  std::string version;  // "HTTP/1.1"
  unsigned status = 0;  // response
  std::string reason;   // response
  HttpFields fields;
  HttpFields trailers;
  HttpBody body;
  std::uint32_t exchange =
      0;                 // request and responses of one exchange share it; counts from 1 in each connection
  bool interim = false;  // 1xx response: another response of this exchange follows
  std::uint32_t stream = 0;  // HTTP/2: the stream it came in; 0: none
  std::string note;          // what was odd about it ("response without a captured request"); usually empty
  PacketRef first;           // packet of its first byte
  PacketRef last;            // packet of its last byte
};

// Content of a body, as it arrives and before the HttpMessage that it belongs to: every byte, also of what is
// not text; only where somebody asked for it (--save-bodies, --har). Without codings where they could be
// undone. offset counts what the pieces hold; where a hole's length is known the next piece begins behind it.
struct BodyPiece {
  Direction direction = Direction::client;
  std::uint32_t exchange = 0;  // as its HttpMessage says
  std::uint64_t offset = 0;
  Bytes data;
};

// Of this exchange nothing will be shown: what was kept of it can go (ChosenOnly). exchange 0: of the whole
// connection up to here.
struct LeftOut {
  std::uint32_t exchange = 0;
};

}  // namespace tlspeel::event
