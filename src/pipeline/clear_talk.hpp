// What both sides of a connection said in clear before TLS began: kept in turns as long as it is not known
// whether there will be TLS at all, and told as events when there is. What is kept is bounded, for each
// direction and for all connections of a shard; the rest is counted. A header of the PROXY protocol is a turn
// of its own. Single threaded.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::pipeline {

// Of one shard, so that it does not depend on the number of threads. Outlives the talks.
struct ClearTextBudget {
  // Most connections in clear never turn to TLS, and all of them are kept for until they end.
  static constexpr std::size_t kMax = std::size_t{4} * 1024 * 1024;
  std::size_t used = 0;
};

class ClearTalk {
 public:
  static constexpr std::size_t kMaxKept = std::size_t{16} * 1024;  // of a direction
  static constexpr std::size_t kMaxTurns = 256;  // turns cost more than their bytes; further ones are one

  explicit ClearTalk(ClearTextBudget& budget) : budget_(&budget) {}
  ~ClearTalk() { forget(); }
  ClearTalk(const ClearTalk&) = delete;
  ClearTalk& operator=(const ClearTalk&) = delete;

  void push(Direction direction, PacketRef at, ByteView bytes);
  void hole(PacketRef at, const event::StreamGap& gap);

  bool empty() const { return turns_.empty(); }
  // All that was said so far, with the directions as TLS has them, and forgets it. The protocol is named by
  // what was said until the first time.
  void tell(bool swapped, event::EventSink& sink, PacketRef not_before);
  void forget();

 private:
  using Turn = std::variant<event::ClearText, event::StreamGap>;
  struct Entry {
    PacketRef at;
    Turn turn;
  };

  event::ClearText& turn_of(Direction direction, PacketRef at);
  void split_proxy_header();
  ByteView said_first(Direction direction) const;

  ClearTextBudget* budget_;
  std::vector<Entry> turns_;
  std::array<std::size_t, 2> kept_{};
  std::string_view protocol_;
  bool told_ = false;
};

}  // namespace tlspeel::pipeline
