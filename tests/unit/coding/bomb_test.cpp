// Bombs of each coding: they stop where there is no room, which costs little, and where all is wanted, they
// stop at the cap.
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "vectors.hpp"

namespace tlspeel::coding {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kCap = 64 * kMiB;

Bytes gzip_of(ByteView plain) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes out(deflateBound(&stream, plain.size()));
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

Bytes zstd_of(ByteView plain) {
  Bytes out(ZSTD_compressBound(plain.size()));
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 1));
  return out;
}

// Members and frames follow each other: one megabyte many times.
Bytes many(const Bytes& one, std::size_t count) {
  Bytes out;
  for (std::size_t i = 0; i < count; ++i) append(out, one);
  return out;
}

// ncompress on zeros: codes 0, 257, 258, ..., each one longer by a byte, and a cleared table when it is full.
Bytes lzw_of_zeros(std::size_t rounds) {
  Bytes out = {0x1F, 0x9D, 0x90};
  std::uint32_t bits = 0;
  unsigned count = 0;
  unsigned in_group = 0;
  const auto put = [&](std::uint32_t code, unsigned width) {
    bits |= code << count;
    for (count += width; count >= 8; count -= 8, bits >>= 8U) out.push_back(static_cast<std::uint8_t>(bits));
    in_group = (in_group + 1) % 8;
  };
  const auto fill = [&](unsigned width) {
    while (in_group != 0) put(0, width);
  };
  for (std::size_t round = 0; round < rounds; ++round) {
    unsigned width = 9;
    put(0, width);
    for (std::uint32_t code = 257; code < 65536; ++code) {
      put(code, width);
      if (code + 1 == 1U << width && width < 16) {
        fill(width);
        ++width;
      }
    }
    put(256, width);
    fill(width);
  }
  return out;
}

struct Bomb {
  std::string codings;
  Bytes coded;
};

// Of brotli 256 MiB of 203 bytes; of the others more than a gigabyte.
std::vector<Bomb> bombs() {
  const Bytes zeros(kMiB);
  std::vector<Bomb> out;
  out.push_back({"gzip", many(gzip_of(zeros), 1024)});
  out.push_back({"zstd", many(zstd_of(zeros), 1024)});
  out.push_back({"compress", lzw_of_zeros(2)});
  out.push_back({"br", test::vector_file("zeros.bomb.br")});
  out.push_back({"gzip, gzip", gzip_of(out.front().coded)});
  return out;
}

TEST(Bomb, CostsNoMoreThanWhatIsShown) {
  for (const Bomb& bomb : bombs()) {
    const test::Decoded out = test::decode(bomb.codings, bomb.coded, 16'384, 65'536);
    EXPECT_EQ(out.content.size(), 65'536U) << bomb.codings;
    EXPECT_FALSE(out.whole);
    EXPECT_EQ(out.note, "");
  }
}

TEST(Bomb, StopsAtTheCap) {
  for (const Bomb& bomb : bombs()) {
    const test::Decoded out = test::decode(bomb.codings, bomb.coded);
    EXPECT_GE(out.content.size(), kCap - 8192) << bomb.codings;
    EXPECT_LE(out.content.size(), kCap + 8192) << bomb.codings;
    EXPECT_FALSE(out.whole);
    EXPECT_TRUE(out.note.starts_with("not decoded further: ")) << out.note;
  }
}

class Counting final : public ContentDecoder::Taker {
 public:
  bool take(ByteView decoded) override {
    bytes += decoded.size();
    return true;
  }
  std::uint64_t bytes = 0;
};

// Handed on, where nothing is kept: what several codings make of each other counts as one.
TEST(Bomb, StopsAtTheRatioOfAllCodings) {
  constexpr std::uint64_t kFree = 65'536;
  for (const Bomb& bomb : bombs()) {
    const auto decoder = ContentDecoder::make(bomb.codings, kFree);
    Counting taker;
    decoder->push(bomb.coded, taker);
    EXPECT_FALSE(decoder->going());
    EXPECT_LE(taker.bytes, kFree + 256 * bomb.coded.size() + 8192) << bomb.codings;
    EXPECT_GE(taker.bytes, kFree - 8192) << bomb.codings;
    EXPECT_TRUE(decoder->note().starts_with("not decoded further: ")) << decoder->note();
  }
}

// Inside of one coding there may be much that makes nothing: empty members.
TEST(Bomb, StopsWhereNothingComesOfIt) {
  const Bytes outer = gzip_of(many(gzip_of({}), 4 * kMiB));
  const test::Decoded out = test::decode("gzip, gzip", outer);
  EXPECT_TRUE(out.content.empty());
  EXPECT_EQ(out.note, "not decoded further: gzip makes more than 256 times as much of it");
}

// What is long and not a bomb goes on.
TEST(Bomb, LongContentIsNone) {
  Bytes plain(kCap + 2 * kMiB);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    state = state * 1664525 + 1013904223;
    plain[i] = i % 64 == 0 ? static_cast<std::uint8_t>(state >> 24U) : 'x';
  }
  const test::Decoded out = test::decode("zstd", zstd_of(plain), 16'384);
  EXPECT_TRUE(out.whole) << out.note;
  EXPECT_TRUE(out.content == plain);
}

}  // namespace
}  // namespace tlspeel::coding
