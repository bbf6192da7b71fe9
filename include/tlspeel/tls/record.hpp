// TLS records (RFC 8446 section 5.1, RFC 5246 section 6.2, RFC 6101 section 5.2): cuts one direction's byte
// stream into records. push() borrows the bytes; call next() until it says need_more before the next push
// (what is left is then copied). Record::fragment lives until the following next() or push(). A malformed
// header is final: the stream has lost its framing. Buffers at most one record. Not thread safe.
#pragma once

#include <cstdint>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel {
class Reader;
}  // namespace tlspeel

namespace tlspeel::tls {

class SpareBuffers;

// IANA "TLS ContentType".
enum ContentType : std::uint8_t {
  kChangeCipherSpec = 20,
  kAlert = 21,
  kHandshake = 22,
  kApplicationData = 23,
  kHeartbeat = 24,
};

enum Version : std::uint16_t {
  kSsl2 = 0x0002,
  kSsl3 = 0x0300,
  kTls10 = 0x0301,
  kTls11 = 0x0302,
  kTls12 = 0x0303,
  kTls13 = 0x0304,
};

constexpr std::size_t kRecordHeaderSize = 5;
// RFC 5246 section 6.2.3: TLSCiphertext.length MUST NOT exceed 2^14 + 2048; RFC 6101 allows SSL 3.0 the same.
constexpr std::size_t kMaxCiphertext = (1U << 14) + 2048;

struct RecordHeader {
  std::uint8_t type = 0;
  std::uint16_t version = 0;
  std::uint16_t length = 0;

  friend bool operator==(const RecordHeader&, const RecordHeader&) = default;
};

// The next kRecordHeaderSize bytes.
RecordHeader read_record_header(Reader& in);

// A header that a TLS sender could have written. content types beyond heartbeat (DTLS only) do not count.
bool plausible(const RecordHeader& header);

struct Record {
  RecordHeader header;
  ByteView fragment;
  PacketRef at;              // packet that completed the record
  std::uint64_t offset = 0;  // of its header in the stream
  bool sslv2_hello = false;  // fragment is an SSLv2-compatible ClientHello, from msg_type on
};

class RecordFramer {
 public:
  enum class Outcome : std::uint8_t { record, need_more, malformed };

  // Where buffers come from and go to; outlives this. Without it they are made and freed.
  void share(SpareBuffers& spare) { spare_ = &spare; }

  // RFC 5246 appendix E.2: only the first message of a client may be an SSLv2-compatible ClientHello.
  void expect_sslv2_hello() { sslv2_possible_ = true; }

  void push(ByteView bytes, PacketRef at);
  Outcome next(Record& out);

  // The stream has a hole behind what was pushed: what is held is given up.
  struct Torn {
    std::uint64_t offset = 0;            // of the record that the hole is in
    std::size_t captured = 0;            // bytes of it that are given up, header included
    std::optional<RecordHeader> header;  // where it was captured
  };
  Torn tear();
  // The next push() brings a record's header, which stands at this offset.
  void restart(std::uint64_t offset);

  const ParseError& error() const { return error_; }
  // Stream bytes that are neither in a complete record nor skipped.
  std::size_t buffered() const { return pending_.size() + chunk_.size(); }
  // Of the bytes that push() brought, those behind the record that next() gave.
  std::size_t behind_record() const { return chunk_.size(); }
  std::uint64_t offset() const { return offset_; }
  // Memory that it holds on to: none between records, for connections are many and mostly idle.
  std::size_t memory() const { return pending_.capacity(); }

 private:
  Outcome next_in_chunk(Record& out);
  Outcome next_in_pending(Record& out);
  bool fill_pending(std::size_t size);
  void stash();
  void reserve_pending(std::size_t size);
  void give_back_pending();
  // Size of the whole record including its header, or 0 for malformed; header must be there.
  std::size_t read_header(ByteView start, Record& out);

  SpareBuffers* spare_ = nullptr;
  Bytes pending_;   // the start of a record whose end has not arrived
  ByteView chunk_;  // what push() gave and next() has not consumed
  PacketRef at_;
  std::uint64_t offset_ = 0;
  bool pending_delivered_ = false;
  bool sslv2_possible_ = false;
  bool broken_ = false;
  ParseError error_;
};

}  // namespace tlspeel::tls
