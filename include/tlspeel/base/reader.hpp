// The one cursor over untrusted bytes, big-endian (network order) unless a name says le.
// Failure is sticky: after the first short read every read gives zeros or empty views and ok() is false, so a
// parser reads all fields in the order in which the standard lists them and decides once, with finish(),
// which also rejects trailing bytes. Borrows its buffer; views it returns live as long as that buffer. Not
// thread safe; cheap to copy (a copy is a look-ahead).
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel {

class Reader {
 public:
  explicit Reader(ByteView data, std::size_t base_offset = 0) : data_(data), base_(base_offset) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number<1>()); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number<2>()); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(number<3>()); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number<4>()); }
  std::uint64_t u64() { return number<8>(); }
  std::uint16_t u16le() { return static_cast<std::uint16_t>(number_le<2>()); }
  std::uint32_t u32le() { return static_cast<std::uint32_t>(number_le<4>()); }

  // Exactly n bytes, or an empty view and failure. In the header because every byte of a capture goes through
  // it.
  ByteView bytes(std::size_t n) {
    if (failed_ || n > data_.size() - pos_) {
      fail("field runs past the end");
      return {};
    }
    const ByteView view = data_.subspan(pos_, n);
    pos_ += n;
    return view;
  }
  ByteView rest() { return bytes(remaining()); }
  void skip(std::size_t n) { (void)bytes(n); }

  // A header of fixed size at once, for those that every packet has: number_at() takes its fields. Zeros and
  // failure where it is not there.
  template <std::size_t kSize>
  std::array<std::uint8_t, kSize> octets() {
    std::array<std::uint8_t, kSize> out{};
    const ByteView view = bytes(kSize);
    if (!view.empty()) std::memcpy(out.data(), view.data(), kSize);
    return out;
  }

  // opaque x<0..2^8-1>, <0..2^16-1>, <0..2^24-1>: RFC 8446 section 3.4.
  ByteView vector8() { return bytes(u8()); }
  ByteView vector16() { return bytes(u16()); }
  ByteView vector24() { return bytes(u24()); }

  // A reader of exactly the next n bytes (or of a length-prefixed vector); it starts failed when those are
  // not there.
  Reader sub(std::size_t n);
  Reader sub8() { return sub(u8()); }
  Reader sub16() { return sub(u16()); }
  Reader sub24() { return sub(u24()); }

  std::size_t remaining() const { return failed_ ? 0 : data_.size() - pos_; }
  bool empty() const { return remaining() == 0; }
  bool ok() const { return !failed_; }
  std::size_t offset() const { return base_ + pos_; }
  const ParseError& error() const { return error_; }

  // Marks the input as malformed; the first failure is the one that is kept. `what` must be static text.
  void fail(const char* what);
  void fail(const ParseError& error);
  // A sub-reader's or nested parser's failure becomes this reader's.
  void absorb(const Reader& nested);

  // The one check at the end: everything was there and nothing is left over.
  template <class T>
  ParseResult<T> finish(T value) {
    expect_end();
    return finish_partial(std::move(value));
  }
  // The same where trailing bytes are somebody else's.
  template <class T>
  ParseResult<T> finish_partial(T value) {
    if (failed_) return tl::unexpected<ParseError>(error_);
    return value;
  }
  void expect_end() {
    if (remaining() != 0) fail("trailing bytes");
  }

 private:
  // The size is known where it is read: a compiler makes one load of it.
  template <std::size_t kSize>
  std::uint64_t number();
  template <std::size_t kSize>
  std::uint64_t number_le();

  ByteView data_;
  std::size_t base_ = 0;
  std::size_t pos_ = 0;
  bool failed_ = false;
  ParseError error_;
};

// The number of kSize bytes at kOffset. Said in terms that compile to one load: gathered byte by byte these
// were a tenth of what a packet costs.
template <std::size_t kSize, std::size_t kOffset, std::endian kOrder, std::size_t kAll>
std::uint64_t number_in_order(const std::array<std::uint8_t, kAll>& octets) {
  static_assert(kSize <= 8 && kOffset + kSize <= kAll);
  std::uint64_t value = 0;
  std::memcpy(&value, octets.data() + kOffset, kSize);
  if constexpr (kOrder != std::endian::native) value = __builtin_bswap64(value);
  // The bytes came to stand at the front, which is the high end of a big-endian number.
  return kOrder == std::endian::big ? value >> (64 - 8 * kSize) : value;
}

// Big-endian.
template <std::size_t kSize, std::size_t kOffset = 0, std::size_t kAll>
std::uint64_t number_at(const std::array<std::uint8_t, kAll>& octets) {
  return number_in_order<kSize, kOffset, std::endian::big>(octets);
}
template <std::size_t kSize, std::size_t kOffset = 0, std::size_t kAll>
std::uint64_t number_at_le(const std::array<std::uint8_t, kAll>& octets) {
  return number_in_order<kSize, kOffset, std::endian::little>(octets);
}

template <std::size_t kSize>
std::uint64_t Reader::number() {
  return number_at<kSize>(octets<kSize>());
}
template <std::size_t kSize>
std::uint64_t Reader::number_le() {
  return number_at_le<kSize>(octets<kSize>());
}

}  // namespace tlspeel
