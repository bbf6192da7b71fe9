// modules: capture
// A capture file of any kind, compressed or not: its packets lie in it and are counted, damage lies in it and
// is told once, reading it again says the same, and what was read ends.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

#include "capture/capture_file.hpp"

namespace {

using tlspeel::ByteView;
using tlspeel::capture::CaptureFile;
using tlspeel::capture::Packet;
using tlspeel::capture::ReadState;

void require(bool condition) {
  if (!condition) std::abort();
}

struct Read {
  std::vector<std::uint64_t> packets;  // time, length and sum of the bytes of each
  std::vector<std::string> problems;
  friend bool operator==(const Read&, const Read&) = default;
};

// A few bytes may unpack to gigabytes.
constexpr std::uint64_t kMostPackets = 20000;

Read read(ByteView bytes) {
  Read out;
  auto file = CaptureFile::of(bytes, "input");
  if (!file) {
    out.problems.push_back(file.error().message);
    require(out.problems.back().starts_with("input: "));
    return out;
  }
  Packet packet;
  std::uint64_t number = 0;
  ReadState before = ReadState::packet;
  for (;;) {
    const ReadState state = (*file)->next(packet, number);
    if (state == ReadState::end || number > kMostPackets) break;
    if (state == ReadState::damaged) {
      require((*file)->problem().starts_with("input: "));
      out.problems.push_back((*file)->problem());
      // What is left out is told as one, up to the next packet or the end.
      require(before == ReadState::packet);
    } else {
      require(packet.at.number == number);
      out.packets.insert(out.packets.end(),
                         {static_cast<std::uint64_t>(packet.at.time_ns), packet.bytes.size(),
                          std::accumulate(packet.bytes.begin(), packet.bytes.end(), std::uint64_t{0})});
    }
    before = state;
  }
  require((*file)->bytes_read() <= bytes.size());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  require(read(bytes) == read(bytes));
  return 0;
}
