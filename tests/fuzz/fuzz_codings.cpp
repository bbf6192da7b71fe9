// modules: coding
// One body (first byte: its codings) in pieces of several sizes: the same content, the same answer, never
// more than there is room for.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/coding/content_decoder.hpp"

namespace {

using namespace tlspeel;

constexpr std::array<std::string_view, 8> kCodings = {
    "gzip", "deflate", "br", "zstd", "compress", "gzip, zstd", "deflate, br", "br, compress, gzip"};
constexpr std::uint64_t kMost = 20'000;

struct Decoded {
  Bytes content;
  bool whole = false;
  std::string note;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

Decoded decode(std::string_view codings, ByteView coded, std::size_t piece) {
  const auto decoder = coding::ContentDecoder::make(codings);
  Decoded out;
  Reader in(coded);
  while (!in.empty()) decoder->push(in.bytes(std::min(piece, in.remaining())), out.content, kMost);
  decoder->finish();
  out.whole = decoder->whole();
  out.note = decoder->note();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader in(ByteView(data, size));
  const std::string_view codings = kCodings.at(in.u8() % kCodings.size());
  const ByteView coded = in.rest();
  const Decoded whole = decode(codings, coded, size + 1);
  if (whole.content.size() > kMost || decode(codings, coded, 1) != whole ||
      decode(codings, coded, 13) != whole)
    std::abort();
  return 0;
}
