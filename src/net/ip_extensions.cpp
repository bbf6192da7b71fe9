#include "net/ip_packet.hpp"

namespace tlspeel::net {
namespace {

// RFC 8200 section 4.1 lets each header occur once, destination options twice; more than this is an attack on
// parsers.
constexpr int kMaxExtensions = 16;

constexpr std::uint8_t kFragmentHeader = 44;
constexpr std::uint8_t kAuthenticationHeader = 51;

// RFC 8200 section 4.5.
bool read_fragment_header(Reader& r, IpPacket& out) {
  out.protocol = r.u8();
  r.skip(1);
  const std::uint16_t offset_and_flag = r.u16();
  out.fragment = {r.u32(), offset_and_flag & 0xfff8U, (offset_and_flag & 1U) != 0};
  // RFC 6946: a fragment that is the whole datagram is no fragment.
  return out.fragment.more || out.fragment.offset != 0;
}

}  // namespace

bool is_extension(std::uint8_t protocol) {
  switch (protocol) {
    case 0:   // hop-by-hop options
    case 43:  // routing
    case kFragmentHeader:
    case kAuthenticationHeader:
    case 60:   // destination options
    case 135:  // mobility
    case 139:  // host identity
    case 140:  // shim6
      return true;
    default:
      return false;
  }
}

Step skip_extensions(IpPacket& out) {
  const Stretch whole = out.payload;
  Reader r(whole.bytes);
  for (int count = 0; is_extension(out.protocol) && !out.fragmented; ++count) {
    if (count == kMaxExtensions) return Step::malformed;
    if (out.protocol == kFragmentHeader) {
      out.fragmented = read_fragment_header(r, out);
    } else {
      // RFC 4302 section 2.2 counts words of 4 bytes less two, RFC 8200 section 4.2 counts units of 8 bytes
      // less one.
      const bool authentication = out.protocol == kAuthenticationHeader;
      out.protocol = r.u8();
      const std::size_t length = r.u8();
      r.skip(authentication ? length * 4 + 6 : length * 8 + 6);
    }
    if (!r.ok()) return too_short(whole);
  }
  out.payload = {r.rest(), whole.missing};
  return Step::go_on;
}

}  // namespace tlspeel::net
