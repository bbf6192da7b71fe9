#include <algorithm>

#include <zstd.h>

#include "coding/decoder.hpp"

namespace tlspeel::coding {
namespace {

// RFC 9659: as a content coding its window is not larger than 8 MiB.
constexpr int kWindowLog = 23;

class Zstd final : public Decoder {
 public:
  Zstd() : stream_(::ZSTD_createDStream()) {
    if (stream_ == nullptr) return;
    (void)::ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
    hint_ = ::ZSTD_initDStream(stream_);
  }
  ~Zstd() override { ::ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  Step run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (stream_ == nullptr) return Step::damaged;
    for (;;) {
      // What it could not write comes first: on an error it does not say what it wrote in the same call. For
      // the same reason it is given one block at a time and no header behind it.
      const std::size_t most = hint_ > kBlockHeader ? hint_ - kBlockHeader : 1;
      const ByteView piece = holds_output_ ? ByteView() : input.first(std::min(input.size(), most));
      if (piece.empty() && !holds_output_) return Step::more;
      ZSTD_inBuffer in{piece.data(), piece.size(), 0};
      ZSTD_outBuffer out{room.data(), room.size(), 0};
      const std::size_t result = ::ZSTD_decompressStream(stream_, &out, &in);
      input = input.subspan(in.pos);
      room = room.subspan(out.pos);
      if (::ZSTD_isError(result) != 0) {
        reason_ = ::ZSTD_getErrorName(result);
        return Step::damaged;
      }
      // Frames follow each other (RFC 8878 section 3).
      complete_ = result == 0;
      hint_ = complete_ ? kFirstHint : result;
      holds_output_ = room.empty() && !complete_;
      if (room.empty()) return Step::more;
    }
  }
  bool complete() const override { return complete_; }
  std::string_view reason() const override {
    return stream_ == nullptr ? "there is no memory for it" : reason_;
  }

 private:
  static constexpr std::size_t kFirstHint = 5;  // the least of a frame that tells how long its header is

  static constexpr std::size_t kBlockHeader = 3;

  ZSTD_DStream* stream_;
  std::size_t hint_ = kFirstHint;
  bool holds_output_ = false;  // or may
  bool complete_ = false;
  std::string_view reason_;
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder() {
  return std::make_unique<Zstd>();
}

}  // namespace tlspeel::coding
