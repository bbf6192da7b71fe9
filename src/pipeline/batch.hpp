// A batch: what travels from the reader to every worker, and the events that come back. Immutable between
// publication and release, except that worker w fills results[w]. Payloads stay where they were read, and the
// batch holds the blocks that they lie in; what has to be copied - out of joined fragments, or where few
// packets of many blocks are wanted - lies in `arena`, which never moves once something is in it.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/event/progress.hpp"
#include "tlspeel/net/segment.hpp"
#include "tlspeel/pipeline/run.hpp"

namespace tlspeel::pipeline {

// Flows are spread over a fixed number of shards, whatever the number of workers: what a shard decides (idle
// connections, caps) depends on its packets alone.
constexpr std::size_t kShards = 64;

struct BatchItem {
  net::Segment segment;
  PacketRef at;
  std::uint32_t shard = 0;
};

// An event with its sort key: the packet that was being worked on, the connection
// (tcp::ConnectionInfo::id), and its place among the events of all its layers.
struct Emitted {
  std::uint64_t packet = 0;
  std::uint64_t connection = 0;
  std::uint64_t ordinal = 0;
  std::uint32_t depth = 0;  // of the layer: TLS connections may be inside each other
  event::Placed placed{};   // its number is given where all results come together
};

// The order of the run: workers sort by it, the merge goes by it.
bool before(const Emitted& a, const Emitted& b);

// The key of what happens after the last packet.
constexpr std::uint64_t kAfterLastPacket = ~std::uint64_t{0};

struct Batch {
  std::uint64_t number = 0;  // from 0, in the order of reading
  std::vector<BatchItem> items;
  std::vector<capture::BlockPtr> blocks;
  Bytes arena;
  std::list<Bytes> beside_arena;              // copies that did not fit
  std::vector<Emitted> reader_events;         // damage of the capture, in packet order
  std::vector<std::vector<Emitted>> results;  // by worker, sorted
  PacketRef last;                             // the last packet read so far, whether it is in a batch or not
  event::Progress progress;                   // of the reader, when it handed the batch over
  bool idle = false;                          // the input pauses: show what there is
  std::size_t most_payload = kBatchBytes;     // bytes that fit
  // The capture is over, and connections that began before this packet end; 0: it is not over.
  std::uint64_t ends_before = 0;
  bool final = false;  // nothing follows; all connections end

  void clear();
  // False: it does not fit any more (a batch that is empty takes anything). The packet's block may be null.
  bool add(const net::Segment& segment, PacketRef at, const capture::BlockPtr* block);
  // Another segment of the packet that was added last: a packet is in one batch as a whole, so it always
  // fits.
  void add_to_last(const net::Segment& segment, const capture::BlockPtr* block);

 private:
  void put(const net::Segment& segment, PacketRef at, const capture::BlockPtr* block);
  bool hold(const capture::BlockPtr& block, ByteView payload);
  ByteView copy(ByteView payload);

  std::size_t payload_bytes_ = 0;
  std::size_t bytes_held_ = 0;  // of blocks
};

}  // namespace tlspeel::pipeline
