// The format of compress(1): RFC 9110 section 8.4.1.1 names it, nothing but the program defines it. A header
// of three bytes (1F 9D, and flags: the longest code in bits, 0x80 for tables that can be cleared), then
// codes, lowest bit first. They are 9 bits long in the beginning, and a bit longer each time the table has
// filled what that length can say. They come in groups of eight: where the length changes or the table is
// cleared, the group is filled up with bits that mean nothing.
#include <algorithm>
#include <array>
#include <vector>

#include "tlspeel/base/reader.hpp"

#include "coding/decoder.hpp"

namespace tlspeel::coding {
namespace {

constexpr std::uint16_t kMagic = 0x1F9D;
constexpr std::uint8_t kLongestMask = 0x1F;
constexpr std::uint8_t kReservedMask = 0x60;
constexpr std::uint8_t kCanClear = 0x80;
constexpr unsigned kShortest = 9;
constexpr unsigned kLongest = 16;
constexpr unsigned kGroup = 8;
constexpr std::uint32_t kLiterals = 256;  // codes below are bytes
constexpr std::uint32_t kClear = 256;

class Lzw final : public Decoder {
 public:
  Step run(ByteView& input, std::span<std::uint8_t>& room) override {
    for (;;) {
      give(room);
      if (!string_.empty()) return Step::more;
      if (!reason_.empty()) return Step::damaged;
      Reader in(input);
      const bool taken = has_header_ ? take_bits(in) : take_header(in);
      input = in.rest();
      if (!reason_.empty()) return Step::damaged;
      if (!taken) return Step::more;
    }
  }
  // Nothing marks the end; what is left of the last byte is 0.
  bool complete() const override { return has_header_ && string_.empty() && bit_count_ < 8 && bits_ == 0; }
  std::string_view reason() const override { return reason_; }

 private:
  struct Entry {
    std::uint16_t prefix = 0;
    std::uint8_t last = 0;
  };

  // The string of the last code, which is there in reverse.
  void give(std::span<std::uint8_t>& room) {
    const std::size_t count = std::min(room.size(), string_.size());
    std::copy_n(string_.rbegin(), count, room.begin());
    string_.resize(string_.size() - count);
    room = room.subspan(count);
  }

  // Of codes that stay at 9 bits each program has its own notion, so that they are not decoded. False: there
  // is not enough input.
  bool take_header(Reader& in) {
    while (head_.size() < 3) {
      if (in.empty()) return false;
      head_.push_back(in.u8());
    }
    Reader head(head_);
    const std::uint16_t magic = head.u16();
    const std::uint8_t flags = head.u8();
    longest_ = flags & kLongestMask;
    if (magic != kMagic) {
      reason_ = "incorrect header";
    } else if (longest_ <= kShortest || longest_ > kLongest || (flags & kReservedMask) != 0) {
      reason_ = "its flags are unknown";
    } else {
      can_clear_ = (flags & kCanClear) != 0;
      entries_.reserve(std::size_t{1} << longest_);
      begin_table();
      has_header_ = true;
    }
    return true;
  }

  void begin_table() {
    entries_.assign(can_clear_ ? kClear + 1 : kLiterals, Entry{});
    width_ = kShortest;
    has_previous_ = false;
  }

  // One byte, and the code that it completes.
  bool take_bits(Reader& in) {
    if (bit_count_ < width_) {
      if (in.empty()) return false;
      bits_ |= std::uint32_t{in.u8()} << bit_count_;
      bit_count_ += 8;
      if (fill_ != 0) drop_fill();
      if (bit_count_ < width_) return true;
    }
    if (fill_ != 0) return true;
    const std::uint32_t code = bits_ & ((1U << width_) - 1);
    bits_ >>= width_;
    bit_count_ -= width_;
    in_group_ = (in_group_ + 1) % kGroup;
    take_code(code);
    return true;
  }

  void drop_fill() {
    const unsigned count = std::min(fill_, bit_count_);
    bits_ >>= count;
    bit_count_ -= count;
    fill_ -= count;
  }

  // The rest of a group of codes of the old length means nothing.
  void skip_group() {
    fill_ = in_group_ == 0 ? 0 : (kGroup - in_group_) * width_;
    in_group_ = 0;
    drop_fill();
  }

  void take_code(std::uint32_t code) {
    if (can_clear_ && code == kClear) {
      skip_group();
      return begin_table();
    }
    if (has_previous_ ? code > entries_.size() : code >= kLiterals) {
      reason_ = "a code that means nothing yet";
      return;
    }
    // A code that is only being made is the last string with its own first byte behind it.
    const bool being_made = code == entries_.size() && has_previous_;
    spell(being_made ? previous_ : code);
    const std::uint8_t first = string_.back();
    if (being_made) string_.insert(string_.begin(), first);
    if (has_previous_ && entries_.size() < std::size_t{1} << longest_) {
      entries_.push_back({static_cast<std::uint16_t>(previous_), first});
      if (entries_.size() == std::size_t{1} << width_ && width_ < longest_) {
        skip_group();
        ++width_;
      }
    }
    previous_ = code;
    has_previous_ = true;
  }

  // Each prefix is older than what it is part of, so that this ends.
  void spell(std::uint32_t code) {
    for (; code >= kLiterals; code = entries_[code].prefix) string_.push_back(entries_[code].last);
    string_.push_back(static_cast<std::uint8_t>(code));
  }

  Bytes head_;
  bool has_header_ = false;
  bool can_clear_ = false;
  unsigned longest_ = kLongest;

  std::uint32_t bits_ = 0;
  unsigned bit_count_ = 0;  // in bits_
  unsigned width_ = kShortest;
  unsigned in_group_ = 0;  // codes
  unsigned fill_ = 0;      // bits to skip

  std::vector<Entry> entries_;  // by code; bytes stand for themselves
  std::uint32_t previous_ = 0;
  bool has_previous_ = false;
  Bytes string_;
  std::string_view reason_;
};

}  // namespace

std::unique_ptr<Decoder> make_lzw_decoder() {
  return std::make_unique<Lzw>();
}

}  // namespace tlspeel::coding
