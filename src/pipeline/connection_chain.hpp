// The one place where TCP and the layers above it are tied together for one connection: its bytes go to a
// TlsLayer, and the events of that layer and of those inside it into the worker's list. Lives from a
// connection's first byte to its end. Single threaded. Nothing that a layer throws (the crypto library
// failed, no memory) leaves it: the connection is given up with a Problem event and the run goes on.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/tcp/stream_sink.hpp"
#include "tlspeel/tls/connection.hpp"

#include "batch.hpp"
#include "clear_talk.hpp"
#include "tls_layer.hpp"

namespace tlspeel::pipeline {

// What the chains of one worker share. Outlives them.
struct ChainContext {
  tls::Environment environment;
  app::Options app;
  bool application_data = true;
  bool plaintext = false;
  std::vector<Emitted>* results = nullptr;  // of the batch being worked on
  std::uint64_t connections_without_tls = 0;
  TlsSearch::Spare spare_for_searches{};
};

class ConnectionChain final : public tcp::StreamSink, LayerHost {
 public:
  // clear_text: of the connection's shard. Both outlive it.
  ConnectionChain(ChainContext& context, ClearTextBudget& clear_text, const tcp::ConnectionInfo& info);

  void on_data(const tcp::StreamChunk& chunk) override;
  void on_gap(const tcp::StreamGap& gap) override;
  void on_stream_end(Direction direction, PacketRef at) override;
  void on_end(tcp::EndReason reason, PacketRef at, const std::array<tcp::DirectionStats, 2>& stats) override;
  bool wants_data() const override { return !outermost_.without_tls(); }

 private:
  template <class Work>
  void guarded(PacketRef at, Work work);

  // LayerHost
  void emit(std::uint32_t depth, PacketRef at, event::Event&& event) override;
  tls::Environment& environment() override { return context_->environment; }
  const app::Options* app_options() const override {
    return context_->application_data ? &context_->app : nullptr;
  }
  bool plaintext_wanted() const override { return context_->plaintext; }
  ClearTextBudget& clear_text_budget() override { return *clear_text_; }
  TlsSearch::Spare& spare_for_searches() override { return context_->spare_for_searches; }

  ChainContext* context_;
  ClearTextBudget* clear_text_;
  const tcp::ConnectionInfo* info_;
  std::uint64_t ordinal_ = 0;
  bool failed_ = false;
  TlsLayer outermost_;
};

}  // namespace tlspeel::pipeline
