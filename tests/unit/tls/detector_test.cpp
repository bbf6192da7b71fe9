#include "tlspeel/tls/detector.hpp"

#include <random>

#include <gtest/gtest.h>

namespace tlspeel::tls {
namespace {

using Verdict = Detection::Verdict;
using Start = Detection::Start;

Bytes with_body(Bytes head, std::size_t size) {
  head.insert(head.end(), size, 0xee);
  return head;
}

TEST(Detector, KnowsHellosByContent) {
  EXPECT_EQ(detect(with_body({22, 3, 1, 0, 200, 1}, 10), true).start, Start::client_hello);
  EXPECT_EQ(detect(with_body({22, 3, 3, 0, 90, 2}, 10), true).start, Start::server_hello);
  EXPECT_EQ(detect(Bytes{22, 3, 3, 0, 4, 0, 0, 0, 0}, true).start, Start::before_hello);
  EXPECT_EQ(detect(Bytes{21, 3, 3, 0, 2, 2, 40}, true).start, Start::before_hello);
}

TEST(Detector, OtherProtocolsAreNotTls) {
  for (const std::string_view text :
       {"GET / HTTP/1.1\r\n", "SSH-2.0-OpenSSH", "220 mail ESMTP", "*1\r\n$4\r\nPING"}) {
    EXPECT_EQ(detect(as_bytes(text), true).verdict, Verdict::not_tls) << text;
  }
  // A record header whose handshake type cannot come first.
  EXPECT_EQ(detect(Bytes{22, 3, 1, 0, 16, 7, 0, 0}, true).verdict, Verdict::not_tls);
}

TEST(Detector, WaitsForSixBytes) {
  const Bytes hello = {22, 3, 1, 0, 200, 1};
  for (std::size_t size = 0; size < hello.size(); ++size) {
    EXPECT_EQ(detect(ByteView(hello).first(size), true).verdict, Verdict::need_more) << size;
  }
}

Bytes sslv2_hello() {
  // RFC 5246 appendix E.2: two suites, no session id, a challenge of 16 bytes.
  Bytes out = {0x80, 9 + 6 + 16, 1, 3, 1, 0, 6, 0, 0, 0, 16};
  out.insert(out.end(), {0, 0, 0x2f, 0, 0, 0x35});
  out.insert(out.end(), 16, 0xcc);
  return out;
}

TEST(Detector, KnowsAnSslv2CompatibleHello) {
  const Bytes hello = sslv2_hello();
  EXPECT_EQ(detect(hello, true).start, Start::sslv2_client_hello);
  EXPECT_EQ(detect(hello, true).verdict, Verdict::tls);
  for (std::size_t size = 0; size < 11; ++size) {
    EXPECT_EQ(detect(ByteView(hello).first(size), true).verdict, Verdict::need_more) << size;
  }
  Bytes wrong_length = hello;
  wrong_length[1] += 1;
  EXPECT_EQ(detect(wrong_length, true).verdict, Verdict::not_tls);
}

TEST(Detector, FindsRecordsInTheMiddleOfALateStream) {
  Bytes stream(321, 0x5a);
  append(stream, with_body({23, 3, 3, 1, 0}, 256));
  append(stream, with_body({23, 3, 3, 0, 10}, 3));
  const Detection found = detect(stream, false);
  EXPECT_EQ(found.verdict, Verdict::tls);
  EXPECT_EQ(found.start, Start::middle);
  EXPECT_EQ(found.offset, 321U);
  EXPECT_EQ(detect(stream, true).verdict, Verdict::not_tls);
}

TEST(Detector, ALateStreamOfRandomBytesIsNotTls) {
  std::mt19937 random(99);
  Bytes stream(kDetectionWindow);
  for (auto& byte : stream) byte = static_cast<std::uint8_t>(random());
  EXPECT_EQ(detect(stream, false).verdict, Verdict::not_tls);
  EXPECT_EQ(detect(ByteView(stream).first(1000), false).verdict, Verdict::need_more);
}

}  // namespace
}  // namespace tlspeel::tls
