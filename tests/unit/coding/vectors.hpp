// The vectors of testdata/vectors/codings, and a decoder that is pushed pieces of one size.
#pragma once

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <ostream>
#include <string>

#include "tlspeel/coding/content_decoder.hpp"

namespace tlspeel::coding::test {

constexpr std::uint64_t kAll = std::numeric_limits<std::uint64_t>::max();

inline Bytes vector_file(const std::string& name) {
  std::ifstream file(TLSPEEL_TESTDATA "/vectors/codings/" + name, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return to_bytes(as_bytes(text));
}

struct Decoded {
  Bytes content;
  bool whole = false;
  std::string note;
  friend bool operator==(const Decoded&, const Decoded&) = default;
};

inline Decoded decode(std::string_view codings, ByteView coded, std::size_t piece = 1'000'000,
                      std::uint64_t most = kAll) {
  const auto decoder = ContentDecoder::make(codings);
  Decoded out;
  for (ByteView left = coded; !left.empty() && decoder->going();) {
    const std::size_t size = std::min(piece, left.size());
    decoder->push(left.first(size), out.content, most);
    left = left.subspan(size);
  }
  decoder->finish();
  out.whole = decoder->whole();
  out.note = decoder->note();
  return out;
}

inline void PrintTo(const Decoded& d, std::ostream* out) {
  *out << d.content.size() << " bytes" << (d.whole ? ", whole, \"" : ", \"") << d.note << '"';
}

struct Vector {
  std::string file;
  std::string codings;
  friend void PrintTo(const Vector& v, std::ostream* out) { *out << v.file; }
};

inline const Vector kVectors[] = {
    {"one.gz", "gzip"},         {"members.gz", "x-gzip"}, {"wrapped.deflate", "deflate"},
    {"raw.deflate", "deflate"}, {"best.br", "br"},        {"fast.br", "br"},
    {"checked.zst", "zstd"},    {"frames.zst", "zstd"},   {"bits10.Z", "compress"},
    {"bits12.Z", "x-compress"}, {"bits16.Z", "compress"}, {"stacked.gz.br", "gzip, br"}};

}  // namespace tlspeel::coding::test
