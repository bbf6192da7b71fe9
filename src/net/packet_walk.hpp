// The way of one frame inwards: link header, IP, fragments joined, tunnel, IP again, ... to TCP. A loop, not
// a recursion, and bounded in headers. A frame may hold several packets (an A-MSDU): start() finds the first
// with TCP, next() the others. Views in what comes out live until the next start() or next(). Not thread
// safe; ordinary packets allocate nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/net/decoder.hpp"

#include "net/fragments.hpp"
#include "net/link_types.hpp"
#include "net/tunnels.hpp"

namespace tlspeel::net {

class PacketWalk {
 public:
  explicit PacketWalk(PacketFilter filter) : filter_(std::move(filter)) {}

  // What became of the frame: tcp where any packet of it is; otherwise what was said of the first that was
  // more than a link header.
  Verdict start(int link_type, const Stretch& frame, PacketRef at, Segment& out);
  bool next(Segment& out);
  void finish() { fragments_.finish(); }

  std::uint64_t fragments_seen() const { return fragments_seen_; }
  // Frames of fragments that did not match, nor what was joined of them.
  std::uint64_t fragments_left_out() const { return fragments_left_out_; }
  std::uint64_t fragments_incomplete() const { return fragments_.incomplete(); }

 private:
  using TunnelText = std::shared_ptr<const std::string>;

  // Where the walk is.
  struct Place {
    Layer layer = Layer::not_ip;
    Stretch rest;
    int headers = 0;
    bool in_ip = false;
    bool guessed = false;  // inside UDP: a tunnel is known by its port only
    bool matched = true;   // by the filter: the frame, or a packet further out
    std::uint64_t tunnel = 0;
    std::uint64_t tunnel_text_key = 0;  // of what is shown: the kinds of tunnels count as well
    TunnelText tunnel_text;
  };

  Verdict walk(Place place, Segment& out);
  Verdict apply_filter(const Place& place, Verdict verdict);
  Verdict next_of_aggregate(Segment& out);
  std::optional<Verdict> pass_link_header(Place& place);
  std::optional<Verdict> pass_ip(Place& place, Segment& out);
  std::optional<Verdict> join(Place& place, IpPacket& packet);
  static std::optional<Verdict> try_plain_tcp(const LinkType& link, const Stretch& frame, Segment& out);
  static Verdict end_at_tcp(const IpPacket& packet, Segment& out);
  void enter(const Tunnel& tunnel, const IpPacket& packet, Place& place);
  bool matches(const Stretch& ip_packet) const;
  bool matches_joined(const IpPacket& packet);

  PacketFilter filter_;
  FragmentTable fragments_;
  std::uint64_t fragments_seen_ = 0;
  std::uint64_t fragments_left_out_ = 0;
  PacketRef at_;
  std::optional<Place> aggregate_;  // subframes that were not yet looked at
  int subframes_ = 0;               // that were
  Bytes joined_;                    // for the filter: a datagram as it was before it was split
  std::unordered_map<std::uint64_t, TunnelText> tunnel_texts_;
};

}  // namespace tlspeel::net
