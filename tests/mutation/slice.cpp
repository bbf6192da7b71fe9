#include "slice.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/net/decoder.hpp"

namespace tlspeel::mutation {
namespace {

constexpr std::size_t kMostOtherFiles = 2;

net::Flow without_direction(net::Flow flow) {
  if (flow.destination < flow.source) std::swap(flow.source, flow.destination);
  return flow;
}

// In the order of their first packets.
std::vector<std::size_t> connections_of(const std::vector<std::size_t>& of_packets) {
  std::vector<std::size_t> found;
  std::set<std::size_t> known{kNoConnection};
  for (const std::size_t connection : of_packets) {
    if (known.insert(connection).second) found.push_back(connection);
  }
  return found;
}

}  // namespace

std::vector<std::size_t> Connections::of_packets(ByteView file, const CaptureMap& map) {
  net::Decoder decoder;
  std::vector<std::size_t> numbers;
  numbers.reserve(map.packets.size());
  for (const PacketPlace& packet : map.packets) {
    net::Segment segment;
    const ByteView bytes = file.subspan(packet.data.offset, packet.data.length);
    const PacketRef at{numbers.size() + 1, 0};
    const auto verdict = decoder.decode(packet.link_type, bytes, packet.wire_length, at, segment);
    numbers.push_back(verdict != net::Verdict::tcp
                          ? kNoConnection
                          : numbers_.emplace(without_direction(segment.flow), numbers_.size()).first->second);
  }
  return numbers;
}

void choose_connections(const std::vector<std::size_t>& of_packets, std::size_t most, Random& random,
                        std::set<std::size_t>& chosen) {
  const std::vector<std::size_t> all = connections_of(of_packets);
  if (all.empty()) return;
  const std::size_t wanted = 1 + random.below(most);
  const bool neighbours = random.one_in(2);
  const std::size_t first = random.below(all.size());
  chosen.insert(all.at(first));
  for (std::size_t i = 1; i < wanted; ++i) {
    chosen.insert(all.at(neighbours ? std::min(first + i, all.size() - 1) : random.below(all.size())));
  }
}

std::set<std::size_t> choose_files(std::size_t damaged, std::size_t files, Random& random) {
  std::set<std::size_t> chosen{damaged};
  const std::size_t others = random.below(kMostOtherFiles + 1);
  for (std::size_t i = 1; i <= others; ++i) {
    chosen.insert(random.one_in(2) ? (damaged + i) % files : random.below(files));
  }
  return chosen;
}

Bytes slice(ByteView file, const CaptureMap& map, const std::vector<std::size_t>& of_packets,
            const std::set<std::size_t>& chosen) {
  Bytes out;
  std::size_t done = 0;
  for (std::size_t i = 0; i < of_packets.size(); ++i) {
    if (of_packets.at(i) == kNoConnection || chosen.contains(of_packets.at(i))) continue;
    const Range left_out = map.packets.at(i).record;
    append(out, file.subspan(done, left_out.offset - done));
    done = left_out.offset + left_out.length;
  }
  append(out, file.subspan(done));
  return out;
}

}  // namespace tlspeel::mutation
