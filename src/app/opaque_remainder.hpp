// What is not (or no longer) HTTP goes on as opaque turns. Most connections say nothing but HTTP: what is
// opaque has a parser when it is there. One thread.
#pragma once

#include <memory>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/http/remainder.hpp"

#include "opaque_parser.hpp"

namespace tlspeel::app {

class OpaqueRemainder final : public http::Remainder {
 public:
  OpaqueRemainder(const Options& options, event::EventSink& sink) : options_(options), sink_(sink) {}

  void push(Direction direction, PacketRef at, ByteView bytes) override;
  void gap(Direction direction, PacketRef at, const event::Hole& hole) override;
  void end(Direction direction, PacketRef at) override;
  void turn_over(Direction direction, PacketRef at) override {
    if (opaque_) opaque_->turn_over(direction, at);
  }
  void finish(PacketRef at);

 private:
  OpaqueParser& opaque();

  Options options_;
  event::EventSink& sink_;
  std::unique_ptr<OpaqueParser> opaque_;
};

}  // namespace tlspeel::app
