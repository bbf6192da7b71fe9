// Record compression: what zlib compressed comes out again, record by record, and nothing grows without
// bound.
#include "tls/record_inflater.hpp"

#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

#include "tls/record_opener.hpp"

namespace tlspeel::tls {
namespace {

// One direction of a sender: flushed after every record (RFC 3749 section 2).
class Deflater {
 public:
  Deflater() { EXPECT_EQ(deflateInit(&stream_, Z_DEFAULT_COMPRESSION), Z_OK); }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  Bytes operator()(const std::string& content) {
    Bytes out(content.size() + 1024);
    Bytes in = to_bytes(as_bytes(content));
    stream_.next_in = in.data();
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream_, Z_SYNC_FLUSH), Z_OK);
    out.resize(out.size() - stream_.avail_out);
    return out;
  }

 private:
  z_stream stream_{};
};

TEST(RecordInflater, HistoryGoesOnFromRecordToRecord) {
  Deflater deflate;
  RecordInflater inflater;
  const std::string text = "the same words in every record";
  const Bytes first = deflate(text);
  const Bytes second = deflate(text);
  EXPECT_LT(second.size(), first.size());
  for (const Bytes& each : {first, second}) {
    const auto content = inflater.inflate(each);
    ASSERT_TRUE(content);
    EXPECT_EQ(as_text(*content), text);
  }
}

TEST(RecordInflater, AnEmptyRecordIsEmpty) {
  RecordInflater inflater;
  const auto content = inflater.inflate({});
  ASSERT_TRUE(content);
  EXPECT_TRUE(content->empty());
}

TEST(RecordInflater, ARecordOfTheGreatestSizeIsWhole) {
  Deflater deflate;
  RecordInflater inflater;
  const auto content = inflater.inflate(deflate(std::string(kMaxPlaintext, 'x')));
  ASSERT_TRUE(content);
  EXPECT_EQ(content->size(), kMaxPlaintext);
}

// RFC 5246 section 6.2.2: more than 2^14 bytes is an error; a kilobyte could otherwise become a megabyte.
TEST(RecordInflater, ALargerOneIsAnErrorAndTheEnd) {
  Deflater deflate;
  RecordInflater inflater;
  EXPECT_FALSE(inflater.inflate(deflate(std::string(kMaxPlaintext + 1, 'x'))));
  EXPECT_FALSE(inflater.inflate(deflate("small")));
}

// What follows refers to it: zlib would make other words of that without noticing.
TEST(RecordInflater, BehindALostRecordNothingIsShown) {
  Deflater deflate;
  RecordInflater inflater;
  ASSERT_TRUE(inflater.inflate(deflate("the quick brown fox")));
  const Bytes lost = deflate("jumps over the lazy dog");
  inflater.lose();
  EXPECT_FALSE(inflater.inflate(deflate("the quick brown fox")));
}

TEST(RecordInflater, WhatIsNoDeflateIsAnErrorAndTheEnd) {
  Deflater deflate;
  RecordInflater inflater;
  EXPECT_FALSE(inflater.inflate(Bytes(64, 0xff)));
  EXPECT_FALSE(inflater.inflate(deflate("whole")));
}

}  // namespace
}  // namespace tlspeel::tls
