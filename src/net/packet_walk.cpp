#include "net/packet_walk.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "net/hash.hpp"
#include "net/tcp_header.hpp"
#include "net/tunnel_identity.hpp"

namespace tlspeel::net {
namespace {

// Link headers, tunnels and IP headers of one packet. A mirror (VXLAN over IPv4 over Ethernet) of a mobile
// subscriber's (GTP) 6in4 packet in an MPLS core has 13.
constexpr int kMaxHeaders = 24;

// Beyond so many the texts are made anew: a capture of random tunnels must not fill the memory.
constexpr std::size_t kMaxTunnelTexts = 4096;

constexpr Verdict failed(Step step) {
  return step == Step::cut ? Verdict::headers_cut : Verdict::malformed;
}

// Only these are worth holding; a fragment of anything else is known as such without its first part.
bool may_hold_tcp(const IpPacket& packet) {
  return packet.protocol == kProtocolTcp || is_extension(packet.protocol) || may_be_tunnel(packet.protocol);
}

// More than the longest A-MSDU has with a TCP header in each; Segment::place counts them.
constexpr int kMaxSubframes = 256;

bool worth_telling(Verdict verdict) {
  return verdict != Verdict::not_ip;
}

}  // namespace

Verdict PacketWalk::start(int link_type, const Stretch& frame, PacketRef at, Segment& out) {
  fragments_.release();
  aggregate_.reset();
  subframes_ = 0;
  at_ = at;
  out.place = 0;
  const LinkType* link = find_link_type(link_type);
  if (!filter_ && link != nullptr) {
    if (const auto verdict = try_plain_tcp(*link, frame, out)) return *verdict;
  }
  Place place;
  place.matched = !filter_ || filter_(link_type, frame.bytes,
                                      static_cast<std::uint32_t>(frame.bytes.size()) + frame.missing);
  if (link == nullptr) return place.matched ? Verdict::unknown_link_type : Verdict::filtered;
  Reader r(frame.bytes);
  place.layer = link->parse(r);
  if (!r.ok()) return place.matched ? failed(too_short(frame)) : Verdict::filtered;
  place.rest = {r.rest(), frame.missing};
  const Verdict first = walk(std::move(place), out);
  return aggregate_ ? next_of_aggregate(out) : first;
}

// Nearly every packet of nearly every capture: an IP packet behind its link header, and TCP in it. For these
// the rest of the walk has nothing to do; whatever else it is, it is looked at anew.
std::optional<Verdict> PacketWalk::try_plain_tcp(const LinkType& link, const Stretch& frame, Segment& out) {
  Reader r(frame.bytes);
  const Layer layer = link.parse(r);
  if (!r.ok() || (layer != Layer::ipv4 && layer != Layer::ipv6)) return std::nullopt;
  const Stretch network{r.rest(), frame.missing};
  IpPacket packet;
  const Step step = layer == Layer::ipv4 ? parse_ipv4(network, packet) : parse_ipv6(network, packet);
  if (step != Step::go_on || packet.fragmented || packet.protocol != kProtocolTcp) return std::nullopt;
  out.tunnel_text.reset();
  return end_at_tcp(packet, out);
}

bool PacketWalk::next(Segment& out) {
  return aggregate_ && next_of_aggregate(out) == Verdict::tcp;
}

Verdict PacketWalk::walk(Place place, Segment& out) {
  for (;;) {
    std::optional<Verdict> end;
    if (place.layer == Layer::not_ip) {
      end = place.in_ip ? Verdict::not_tcp : Verdict::not_ip;
    } else if (++place.headers > kMaxHeaders) {
      end = Verdict::malformed;
    } else if (place.layer == Layer::ipv4 || place.layer == Layer::ipv6) {
      end = pass_ip(place, out);
    } else {
      end = pass_link_header(place);
    }
    if (!end) continue;
    // Traffic that only uses the port of a tunnel is not damaged.
    const bool no_tunnel = place.guessed && *end == Verdict::malformed;
    return apply_filter(place, no_tunnel ? Verdict::not_tcp : *end);
  }
}

// A fragment whose frame does not match counts as left out until what it is part of does.
Verdict PacketWalk::apply_filter(const Place& place, Verdict verdict) {
  if (place.matched) {
    fragments_left_out_ -= fragments_.take_unmatched();
    return verdict;
  }
  if (verdict != Verdict::fragment_held) return Verdict::filtered;
  ++fragments_left_out_;
  return verdict;
}

std::optional<Verdict> PacketWalk::pass_link_header(Place& place) {
  if (place.layer == Layer::wlan_aggregate) {
    // One inside another is nothing that exists.
    if (aggregate_) return Verdict::malformed;
    aggregate_ = place;
    return Verdict::not_ip;
  }
  Reader r(place.rest.bytes);
  place.layer = parse_layer(place.layer, r);
  if (!r.ok()) return failed(too_short(place.rest));
  place.rest = {r.rest(), place.rest.missing};
  return std::nullopt;
}

// IEEE Std 802.11-2020 clause 9.3.2.2.2: two addresses, the length of what follows, and padding to a multiple
// of 4 behind each subframe but the last.
Verdict PacketWalk::next_of_aggregate(Segment& out) {
  Verdict result = Verdict::not_ip;
  constexpr std::size_t kSubframeHeader = 14;
  while (aggregate_->rest.bytes.size() >= kSubframeHeader && subframes_ < kMaxSubframes) {
    out.place = static_cast<std::uint8_t>(subframes_++);
    Place place = *aggregate_;
    Reader r(place.rest.bytes);
    r.skip(12);
    const std::size_t length = r.u16();
    const std::uint32_t missing = place.rest.missing;
    place.layer = Layer::llc;
    place.rest = take(r, length);
    r.skip(std::min(r.remaining(), (4 - (kSubframeHeader + length) % 4) % 4));
    aggregate_->rest = {r.rest(), missing};
    std::optional<Place> others = std::exchange(aggregate_, std::nullopt);
    const Verdict verdict = walk(std::move(place), out);
    aggregate_ = std::move(others);
    if (verdict == Verdict::tcp) return verdict;
    if (!worth_telling(result)) result = verdict;
  }
  const bool cut = aggregate_->rest.missing > 0;
  if (cut && !worth_telling(result)) result = Verdict::headers_cut;
  aggregate_.reset();
  return result;
}

std::optional<Verdict> PacketWalk::pass_ip(Place& place, Segment& out) {
  place.in_ip = true;
  IpPacket packet;
  const Step step =
      place.layer == Layer::ipv4 ? parse_ipv4(place.rest, packet) : parse_ipv6(place.rest, packet);
  if (!place.matched) place.matched = matches(place.rest);
  if (step != Step::go_on) return failed(step);
  packet.tunnel = place.tunnel;
  packet.matched = place.matched;
  if (packet.fragmented) {
    if (const auto end = join(place, packet)) return end;
  }
  if (packet.protocol == kProtocolTcp) {
    out.tunnel_text = place.tunnel_text;
    return end_at_tcp(packet, out);
  }
  Reader r(packet.payload.bytes);
  const Tunnel tunnel = open_tunnel(packet, r);
  place.guessed = place.guessed || packet.protocol == kProtocolUdp;
  if (!r.ok()) return failed(too_short(packet.payload));
  if (tunnel.inside == Layer::not_ip) return is_quic(packet.payload) ? Verdict::quic : Verdict::not_tcp;
  place.layer = tunnel.inside;
  place.rest = {r.rest(), packet.payload.missing};
  enter(tunnel, packet, place);
  return std::nullopt;
}

// No value: the packet is now a whole datagram.
std::optional<Verdict> PacketWalk::join(Place& place, IpPacket& packet) {
  if (!may_hold_tcp(packet)) return Verdict::not_tcp;
  const FragmentTable::Outcome outcome = fragments_.add(packet, at_);
  if (outcome == FragmentTable::Outcome::of_no_interest) return Verdict::not_tcp;
  ++fragments_seen_;
  if (outcome == FragmentTable::Outcome::held) return Verdict::fragment_held;
  if (outcome == FragmentTable::Outcome::malformed) return Verdict::malformed;
  place.matched = packet.matched || matches_joined(packet);
  const Step step = skip_extensions(packet);
  if (step != Step::go_on) return failed(step);
  // A fragment inside a fragment of the same packet: no sender does that.
  if (packet.fragmented) return Verdict::malformed;
  return std::nullopt;
}

// Everything of `out` but tunnel_text and place.
Verdict PacketWalk::end_at_tcp(const IpPacket& packet, Segment& out) {
  const Step step = parse_tcp(packet.payload, out);
  if (step != Step::go_on) return failed(step);
  out.flow.source.address = packet.source;
  out.flow.destination.address = packet.destination;
  out.flow.tunnel = packet.tunnel;
  return Verdict::tcp;
}

void PacketWalk::enter(const Tunnel& tunnel, const IpPacket& packet, Place& place) {
  place.tunnel = tunnel_identity(place.tunnel, packet, tunnel);
  place.tunnel_text_key =
      mix_bits(place.tunnel_text_key + place.tunnel + std::hash<std::string_view>()(tunnel.name));
  const auto known = tunnel_texts_.find(place.tunnel_text_key);
  if (known != tunnel_texts_.end()) {
    place.tunnel_text = known->second;
    return;
  }
  std::string text = place.tunnel_text ? *place.tunnel_text + ", in it " : std::string();
  text += describe_tunnel(packet, tunnel);
  place.tunnel_text = std::make_shared<const std::string>(std::move(text));
  if (tunnel_texts_.size() >= kMaxTunnelTexts) tunnel_texts_.clear();
  tunnel_texts_.emplace(place.tunnel_text_key, place.tunnel_text);
}

bool PacketWalk::matches(const Stretch& ip_packet) const {
  return filter_(kRawIp, ip_packet.bytes,
                 static_cast<std::uint32_t>(ip_packet.bytes.size()) + ip_packet.missing);
}

bool PacketWalk::matches_joined(const IpPacket& packet) {
  joined_ = header_of_joined(packet);
  append(joined_, packet.payload.bytes);
  return matches({joined_, packet.payload.missing});
}

}  // namespace tlspeel::net
