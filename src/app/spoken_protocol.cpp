#include "tlspeel/app/spoken_protocol.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "resp_look.hpp"

namespace tlspeel::app {
namespace {

using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): made for it

// One side begins with `begins` (letters in either case) and has `holds` within its first bytes, which
// `looks` may be asked about, too.
struct Row {
  std::string_view name;
  std::string_view begins;
  std::string_view holds;
  bool weak = false;  // too little to go by where anything may be
  bool (*looks)(std::string_view) = nullptr;
};

// RFC 5321, 2033, 3501, 1939, 4511, 6120, 4217, 5804, 3977, 1928, 9110; the protocol documentation of
// PostgreSQL and MySQL, MS-TDS, MS-RDPBCGR, IRCv3, RESP, and MQTT 3.1 to 5. The first row that fits counts.
constexpr std::array kRows = {
    Row{"SMTP", "EHLO ", ""},
    Row{"SMTP", "HELO ", ""},
    Row{"LMTP", "LHLO ", ""},
    Row{"SMTP", "220 ", "SMTP"},
    Row{"LMTP", "220 ", "LMTP"},
    Row{"FTP", "AUTH TLS", ""},
    Row{"FTP", "AUTH SSL", ""},
    Row{"FTP", "220 ", "FTP"},
    Row{"FTP", "PBSZ 0", ""},
    Row{"IMAP", "* OK", ""},
    Row{"IMAP", "* PREAUTH", ""},
    Row{"IMAP", "* CAPABILITY", ""},
    // A bare +OK is an answer of Redis, too.
    Row{"POP3", "+OK ", ""},
    Row{"POP3", "+OK\r\n", "\r\n+OK "},
    Row{"POP3", "+OK", "", true},
    Row{"ManageSieve", R"("IMPLEMENTATION")", ""},
    // ExtendedRequest: its object identifier is 1.3.6.1.4.1.1466.20037. '0' is 0x30, SEQUENCE in BER.
    Row{"LDAP", "0", "1.3.6.1.4.1.1466.20037"},
    Row{"XMPP", "<", "http://etherx.jabber.org/streams"},
    Row{"PostgreSQL", "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv, ""},
    // A startup message of version 3.0, whose first parameter is the user.
    Row{"PostgreSQL", "\x00\x00"sv, "\x00\x03\x00\x00user\x00"sv},
    // A handshake packet of version 10: length (3 bytes), number 0, version.
    Row{"MySQL", "", "mysql_native_password"},
    Row{"MySQL", "", "caching_sha2_password"},
    // TPKT, and a connection request of X.224.
    Row{"RDP", "\x03\x00"sv, "\xe0", true},
    Row{"TDS", "\x12\x01", "", true},
    Row{"IRC", "CAP LS", ""},
    Row{"IRC", "NICK ", ""},
    Row{"IRC", ":", " NOTICE "},
    // RPL_STARTTLS, where the client said nothing but STARTTLS.
    Row{"IRC", ":", " 670 "},
    Row{"HTTP CONNECT", "CONNECT ", " HTTP/1."},
    Row{"SOCKS5", "\x05", "", true},
    Row{"SOCKS4", "\x04\x01", "", true},
    Row{"Redis", "+PONG\r\n", ""},
    Row{"Redis", "", "", false, looks_like_resp},
    // A CONNECT packet with the name of the protocol.
    Row{"MQTT", "\x10", "\x00\x04MQTT"sv},
    Row{"MQTT", "\x10", "\x00\x06MQIsdp"sv},
    Row{"NNTP", "200 ", "", true},
    Row{"NNTP", "201 ", "", true},
    Row{"HTTP", "HTTP/1.", ""},
};

bool begins_with(std::string_view text, std::string_view begin) {
  return text.size() >= begin.size() &&
         std::equal(begin.begin(), begin.end(), text.begin(), [](char a, char b) {
           return a == std::toupper(static_cast<unsigned char>(b)) || a == b;
         });
}

bool fits(const Row& row, ByteView bytes) {
  constexpr std::size_t kLookedAt = 512;
  const std::string_view text = as_text(bytes.first(std::min(bytes.size(), kLookedAt)));
  return !text.empty() && begins_with(text, row.begins) && text.find(row.holds) != std::string_view::npos &&
         (row.looks == nullptr || row.looks(text));
}

}  // namespace

std::string_view clear_protocol(ByteView one, ByteView other) {
  for (const Row& row : kRows) {
    if (fits(row, one) || fits(row, other)) return row.name;
  }
  return {};
}

std::string_view spoken_protocol(ByteView first) {
  for (const Row& row : kRows) {
    if (!row.weak && fits(row, first)) return row.name;
  }
  return {};
}

}  // namespace tlspeel::app
