#include "net/fragments.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "net/tunnels.hpp"

namespace tlspeel::net {
namespace {

constexpr std::uint32_t kMaxJoined = 65535;  // the offsets reach no further

bool older_than(PacketRef then, PacketRef now, std::int64_t age_ns) {
  return now.time_ns > then.time_ns &&
         static_cast<std::uint64_t>(now.time_ns) - static_cast<std::uint64_t>(then.time_ns) >
             static_cast<std::uint64_t>(age_ns);
}

}  // namespace

FragmentTable::Outcome FragmentTable::add(IpPacket& packet, PacketRef at) {
  const std::size_t length = packet.payload.bytes.size() + packet.payload.missing;
  const bool ends_evenly = length % 8 == 0;
  if (length == 0 || packet.fragment.offset + length > kMaxJoined || (packet.fragment.more && !ends_evenly)) {
    return Outcome::malformed;
  }
  make_room(at);
  Datagram& datagram = find_or_start(packet, at);
  if (datagram.joined) return Outcome::held;
  datagram.matched = datagram.matched || packet.matched;
  if (shows_no_interest(packet)) forget_bytes(datagram);
  store(datagram, packet);
  return check_completeness(datagram, packet);
}

FragmentTable::Outcome FragmentTable::check_completeness(Datagram& datagram, IpPacket& packet) {
  const Outcome unfinished = datagram.of_no_interest ? Outcome::of_no_interest : Outcome::held;
  if (!datagram.length.has_value() || datagram.seen.prefix() < *datagram.length) {
    if (!packet.matched) datagram.unmatched += 1 + take_unmatched();
    if (datagram.seen.size() > limits_.pieces || datagram.present.size() > limits_.pieces) {
      drop(by_key_.at(datagram.key));
    }
    return unfinished;
  }
  datagram.joined = true;
  if (datagram.of_no_interest) {
    drop(by_key_.at(datagram.key));
    return unfinished;
  }
  datagram.in_use = true;
  in_use_.push_back(&datagram);
  const std::uint32_t whole = std::min(datagram.present.prefix(), *datagram.length);
  packet.payload = {ByteView(datagram.bytes).first(whole), *datagram.length - whole};
  packet.protocol = datagram.protocol;
  packet.fragmented = false;
  packet.matched = datagram.matched;
  return Outcome::joined;
}

void FragmentTable::release_all() {
  for (Datagram* datagram : in_use_) datagram->in_use = false;
  in_use_.clear();
}

std::uint64_t FragmentTable::take_unmatched() {
  std::uint64_t sum = 0;
  for (Datagram* datagram : in_use_) sum += std::exchange(datagram->unmatched, 0);
  return sum;
}

void FragmentTable::finish() {
  release();
  while (!order_.empty()) drop(order_.begin());
}

FragmentTable::Key FragmentTable::key_of(const IpPacket& packet) {
  // RFC 791 names the protocol as part of the key, RFC 8200 does not: there the first fragment decides.
  return {packet.source, packet.destination, packet.tunnel, packet.fragment.id,
          packet.source.v6 ? std::uint8_t{0} : packet.protocol};
}

bool FragmentTable::repeats(const Datagram& datagram, const IpPacket& packet) {
  const ByteView bytes = packet.payload.bytes;
  const std::size_t offset = packet.fragment.offset;
  return offset + bytes.size() <= datagram.bytes.size() &&
         std::equal(bytes.begin(), bytes.end(), ByteView(datagram.bytes).subspan(offset).begin());
}

FragmentTable::Datagram& FragmentTable::find_or_start(const IpPacket& packet, PacketRef at) {
  const Key key = key_of(packet);
  const auto found = by_key_.find(key);
  if (found != by_key_.end()) {
    Datagram& datagram = *found->second;
    if (!datagram.joined || datagram.in_use || repeats(datagram, packet)) return datagram;
    drop(found->second);  // the sender's ids came round
  }
  Datagram& datagram = order_.emplace_back();
  datagram.key = key;
  datagram.first = at;
  datagram.protocol = packet.protocol;
  by_key_.emplace(key, std::prev(order_.end()));
  return datagram;
}

bool FragmentTable::shows_no_interest(const IpPacket& packet) {
  return packet.protocol == kProtocolUdp && packet.fragment.offset == 0 &&
         !may_be_udp_tunnel(packet.payload.bytes);
}

void FragmentTable::forget_bytes(Datagram& datagram) {
  datagram.of_no_interest = true;
  bytes_held_ -= datagram.bytes.capacity();
  datagram.bytes = Bytes();  // assigning {} would keep the memory
  datagram.present = IntervalSet();
}

void FragmentTable::store(Datagram& datagram, const IpPacket& packet) {
  const auto begin = packet.fragment.offset;
  const auto present_end = begin + static_cast<std::uint32_t>(packet.payload.bytes.size());
  const auto end = present_end + packet.payload.missing;
  if (begin == 0) datagram.protocol = packet.protocol;
  if (!packet.fragment.more && !datagram.length.has_value()) datagram.length = end;

  datagram.seen.add(begin, end);
  if (datagram.of_no_interest) return;
  bytes_held_ -= datagram.bytes.capacity();
  if (datagram.bytes.size() < present_end) datagram.bytes.resize(present_end);
  bytes_held_ += datagram.bytes.capacity();
  for (const auto& part : datagram.present.add(begin, present_end)) {
    const ByteView fresh = packet.payload.bytes.subspan(part.begin - begin, part.end - part.begin);
    std::copy(fresh.begin(), fresh.end(), datagram.bytes.begin() + part.begin);
  }
}

// Before a fragment is stored, so that the datagram it completes is not the one that has to go.
void FragmentTable::make_room(PacketRef at) {
  for (auto oldest = order_.begin(); oldest != order_.end();) {
    const bool goes = older_than(oldest->first, at, limits_.age_ns) || order_.size() >= limits_.datagrams ||
                      bytes_held_ > limits_.bytes;
    if (!goes) return;
    const auto next = std::next(oldest);
    if (!oldest->in_use) drop(oldest);
    oldest = next;
  }
}

void FragmentTable::drop(Order::iterator datagram) {
  if (!datagram->joined && !datagram->of_no_interest) ++incomplete_;
  bytes_held_ -= datagram->bytes.capacity();
  by_key_.erase(datagram->key);
  order_.erase(datagram);
}

}  // namespace tlspeel::net
