#include <algorithm>
#include <array>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/extensions.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "tls/messages/hello_parts.hpp"

namespace tlspeel::tls {
namespace {

// RFC 8446 section 4.1.3: SHA-256 of "HelloRetryRequest".
constexpr std::array<std::uint8_t, kRandomSize> kHelloRetryRequestRandom = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// Drafts 1 to 21 of TLS 1.3 stated their version in ServerHello.version and had neither session id nor
// compression method.
constexpr std::uint32_t kFirstDraft = 0x7f01;
constexpr std::uint32_t kLastDraftWithOwnServerHello = 0x7f15;
// From this draft on a HelloRetryRequest names the cipher suite.
constexpr std::uint32_t kFirstDraftWithSuiteInRetry = 0x7f13;

event::CodePoint selected_version(const event::ServerHello& hello);
bool is_old_draft(const event::CodePoint& version);

}  // namespace

// RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3.
ParseResult<event::ServerHello> parse_server_hello(ByteView body) {
  Reader r(body);
  event::ServerHello hello;
  hello.version = registry::protocol_version(r.u16());
  const bool old_draft = is_old_draft(hello.version);
  hello.random = to_bytes(r.bytes(kRandomSize));
  hello.hello_retry_request = std::equal(hello.random.begin(), hello.random.end(),
                                         kHelloRetryRequestRandom.begin(), kHelloRetryRequestRandom.end());
  if (!old_draft) hello.session_id = read_session_id(r);
  hello.cipher_suite = cipher_suite_name(r.u16());
  if (!old_draft) hello.compression_method = registry::compression_method(r.u8());
  if (!r.empty()) {
    hello.extensions = read_extensions(
        r, hello.hello_retry_request ? ExtensionSite::hello_retry_request : ExtensionSite::server_hello);
  }
  hello.selected_version = selected_version(hello);
  return r.finish(std::move(hello));
}

// draft-ietf-tls-tls13-21 section 4.1.4.
ParseResult<event::ServerHello> parse_draft_hello_retry_request(ByteView body) {
  Reader r(body);
  event::ServerHello hello;
  hello.hello_retry_request = true;
  hello.version = registry::protocol_version(r.u16());
  if (r.ok() && !is_old_draft(hello.version)) r.fail("hello_retry_request outside the drafts of TLS 1.3");
  if (hello.version.value >= kFirstDraftWithSuiteInRetry) hello.cipher_suite = cipher_suite_name(r.u16());
  hello.extensions = read_extensions(r, ExtensionSite::hello_retry_request);
  hello.selected_version = selected_version(hello);
  return r.finish(std::move(hello));
}

namespace {

event::CodePoint selected_version(const event::ServerHello& hello) {
  constexpr std::uint32_t kSupportedVersions = 43;
  const event::Extension* extension = event::find_extension(hello.extensions, kSupportedVersions);
  const auto* selected = extension == nullptr ? nullptr : std::get_if<event::CodePointList>(&extension->body);
  return selected == nullptr || selected->values.empty() ? hello.version : selected->values.front();
}

bool is_old_draft(const event::CodePoint& version) {
  return version.value >= kFirstDraft && version.value <= kLastDraftWithOwnServerHello;
}

}  // namespace
}  // namespace tlspeel::tls
