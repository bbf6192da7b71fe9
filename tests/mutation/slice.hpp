// A capture of many connections spends its time on those that a mutation did not touch. A slice of it has
// some of its TCP connections, and everything that is of none: headers, interfaces, secrets, other packets,
// and the fragments of IP datagrams before the last. No errors; not thread safe.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <set>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/net/segment.hpp"

#include "capture_map.hpp"
#include "mutant.hpp"

namespace tlspeel::mutation {

inline constexpr std::size_t kNoConnection = std::numeric_limits<std::size_t>::max();

// Numbers of connections, the same in each file of a case. A connection is all there is between two
// endpoints.
class Connections {
 public:
  // Of each packet of a file, in its order; or kNoConnection.
  std::vector<std::size_t> of_packets(ByteView file, const CaptureMap& map);

 private:
  std::map<net::Flow, std::size_t> numbers_;
};

// Some of the connections of a file: 1 to `most` of them, half of the time such as follow one another, as a
// session is resumed soon. of_packets: not empty of connections, or nothing is chosen.
void choose_connections(const std::vector<std::size_t>& of_packets, std::size_t most, Random& random,
                        std::set<std::size_t>& chosen);

// The damaged file of a case, and up to two others, in ascending order; half of them stand behind it.
std::set<std::size_t> choose_files(std::size_t damaged, std::size_t files, Random& random);

Bytes slice(ByteView file, const CaptureMap& map, const std::vector<std::size_t>& of_packets,
            const std::set<std::size_t>& chosen);

}  // namespace tlspeel::mutation
