// Waits for the first bytes, chooses a protocol by them, and passes everything on. What came before the
// choice is kept and replayed; when it exceeds its bound without a choice, the data is opaque.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/base/on_demand.hpp"

#include "registry.hpp"

namespace tlspeel::app {

class ChoosingParser final : public Parser {
 public:
  ChoosingParser(const Options& options, event::EventSink& sink) : options_(options), sink_(sink) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override;
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override;
  void end(Direction direction, PacketRef at) override;
  void finish(PacketRef at) override;

 private:
  enum class Kind : std::uint8_t { bytes, gap, end };
  struct Held {
    Kind kind = Kind::bytes;
    Direction direction = Direction::client;
    PacketRef at;
    Bytes bytes;
    event::Hole hole;
  };

  bool begins_late() const;
  void keep(Direction direction, PacketRef at, ByteView bytes);
  void look(Direction direction, PacketRef at);
  void choose(std::unique_ptr<Parser> parser, PacketRef at);

  // What was kept is replayed when a later packet decides: its events are complete only then.
  class LaterSink final : public event::EventSink {
   public:
    explicit LaterSink(event::EventSink& sink) : sink_(sink) {}
    void emit(PacketRef at, event::Event&& event) override;
    PacketRef not_before;

   private:
    event::EventSink& sink_;
  };

  Options options_;
  LaterSink sink_;
  std::unique_ptr<Parser> chosen_;
  struct Undecided {
    std::vector<Held> held;
    std::array<Bytes, 2> first_bytes;  // by Direction
  };
  OnDemand<Undecided> undecided_;
};

}  // namespace tlspeel::app
