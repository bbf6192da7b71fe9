#include <algorithm>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/messages/extensions.hpp"
#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "tls/messages/hello_parts.hpp"
#include "tls/messages/read_lists.hpp"

namespace tlspeel::tls {
namespace {

event::CodePoint highest_version(const event::ClientHello& hello);
std::uint32_t version_rank(std::uint32_t version);

}  // namespace

// RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2.
ParseResult<event::ClientHello> parse_client_hello(ByteView body) {
  Reader r(body);
  event::ClientHello hello;
  hello.version = registry::protocol_version(r.u16());
  hello.random = to_bytes(r.bytes(kRandomSize));
  hello.session_id = read_session_id(r);
  hello.cipher_suites = read_u16_list(r, r.sub16(), cipher_suite_name);
  hello.compression_methods = read_u8_list(r, r.sub8(), registry::compression_method);
  // RFC 5246 section 7.4.1.2: whether extensions are there is told by the length of the message.
  if (!r.empty()) hello.extensions = read_extensions(r, ExtensionSite::client_hello);
  hello.highest_version = highest_version(hello);
  return r.finish(std::move(hello));
}

namespace {

event::CodePoint highest_version(const event::ClientHello& hello) {
  constexpr std::uint32_t kSupportedVersions = 43;
  const event::Extension* extension = event::find_extension(hello.extensions, kSupportedVersions);
  const auto* offered = extension == nullptr ? nullptr : std::get_if<event::CodePointList>(&extension->body);
  if (offered == nullptr) return hello.version;
  const auto best = std::max_element(offered->values.begin(), offered->values.end(),
                                     [](const event::CodePoint& a, const event::CodePoint& b) {
                                       return version_rank(a.value) < version_rank(b.value);
                                     });
  return best == offered->values.end() || version_rank(best->value) == 0 ? hello.version : *best;
}

// The drafts of TLS 1.3 (0x7fxx, 0xfbxx) are newer than TLS 1.2 and older than TLS 1.3; what no registry
// names, GREASE among it, is no version.
std::uint32_t version_rank(std::uint32_t version) {
  if (registry::is_grease(version) || registry::protocol_version(version).name.empty()) return 0;
  constexpr std::uint32_t kTls13 = 0x0304;
  if (version < kTls13) return version;
  return version == kTls13 ? 0x10000 : version;
}

}  // namespace
}  // namespace tlspeel::tls
