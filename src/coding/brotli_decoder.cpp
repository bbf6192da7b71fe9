#include <algorithm>

#include <brotli/decode.h>

#include "coding/decoder.hpp"

namespace tlspeel::coding {
namespace {

class Brotli final : public Decoder {
 public:
  Brotli() : state_(::BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
  ~Brotli() override { ::BrotliDecoderDestroyInstance(state_); }
  Brotli(const Brotli&) = delete;
  Brotli& operator=(const Brotli&) = delete;

  Step run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (state_ == nullptr) return Step::damaged;
    if (ended_) return Step::ended;
    for (;;) {
      // On an error the library keeps back what it decoded since it was last out of input, so it is given
      // single bytes, and none before it has written what it holds: all that comes before damage is there,
      // and always the same.
      std::size_t left = holds_output_ ? 0 : std::min<std::size_t>(input.size(), 1);
      const std::size_t given = left;
      const std::uint8_t* from = input.data();
      std::size_t free = room.size();
      std::uint8_t* to = room.data();
      const BrotliDecoderResult result =
          ::BrotliDecoderDecompressStream(state_, &left, &from, &free, &to, nullptr);
      const bool wrote = free != room.size();
      input = input.subspan(given - left);
      room = room.last(free);
      if (result == BROTLI_DECODER_RESULT_ERROR) return Step::damaged;
      holds_output_ = (given != 0 || wrote) && ::BrotliDecoderHasMoreOutput(state_) == BROTLI_TRUE;
      ended_ = result == BROTLI_DECODER_RESULT_SUCCESS;
      if (ended_) return Step::ended;
      if (room.empty() || (input.empty() && !holds_output_)) return Step::more;
    }
  }
  bool complete() const override { return ended_; }
  std::string_view reason() const override {
    if (state_ == nullptr) return "there is no memory for it";
    return ::BrotliDecoderErrorString(::BrotliDecoderGetErrorCode(state_));
  }

 private:
  BrotliDecoderState* state_;
  bool holds_output_ = false;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_brotli_decoder() {
  return std::make_unique<Brotli>();
}

}  // namespace tlspeel::coding
