#include "http/chunked.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

using Outcome = ChunkedDecoder::Outcome;

struct Decoded {
  std::string content;
  std::string rest;
  Outcome last = Outcome::need_more;
};

Decoded decode(std::string_view input, std::size_t piece) {
  ChunkedDecoder decoder;
  Decoded result;
  for (std::size_t i = 0; i < input.size(); i += piece) {
    Reader in(as_bytes(input.substr(i, piece)));
    while (!in.empty()) {
      result.last = decoder.next(in);
      if (result.last == Outcome::data) result.content += as_text(decoder.data());
      if (result.last == Outcome::need_more || result.last == Outcome::data) continue;
      result.rest = as_text(decoder.raw());
      result.rest += as_text(in.rest());
      if (i + piece < input.size()) result.rest += input.substr(i + piece);
      return result;
    }
  }
  return result;
}

struct ChunkedCase {
  std::string_view input, content, rest;
  Outcome last;
};

class Chunked : public testing::TestWithParam<ChunkedCase> {};

TEST_P(Chunked, DecodesAtEveryPieceSize) {
  const auto& c = GetParam();
  for (std::size_t piece = 1; piece <= c.input.size(); ++piece) {
    const Decoded decoded = decode(c.input, piece);
    EXPECT_EQ(decoded.content, c.content) << piece;
    EXPECT_EQ(decoded.rest, c.rest) << piece;
    EXPECT_EQ(decoded.last, c.last) << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rfc9112Section7, Chunked,
    testing::Values(ChunkedCase{"5\r\nhello\r\n0\r\n\r\n", "hello", "\r\n", Outcome::last_chunk},
                    ChunkedCase{"5\nhello\n0\nX: y\n", "hello", "X: y\n", Outcome::last_chunk},
                    ChunkedCase{"00A;x=\"y\" \r\n0123456789\r\n00\r\n", "0123456789", "",
                                Outcome::last_chunk},
                    ChunkedCase{"5 \t\r\nhello\r\n0\r\n", "hello", "", Outcome::last_chunk},
                    ChunkedCase{"g\r\nhello", "", "g\r\nhello", Outcome::malformed},
                    ChunkedCase{"-1\r\nhello", "", "-1\r\nhello", Outcome::malformed},
                    ChunkedCase{"\r\nhello", "", "\r\nhello", Outcome::malformed},
                    ChunkedCase{"0x5\r\nhello", "", "0x5\r\nhello", Outcome::malformed},
                    ChunkedCase{"10000000000000000\r\nh", "", "10000000000000000\r\nh", Outcome::malformed},
                    ChunkedCase{"3\r\nhello\r\n", "hel", "lo\r\n", Outcome::malformed}));

TEST(ChunkedDecoder, TakesTheLargestSize) {
  ChunkedDecoder decoder;
  Reader in(as_bytes("ffffffffffffffff\r\nabc"));
  EXPECT_EQ(decoder.next(in), Outcome::data);
  EXPECT_EQ(decoder.remaining(), UINT64_MAX - 3);
}

TEST(ChunkedDecoder, SkipsWhatIsMissing) {
  ChunkedDecoder decoder;
  Reader in(as_bytes("5\r\nhe"));
  EXPECT_EQ(decoder.next(in), Outcome::data);
  decoder.skip(3);
  Reader more(as_bytes("\r\n0\r\n"));
  EXPECT_EQ(decoder.next(more), Outcome::last_chunk);
}

TEST(ChunkedDecoder, DoesNotCopyContent) {
  ChunkedDecoder decoder;
  const std::string_view text = "5\r\nhello\r\n";
  Reader in(as_bytes(text));
  ASSERT_EQ(decoder.next(in), Outcome::data);
  EXPECT_EQ(as_text(decoder.data()).data(), text.substr(3).data());
}

}  // namespace
}  // namespace tlspeel::http
