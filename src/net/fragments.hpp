// Joins the fragments of IP datagrams, in any order; where fragments overlap the first copy of a byte wins.
// Of UDP only what may be a tunnel is worth it, and only the first fragment shows the ports: until it comes
// the others are held, and those of a datagram that is none are remembered without their bytes.
// What the snap length cut off the end of a fragment is a hole: the datagram is delivered up to the first
// hole and says how much is missing behind. Bounded by Limits; what goes over them, or does not complete
// within the age (capture time), is dropped and counted. A joined datagram is kept for the same time, so that
// its repeated fragments (mirror ports, "any" interface) are known as such. Views returned live until
// release(): further datagrams may be joined out of one. Sources: RFC 791 section 3.2, RFC 8200 section 4.5.
#pragma once

#include <compare>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "tlspeel/base/packet_ref.hpp"

#include "net/interval_set.hpp"
#include "net/ip_packet.hpp"

namespace tlspeel::net {

class FragmentTable {
 public:
  struct Limits {
    std::size_t bytes = std::size_t{16} << 20U;  // 256 datagrams of the largest size
    std::size_t datagrams = 4096;
    std::size_t pieces = 2048;  // holes at a time in one datagram: 64 KiB in the smallest fragments a link
                                // may demand (RFC 791: MTU 68) are 1366
    std::int64_t age_ns = 30'000'000'000;  // as Linux; ids of 16 bits repeat, so longer would join strangers
  };
  enum class Outcome : std::uint8_t { held, joined, malformed, of_no_interest };

  FragmentTable() = default;
  explicit FragmentTable(const Limits& limits) : limits_(limits) {}

  // `packet` is fragmented. With Outcome::joined it has become the whole datagram, unfragmented.
  Outcome add(IpPacket& packet, PacketRef at);
  // Nobody reads what was joined since the last release() any more.
  void release() {
    if (!in_use_.empty()) release_all();
  }
  // Nothing more will come.
  void finish();
  // How many frames that did not match are in what was joined since the last release() (frames of fragments
  // in fragments included); each is told once.
  std::uint64_t take_unmatched();
  // Datagrams that were dropped before they were complete.
  std::uint64_t incomplete() const { return incomplete_; }
  std::size_t bytes_held() const { return bytes_held_; }

 private:
  struct Key {
    IpAddress source;
    IpAddress destination;
    std::uint64_t tunnel = 0;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Datagram {
    Key key;
    PacketRef first;
    std::uint8_t protocol = 0;
    std::optional<std::uint32_t> length;  // known from the last fragment
    Bytes bytes;
    IntervalSet seen;     // as the headers count
    IntervalSet present;  // as captured
    bool joined = false;
    bool in_use = false;          // joined, and not yet released
    bool of_no_interest = false;  // bytes and present are empty then
    bool matched = false;
    std::uint64_t unmatched = 0;  // frames that were held and had not matched
  };
  using Order = std::list<Datagram>;  // oldest first

  void release_all();
  static Key key_of(const IpPacket& packet);
  static bool repeats(const Datagram& datagram, const IpPacket& packet);
  Datagram& find_or_start(const IpPacket& packet, PacketRef at);
  static bool shows_no_interest(const IpPacket& packet);
  void forget_bytes(Datagram& datagram);
  void store(Datagram& datagram, const IpPacket& packet);
  Outcome check_completeness(Datagram& datagram, IpPacket& packet);
  void make_room(PacketRef at);
  void drop(Order::iterator datagram);

  Limits limits_;
  Order order_;
  std::map<Key, Order::iterator> by_key_;
  std::vector<Datagram*> in_use_;
  std::size_t bytes_held_ = 0;
  std::uint64_t incomplete_ = 0;
};

}  // namespace tlspeel::net
