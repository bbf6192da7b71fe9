#include "tlspeel/net/decoder.hpp"

#include <algorithm>

#include "net/fragments.hpp"
#include "net/ip_packet.hpp"
#include "net/link_types.hpp"
#include "net/tcp_header.hpp"

namespace tlspeel::net {
namespace {

constexpr Verdict failed(Step step) {
  return step == Step::cut ? Verdict::headers_cut : Verdict::malformed;
}

// Only these are worth holding; a fragment of anything else is known as such without its first part.
bool may_hold_tcp(const IpPacket& packet) {
  return packet.protocol == kProtocolTcp || is_extension(packet.protocol);
}

Verdict decode_transport(const IpPacket& packet, Segment& out) {
  if (packet.protocol == kProtocolUdp) return is_quic(packet.payload) ? Verdict::quic : Verdict::not_tcp;
  if (packet.protocol != kProtocolTcp) return Verdict::not_tcp;
  const Step step = parse_tcp(packet.payload, out);
  if (step != Step::go_on) return failed(step);
  out.flow.source.address = packet.source;
  out.flow.destination.address = packet.destination;
  return Verdict::tcp;
}

}  // namespace

struct Decoder::Impl {
  FragmentTable fragments;
  std::uint64_t fragments_seen = 0;

  Verdict decode(int link_type, const Stretch& frame, PacketRef at, Segment& out);
  Verdict decode_fragment(IpPacket& packet, PacketRef at, Segment& out);
};

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;

Verdict Decoder::decode(int link_type, ByteView bytes, std::uint32_t wire_length, PacketRef at,
                        Segment& out) {
  // Some writers give a length on the wire that is less than what they wrote.
  const std::uint64_t on_the_wire = std::max<std::uint64_t>(wire_length, bytes.size());
  const auto missing = static_cast<std::uint32_t>(on_the_wire - bytes.size());
  ++counters_.packets;
  counters_.bytes += bytes.size();
  counters_.wire_bytes += on_the_wire;
  if (missing > 0) ++counters_.cut;
  const Verdict verdict = impl_->decode(link_type, {bytes, missing}, at, out);
  counters_.fragments = impl_->fragments_seen;
  counters_.fragments_incomplete = impl_->fragments.incomplete();
  count(verdict);
  return verdict;
}

void Decoder::finish() {
  impl_->fragments.finish();
  counters_.fragments_incomplete = impl_->fragments.incomplete();
}

void Decoder::count(Verdict verdict) {
  switch (verdict) {
    case Verdict::tcp:
      ++counters_.tcp;
      break;
    case Verdict::not_ip:
      ++counters_.not_ip;
      break;
    case Verdict::not_tcp:
      ++counters_.not_tcp;
      break;
    case Verdict::quic:
      ++counters_.quic;
      break;
    case Verdict::malformed:
      ++counters_.malformed;
      break;
    case Verdict::headers_cut:
      ++counters_.headers_cut;
      break;
    case Verdict::fragment_held:
      break;
    case Verdict::unknown_link_type:
      ++counters_.unknown_link_type;
      break;
  }
}

Verdict Decoder::Impl::decode(int link_type, const Stretch& frame, PacketRef at, Segment& out) {
  const LinkType* link = find_link_type(link_type);
  if (link == nullptr) return Verdict::unknown_link_type;
  Reader r(frame.bytes);
  const NetworkProtocol protocol = link->parse(r);
  if (!r.ok()) return failed(too_short(frame));
  if (protocol == NetworkProtocol::not_ip) return Verdict::not_ip;

  IpPacket packet;
  const Stretch network{r.rest(), frame.missing};
  const Step step =
      protocol == NetworkProtocol::ipv4 ? parse_ipv4(network, packet) : parse_ipv6(network, packet);
  if (step != Step::go_on) return failed(step);
  return packet.fragmented ? decode_fragment(packet, at, out) : decode_transport(packet, out);
}

Verdict Decoder::Impl::decode_fragment(IpPacket& packet, PacketRef at, Segment& out) {
  if (!may_hold_tcp(packet)) return Verdict::not_tcp;
  ++fragments_seen;
  switch (fragments.add(packet, at)) {
    case FragmentTable::Outcome::held:
      return Verdict::fragment_held;
    case FragmentTable::Outcome::malformed:
      return Verdict::malformed;
    case FragmentTable::Outcome::joined:
      break;
  }
  const Step step = skip_extensions(packet);
  if (step != Step::go_on) return failed(step);
  // A fragment inside a fragment: no sender does that.
  return packet.fragmented ? Verdict::malformed : decode_transport(packet, out);
}

}  // namespace tlspeel::net
