#include "net/fragments.hpp"

#include <algorithm>

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
  store(datagram, packet);
  if (!datagram.length.has_value() || datagram.seen.prefix() < *datagram.length) {
    if (datagram.seen.size() > limits_.pieces || datagram.present.size() > limits_.pieces) {
      drop(by_key_.at(datagram.key));
    }
    return Outcome::held;
  }
  datagram.joined = true;
  const std::uint32_t whole = std::min(datagram.present.prefix(), *datagram.length);
  packet.payload = {ByteView(datagram.bytes).first(whole), *datagram.length - whole};
  packet.protocol = datagram.protocol;
  packet.fragmented = false;
  return Outcome::joined;
}

void FragmentTable::finish() {
  while (!order_.empty()) drop(order_.begin());
}

FragmentTable::Key FragmentTable::key_of(const IpPacket& packet) {
  // RFC 791 names the protocol as part of the key, RFC 8200 does not: there the first fragment decides.
  return {packet.source, packet.destination, packet.fragment.id,
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
    if (!datagram.joined || repeats(datagram, packet)) return datagram;
    drop(found->second);  // the sender's ids came round
  }
  Datagram& datagram = order_.emplace_back();
  datagram.key = key;
  datagram.first = at;
  datagram.protocol = packet.protocol;
  by_key_.emplace(key, std::prev(order_.end()));
  return datagram;
}

void FragmentTable::store(Datagram& datagram, const IpPacket& packet) {
  const auto begin = packet.fragment.offset;
  const auto present_end = begin + static_cast<std::uint32_t>(packet.payload.bytes.size());
  const auto end = present_end + packet.payload.missing;
  if (begin == 0) datagram.protocol = packet.protocol;
  if (!packet.fragment.more && !datagram.length.has_value()) datagram.length = end;

  bytes_held_ -= datagram.bytes.capacity();
  if (datagram.bytes.size() < present_end) datagram.bytes.resize(present_end);
  bytes_held_ += datagram.bytes.capacity();
  datagram.seen.add(begin, end);
  for (const auto& part : datagram.present.add(begin, present_end)) {
    const ByteView fresh = packet.payload.bytes.subspan(part.begin - begin, part.end - part.begin);
    std::copy(fresh.begin(), fresh.end(), datagram.bytes.begin() + part.begin);
  }
}

// Before a fragment is stored, so that the datagram it completes is not the one that has to go.
void FragmentTable::make_room(PacketRef at) {
  while (!order_.empty() && (older_than(order_.front().first, at, limits_.age_ns) ||
                             order_.size() >= limits_.datagrams || bytes_held_ > limits_.bytes)) {
    drop(order_.begin());
  }
}

void FragmentTable::drop(Order::iterator datagram) {
  if (!datagram->joined) ++incomplete_;
  bytes_held_ -= datagram->bytes.capacity();
  by_key_.erase(datagram->key);
  order_.erase(datagram);
}

}  // namespace tlspeel::net
