#include "tlspeel/app/spoken_protocol.hpp"

#include <gtest/gtest.h>

namespace tlspeel::app {
namespace {

TEST(ClearProtocol, ByTheFirstBytesOfEitherSide) {
  EXPECT_EQ(clear_protocol(as_bytes("ehlo x"), as_bytes("220 x")), "SMTP");
  EXPECT_EQ(clear_protocol({}, as_bytes("* OK IMAP4rev1")), "IMAP");
  EXPECT_EQ(clear_protocol({}, as_bytes("+OK\r\n")), "POP3");
  EXPECT_EQ(clear_protocol(as_bytes("CONNECT x:443 HTTP/1.1\r\n"), {}), "HTTP CONNECT");
  EXPECT_EQ(clear_protocol(Bytes{0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f}, as_bytes("S")), "PostgreSQL");
  EXPECT_EQ(clear_protocol(Bytes{5, 1, 0}, Bytes{5, 0}), "SOCKS5");
  EXPECT_EQ(clear_protocol(as_bytes("STARTTLS\r\n"), as_bytes(":irc.example.com 670 * :go on\r\n")), "IRC");
  EXPECT_EQ(clear_protocol(as_bytes("STARTTLS\r\n"), as_bytes("go on: 670 \r\n")), "");
  EXPECT_EQ(clear_protocol(as_bytes("what"), as_bytes("ever")), "");
  EXPECT_EQ(clear_protocol({}, {}), "");
}

TEST(SpokenProtocol, ByWordsThatLeaveNoDoubt) {
  EXPECT_EQ(spoken_protocol(as_bytes("EHLO client.example\r\n")), "SMTP");
  EXPECT_EQ(spoken_protocol(as_bytes("220 mail.example ESMTP ready\r\n")), "SMTP");
  EXPECT_EQ(spoken_protocol(as_bytes("220 (vsFTPd 3.0.3)\r\n")), "FTP");
  EXPECT_EQ(spoken_protocol(as_bytes("* OK [CAPABILITY IMAP4rev1] ready\r\n")), "IMAP");
  EXPECT_EQ(spoken_protocol(as_bytes("+OK Dovecot ready.\r\n")), "POP3");
  EXPECT_EQ(spoken_protocol(as_bytes("+OK\r\n+OK Logged in.\r\n")), "POP3");
  EXPECT_EQ(spoken_protocol(as_bytes("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>")),
            "XMPP");
  EXPECT_EQ(spoken_protocol(as_bytes("NICK someone\r\n")), "IRC");
  EXPECT_EQ(spoken_protocol(Bytes{0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 2, 'm', 'e'}), "MQTT");
}

TEST(SpokenProtocol, RedisByItsCommandsOrItsAnswers) {
  EXPECT_EQ(spoken_protocol(as_bytes("*1\r\n$4\r\nPING\r\n")), "Redis");
  EXPECT_EQ(spoken_protocol(as_bytes("*3\r\n$3\r\nSET\r\n$4\r\nblob\r\n$100000\r\n\xff\x01")), "Redis");
  EXPECT_EQ(spoken_protocol(as_bytes("+PONG\r\n")), "Redis");
  EXPECT_EQ(spoken_protocol(as_bytes("+OK\r\n:43\r\n$-1\r\n*0\r\n$0\r\n\r\n")), "Redis");
  EXPECT_EQ(spoken_protocol(as_bytes("%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n")), "Redis");
  EXPECT_EQ(spoken_protocol(as_bytes(">3\r\n$7\r\nmessage\r\n")), "Redis");
  EXPECT_EQ(spoken_protocol(as_bytes("#t\r\n,1.5\r\n_\r\n=7\r\ntxt:yes\r\n")), "Redis");
}

TEST(SpokenProtocol, NotEveryLineWithASignIsRedis) {
  EXPECT_EQ(spoken_protocol(as_bytes("+OK\r\n")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("GET greeting\r\n")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("* a\r\n$5\r\nhello\r\n")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("$5\r\nhello!\r\n")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("$5\r\nhello")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("$5\r\nhell")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("$5 a month\r\n")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("$18446744073709551615\r\nhello\r\n")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("# a heading\r\n\r\n$1\r\na\r\n")), "");
}

TEST(SpokenProtocol, AByteOrTwoAreNotEnough) {
  EXPECT_EQ(spoken_protocol(Bytes{5, 1, 0}), "");
  EXPECT_EQ(spoken_protocol(Bytes{3, 0, 0, 0xe0}), "");
  EXPECT_EQ(spoken_protocol(as_bytes("200 items\n")), "");
  EXPECT_EQ(spoken_protocol(as_bytes("* a list\n")), "");
  EXPECT_EQ(spoken_protocol({}), "");
}

}  // namespace
}  // namespace tlspeel::app
