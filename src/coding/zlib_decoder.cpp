#include <algorithm>
#include <limits>

#include <zlib.h>

#include "tlspeel/base/reader.hpp"

#include "coding/decoder.hpp"

namespace tlspeel::coding {
namespace {

// zlib counts in unsigned int.
unsigned int limited(std::size_t size) {
  return static_cast<unsigned int>(std::min<std::size_t>(size, std::numeric_limits<unsigned int>::max()));
}

class Inflater {
 public:
  // How zlib names the formats: the size of the window, and what is around it.
  enum Format : int { kRaw = -15, kZlib = 15, kGzip = 15 + 16 };

  Inflater() = default;
  ~Inflater() {
    if (made_) ::inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool made() const { return made_; }
  void make(Format format) { made_ = ::inflateInit2(&stream_, format) == Z_OK; }
  void begin_again() { ::inflateReset(&stream_); }

  Step run(ByteView& input, std::span<std::uint8_t>& room) {
    const unsigned int given = limited(input.size());
    const unsigned int free = limited(room.size());
    if (!made_) return Step::damaged;
    stream_.next_in = const_cast<Bytef*>(input.data());  // NOLINT(*-const-cast): zlib leaves it alone
    stream_.avail_in = given;
    stream_.next_out = room.data();
    stream_.avail_out = free;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    input = input.subspan(given - stream_.avail_in);
    room = room.subspan(free - stream_.avail_out);
    if (result == Z_STREAM_END) return Step::ended;
    return result == Z_OK || result == Z_BUF_ERROR ? Step::more : Step::damaged;
  }

  std::string_view reason() const {
    if (!made_) return "there is no memory for it";
    return stream_.msg == nullptr ? "it needs a dictionary" : stream_.msg;
  }

 private:
  z_stream stream_{};
  bool made_ = false;
};

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
