#include "tlspeel/tls/hello_fit.hpp"

#include <algorithm>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {
namespace {

using Verdict = HelloFit::Verdict;

// IANA "TLS HandshakeType".
constexpr std::uint8_t kClientHelloType = 1;
constexpr std::uint8_t kServerHelloType = 2;

constexpr std::size_t kHandshakeHeader = 4;
constexpr std::size_t kMaxSessionId = 32;
// Version, random, the length of the session id.
constexpr std::size_t kFixedPart = 2 + 32 + 1;
// The same, one cipher suite and one compression method with their lengths.
constexpr std::size_t kMinClientHello = kFixedPart + 4 + 2;
// Without extensions: a cipher suite, a compression method.
constexpr std::size_t kMinServerHello = kFixedPart + 2 + 1;
// Enough to tell most things that are no hello: up to the length of the cipher suites behind the longest
// session id.
constexpr std::size_t kEarlyLook = kRecordHeaderSize + kHandshakeHeader + kFixedPart + kMaxSessionId + 2;

// The bytes of the first handshake message, put together out of its records.
struct Message {
  Bytes bytes;
  std::size_t end = 0;        // behind the last record that was looked at
  std::size_t announced = 0;  // what these records hold when they are complete
  std::size_t needed = 0;     // of the stream: what the record that is cut would take; 0: none is
  bool fits = true;
};

bool handshake_record(const RecordHeader& header) {
  return header.type == kHandshake && plausible(header) && header.length != 0 &&
         header.length <= std::size_t{1} << 14;
}

// 0: not known yet
std::size_t message_size(const Bytes& message) {
  Reader r(message);
  r.skip(1);
  const std::size_t size = r.u24();
  return r.ok() ? kHandshakeHeader + size : 0;
}

Message gather(ByteView bytes) {
  Message out;
  Reader r(bytes);
  for (;;) {
    const std::size_t size = message_size(out.bytes);
    if (size > kHandshakeHeader + kMaxClientHello) out.fits = false;
    if (!out.fits || out.needed != 0 || (size != 0 && out.bytes.size() >= size)) return out;
    if (r.remaining() < kRecordHeaderSize) {
      out.needed = out.end + kRecordHeaderSize;
      return out;
    }
    const RecordHeader header = read_record_header(r);
    if (!handshake_record(header)) {
      out.fits = false;
      return out;
    }
    out.end += kRecordHeaderSize + header.length;
    out.announced += header.length;
    append(out.bytes, r.bytes(std::min<std::size_t>(header.length, r.remaining())));
    if (out.end > bytes.size()) out.needed = out.end;
  }
}

bool fits_extensions(Reader& hello) {
  if (hello.empty()) return hello.ok();  // TLS 1.2 and before: there need not be any
  Reader list = hello.sub16();
  while (list.ok() && !list.empty()) {
    list.skip(2);
    (void)list.vector16();
  }
  return list.ok() && hello.ok() && hello.empty();
}

bool is_version(std::uint16_t version) {
  return version >= kSsl3 && version <= kTls12;
}

// What there is of it so far.
HelloFit fit_client_hello_head(const Message& message, std::size_t have) {
  HelloFit out{Verdict::need_more, message.needed};
  Reader r(message.bytes);
  const std::uint8_t type = r.u8();
  const std::uint32_t size = r.u24();
  const bool sized = r.ok();
  const std::uint16_t version = r.u16();
  const bool versioned = r.ok();
  r.skip(32);
  const std::uint8_t session_id = r.u8();
  const bool session = r.ok();
  r.skip(session_id);
  const std::uint16_t suites = r.u16();
  if (!message.bytes.empty() && type != kClientHelloType) return {};
  if (sized && (size < kMinClientHello || message.announced > kHandshakeHeader + size)) return {};
  if (versioned && !is_version(version)) return {};
  if (session && session_id > kMaxSessionId) return {};
  out.likely = r.ok();
  if (out.likely && (suites == 0 || suites % 2 != 0 || kFixedPart + session_id + 4 + suites > size))
    return {};
  // Most of what only looks like it is told from it early, and does not keep anybody waiting.
  if (have < kEarlyLook) out.size = std::min(out.size, kEarlyLook);
  out.size = std::max(out.size, have + 1);
  return out;
}

}  // namespace

HelloFit fit_client_hello(ByteView bytes) {
  const Message message = gather(bytes);
  if (!message.fits) return {};
  if (message.needed != 0) return fit_client_hello_head(message, bytes.size());
  Reader r(message.bytes);
  const bool client_hello = r.u8() == kClientHelloType;
  Reader hello = r.sub24();
  if (!client_hello || !r.ok() || !r.empty() || !is_version(hello.u16())) return {};
  hello.skip(32);
  const ByteView session_id = hello.vector8();
  const ByteView suites = hello.vector16();
  const ByteView compression = hello.vector8();
  const bool fits = hello.ok() && session_id.size() <= kMaxSessionId && !suites.empty() &&
                    suites.size() % 2 == 0 && !compression.empty() && fits_extensions(hello);
  if (!fits) return {};
  return {Verdict::whole, message.end};
}

HelloFit fit_answer(ByteView bytes) {
  constexpr std::size_t kAlertRecord = kRecordHeaderSize + 2;
  if (bytes.size() < kAlertRecord) return {Verdict::need_more, kAlertRecord};
  Reader r(bytes);
  const RecordHeader header = read_record_header(r);
  const std::uint8_t first = r.u8();
  if (header.type == kAlert) {
    const bool fits = plausible(header) && header.length == 2 && (first == 1 || first == 2);
    return fits ? HelloFit{Verdict::whole, kAlertRecord, false, true} : HelloFit{};
  }
  if (!handshake_record(header) || first != kServerHelloType || header.length < kHandshakeHeader) return {};
  const std::size_t looked_at =
      kRecordHeaderSize + std::min<std::size_t>(header.length, kHandshakeHeader + kFixedPart);
  if (bytes.size() < looked_at) return {Verdict::need_more, looked_at};
  const std::uint32_t size = r.u24();
  if (size < kMinServerHello || size > kMaxClientHello) return {};
  if (header.length >= kHandshakeHeader + kFixedPart) {
    const std::uint16_t version = r.u16();
    r.skip(32);
    // Drafts of TLS 1.3 had versions of their own in it.
    if ((!is_version(version) && version >> 8 != 0x7f) || r.u8() > kMaxSessionId) return {};
  }
  return {Verdict::whole, kRecordHeaderSize + std::size_t{header.length}};
}

}  // namespace tlspeel::tls
