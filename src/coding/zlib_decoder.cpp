#include <algorithm>

#include "tlspeel/base/reader.hpp"

#include "coding/decoder.hpp"
#include "coding/inflater.hpp"

namespace tlspeel::coding {
namespace {

// RFC 1952 section 2.2: members follow each other without anything between them.
class Gzip final : public Decoder {
 public:
  Gzip() { inflater_.make(Inflater::kGzip); }

  Step run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (ended_) return Step::ended;
    if (between_members_) {
      if (input.empty()) return Step::more;
      ended_ = Reader(input).u8() != kFirstByte;
      if (ended_) return Step::ended;
      between_members_ = false;
      inflater_.begin_again();
    }
    const Step step = inflater_.run(input, room);
    if (step != Step::ended) return step;
    between_members_ = true;
    return Step::more;
  }
  bool complete() const override { return between_members_; }
  std::string_view reason() const override { return inflater_.reason(); }

 private:
  static constexpr std::uint8_t kFirstByte = 0x1F;  // ID1

  Inflater inflater_;
  bool between_members_ = false;
  bool ended_ = false;
};

// RFC 9110 section 8.4.1.2: the zlib format; "some non-conformant implementations send the deflate compressed
// data without the zlib wrapper". The first two bytes tell.
class Deflate final : public Decoder {
 public:
  Step run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (ended_) return Step::ended;
    if (!inflater_.made()) {
      Reader in(input);
      append(head_, in.bytes(std::min(kHead - head_.size(), in.remaining())));
      input = in.rest();
      if (head_.size() < kHead) return Step::more;
      Reader head(head_);
      inflater_.make(is_zlib(head.u16()) ? Inflater::kZlib : Inflater::kRaw);
      ByteView begin = head_;
      const Step step = inflater_.run(begin, room);
      left_ = begin.size();
      if (step != Step::more) return settle(step);
    }
    if (left_ != 0) {
      ByteView begin = ByteView(head_).last(left_);
      const Step step = inflater_.run(begin, room);
      left_ = begin.size();
      if (step != Step::more || left_ != 0) return settle(step);
    }
    return settle(inflater_.run(input, room));
  }
  bool complete() const override { return ended_; }
  std::string_view reason() const override { return inflater_.reason(); }

 private:
  static constexpr std::size_t kHead = 2;

  // RFC 1950 section 2.2: CM is 8, the window is 32 KiB or less, FCHECK makes it a multiple of 31.
  static bool is_zlib(std::uint16_t head) {
    return (head >> 8U & 0x0FU) == 8 && head >> 12U <= 7 && head % 31 == 0;
  }

  Step settle(Step step) {
    ended_ = step == Step::ended;
    return step;
  }

  Inflater inflater_;
  Bytes head_;
  std::size_t left_ = 0;  // of head_
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_gzip_decoder() {
  return std::make_unique<Gzip>();
}
std::unique_ptr<Decoder> make_deflate_decoder() {
  return std::make_unique<Deflate>();
}

}  // namespace tlspeel::coding
