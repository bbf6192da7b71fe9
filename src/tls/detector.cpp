#include "tlspeel/tls/detector.hpp"

#include <algorithm>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

using Verdict = Detection::Verdict;
using Start = Detection::Start;

// IANA "TLS HandshakeType" values that can be the first message of a direction.
constexpr std::uint8_t kHelloRequest = 0;
constexpr std::uint8_t kClientHello = 1;
constexpr std::uint8_t kServerHello = 2;

RecordHeader header_at(ByteView bytes, std::size_t offset) {
  Reader r(bytes.subspan(offset));
  RecordHeader header = read_record_header(r);
  return r.ok() ? header : RecordHeader{};
}

Detection detect_first_record(ByteView prefix) {
  if (prefix.size() < kRecordHeaderSize + 1) {
    // A few bytes of text need not wait for more.
    Reader start(prefix);
    const std::uint8_t type = start.u8();
    const bool open = !start.ok() || type == kHandshake || type == kAlert || type == kHeartbeat;
    const bool version_open = start.u8() == 3 || !start.ok();
    return {open && version_open ? Verdict::need_more : Verdict::not_tls, Start::middle, 0};
  }
  const RecordHeader header = header_at(prefix, 0);
  Reader body(prefix.subspan(kRecordHeaderSize));
  const std::uint8_t first = body.u8();
  if (!plausible(header) || header.length == 0) return {Verdict::not_tls, Start::middle, 0};
  if (header.type == kHandshake) {
    if (first == kClientHello) return {Verdict::tls, Start::client_hello, 0};
    if (first == kServerHello) return {Verdict::tls, Start::server_hello, 0};
    if (first == kHelloRequest) return {Verdict::tls, Start::before_hello, 0};
  }
  // A server that refuses before its ServerHello starts with an alert: level warning (1) or fatal (2). A
  // heartbeat, request (1) or response (2), does not belong here (RFC 6520 section 3), but who probes for
  // Heartbleed sends one.
  const bool alert = header.type == kAlert && header.length == 2;
  if ((alert || header.type == kHeartbeat) && (first == 1 || first == 2))
    return {Verdict::tls, Start::before_hello, 0};
  return {Verdict::not_tls, Start::middle, 0};
}

// RFC 5246 appendix E.2: V2ClientHello; every length in it has to agree with the others.
Detection detect_sslv2_hello(ByteView prefix) {
  constexpr std::size_t kFixedPart = 11;
  Reader r(prefix);
  const std::uint16_t length = r.u16();
  const std::uint8_t type = r.u8();
  const std::uint16_t version = r.u16();
  const std::uint16_t ciphers = r.u16();
  const std::uint16_t session_id = r.u16();
  const std::uint16_t challenge = r.u16();
  if (prefix.size() < kFixedPart) {
    const bool open = prefix.empty() || ((prefix.front() & 0x80) != 0 && (prefix.size() < 3 || type == 1));
    return {open ? Verdict::need_more : Verdict::not_tls, Start::middle, 0};
  }
  const bool fits = (length & 0x8000) != 0 && type == 1 && (version == kSsl2 || version >> 8 == 3) &&
                    ciphers != 0 && ciphers % 3 == 0 && (session_id == 0 || session_id == 16) &&
                    challenge >= 16 && challenge <= 32 &&
                    (length & 0x7fff) == kFixedPart - 2 + ciphers + session_id + challenge;
  return {fits ? Verdict::tls : Verdict::not_tls, Start::sslv2_client_hello, 0};
}

bool follows_plausibly(ByteView prefix, std::size_t offset, const RecordHeader& header) {
  const std::size_t next = offset + kRecordHeaderSize + header.length;
  if (next == prefix.size()) return true;  // the record ends where a segment ends
  if (prefix.size() < next + kRecordHeaderSize) return false;
  const RecordHeader second = header_at(prefix, next);
  return plausible(second) && second.version == header.version && second.length != 0;
}

Detection detect_in_the_middle(ByteView prefix) {
  const std::size_t last = prefix.size() < kRecordHeaderSize ? 0 : prefix.size() - kRecordHeaderSize;
  for (std::size_t offset = 0; offset < last; ++offset) {
    const RecordHeader header = header_at(prefix, offset);
    if (plausible(header) && header.length != 0 && follows_plausibly(prefix, offset, header)) {
      return {Verdict::tls, Start::middle, offset};
    }
  }
  return {prefix.size() >= kDetectionWindow ? Verdict::not_tls : Verdict::need_more, Start::middle, 0};
}

}  // namespace

Detection detect(ByteView prefix, bool start_captured) {
  const Detection first = detect_first_record(prefix);
  if (first.verdict == Verdict::tls) return first;
  const Detection sslv2 = detect_sslv2_hello(prefix);
  if (sslv2.verdict == Verdict::tls) return sslv2;
  if (!start_captured) return detect_in_the_middle(prefix.first(std::min(prefix.size(), kDetectionWindow)));
  if (first.verdict == Verdict::need_more || sslv2.verdict == Verdict::need_more) return {};
  return {Verdict::not_tls, Start::middle, 0};
}

}  // namespace tlspeel::tls
