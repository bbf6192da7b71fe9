// modules: capture
// A capture file: its secrets are the same whether it comes in one piece, in small ones, or with what is of
// no interest left out; they lie in the file and behind ever more packets.
#include <algorithm>
#include <cstdlib>
#include <vector>

#include "tlspeel/capture/secrets_blocks.hpp"

namespace {

using tlspeel::Bytes;
using tlspeel::ByteView;
using tlspeel::capture::SecretsBlock;
using tlspeel::capture::SecretsBlockWalker;

struct Found {
  std::uint32_t type = 0;
  std::uint64_t after_packets = 0;
  Bytes data;
  friend bool operator==(const Found&, const Found&) = default;
};

struct Walked {
  std::vector<Found> found;
  bool ended = false;
  friend bool operator==(const Walked&, const Walked&) = default;
};

// Pieces of 1 to `largest` bytes.
Walked walk(ByteView file, std::size_t largest, bool leave_out) {
  Walked out;
  SecretsBlockWalker walker([&out](const SecretsBlock& block) {
    out.found.push_back({block.type, block.after_packets, tlspeel::to_bytes(block.data)});
  });
  for (std::size_t at = 0, n = largest; at < file.size(); n = n % largest + 1) {
    const std::size_t size = std::min(n, file.size() - at);
    walker.push(file.subspan(at, size));
    at += size;
    if (!leave_out) continue;
    const std::size_t skip = std::min<std::uint64_t>(walker.skip(), file.size() - at);
    walker.passed(skip);
    at += skip;
  }
  walker.finish();
  out.ended = walker.ended();
  return out;
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView file(data, size);
  const Walked whole = walk(file, size, false);
  require(walk(file, 1, false) == whole);
  require(walk(file, 7, false) == whole);
  require(walk(file, 7, true) == whole);
  require(walk(file, 4096, true) == whole);
  std::uint64_t bytes = 0;
  std::uint64_t packets = 0;
  for (const Found& found : whole.found) {
    bytes += found.data.size() + 20;
    require(found.after_packets >= packets);
    packets = found.after_packets;
  }
  require(bytes + packets * 12 <= size);
  return 0;
}
