// The key stream of a stream cipher (RC4), by position: it goes on over all records of a direction, so that a
// record behind a hole needs to know how many bytes of it went by, and finds that out by trying. Keeps what
// was made beyond the next record while positions are tried, at most kMost bytes of it. Not thread safe;
// throws crypto::CryptoError.
#pragma once

#include <cstdint>
#include <span>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/crypto/ciphers.hpp"

namespace tlspeel::tls {

class KeyStream {
 public:
  KeyStream(crypto::BulkId id, ByteView key) : cipher_(id, key) {}
  ~KeyStream() { cleanse(ahead_); }
  KeyStream(const KeyStream&) = delete;
  KeyStream& operator=(const KeyStream&) = delete;

  // The next in.size() bytes; out has as many.
  void process(ByteView in, std::span<std::uint8_t> out);

  // The same as if `skipped` bytes had gone by before; nothing changes until move(). False: too far away.
  bool peek(std::uint64_t skipped, ByteView in, std::span<std::uint8_t> out);
  // These bytes have gone by.
  void move(std::uint64_t bytes);

 private:
  // Positions are tried from far to near and back within what headers of lost records make up: 5 bytes each,
  // of RecordCounts::kMost records, and one record.
  static constexpr std::size_t kMost = std::size_t{128} << 10;
  // Making key stream costs as much as decrypting: a hole of a gigabyte, which one forged acknowledgement can
  // claim, must not cost seconds.
  // Of all holes together: otherwise a capture of many would cost more with each.
  static constexpr std::uint64_t kFarthest = std::uint64_t{64} << 20;

  void advance(std::uint64_t bytes);
  void make_until(std::uint64_t position);
  void drop_before(std::uint64_t position);

  crypto::StreamCipher cipher_;
  std::uint64_t position_ = 0;      // of the next byte of the next record
  std::uint64_t begin_ = 0;         // of ahead_'s first byte; where it ends is where the cipher stands
  std::uint64_t left_ = kFarthest;  // that may yet be skipped
  Bytes ahead_;
};

}  // namespace tlspeel::tls
