// Undoes record compression (RFC 3749): one DEFLATE stream (RFC 1950) for each direction from
// ChangeCipherSpec on; its history goes on from record to record. inflate() gives the content of one record,
// at most 2^14 bytes (RFC 5246 section 6.2.2: more is an error), which lives until the next call. After an
// error the stream is lost, and every further call fails. Not thread safe.
#pragma once

#include <memory>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel::tls {

class RecordInflater {
 public:
  RecordInflater();
  ~RecordInflater();
  RecordInflater(RecordInflater&&) noexcept;

  ParseResult<ByteView> inflate(ByteView compressed);
  // A record is missing: all that follow refer to it (RFC 3749 section 2: one stream over all records).
  void lose();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::tls
