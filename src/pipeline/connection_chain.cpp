#include "connection_chain.hpp"

#include <exception>

#include <fmt/format.h>

namespace tlspeel::pipeline {
namespace {

event::TcpEnd tcp_end(tcp::EndReason reason) {
  switch (reason) {
    case tcp::EndReason::fin:
      return event::TcpEnd::fin;
    case tcp::EndReason::reset:
      return event::TcpEnd::reset;
    case tcp::EndReason::idle:
      return event::TcpEnd::idle;
    case tcp::EndReason::port_reused:
      return event::TcpEnd::port_reused;
    case tcp::EndReason::capture_end:
      break;
  }
  return event::TcpEnd::capture_end;
}

}  // namespace

ConnectionChain::ConnectionChain(ChainContext& context, ClearTextBudget& clear_text,
                                 const tcp::ConnectionInfo& info)
    : context_(&context), clear_text_(&clear_text), info_(&info), outermost_(*this, info) {}

void ConnectionChain::on_data(const tcp::StreamChunk& chunk) {
  guarded(chunk.at, [&] {
    if (wants_data()) outermost_.push(chunk.direction, chunk.at, chunk.bytes);
  });
}

void ConnectionChain::on_gap(const tcp::StreamGap& gap) {
  guarded(gap.at, [&] { outermost_.hole(gap.direction, gap.at, {gap.length, gap.cut_in.number}); });
}

void ConnectionChain::on_stream_end(Direction direction, PacketRef at) {
  guarded(at, [&] { outermost_.end(direction, at); });
}

void ConnectionChain::on_end(tcp::EndReason reason, PacketRef at,
                             const std::array<tcp::DirectionStats, 2>& stats) {
  guarded(at, [&] { outermost_.finish(at); });
  if (outermost_.found()) {
    outermost_.tell_end(tcp_end(reason), info_->first, at, stats);
  } else {
    ++context_->connections_without_tls;
  }
}

void ConnectionChain::emit(std::uint32_t depth, PacketRef at, event::Event&& event) {
  Emitted& emitted = context_->results->emplace_back(
      Emitted{context_->environment.current_packet, info_->id(), ordinal_++, depth});
  emitted.placed.at = at;
  emitted.placed.event = std::move(event);
}

template <class Work>
void ConnectionChain::guarded(PacketRef at, Work work) {
  if (failed_) return;
  try {
    work();
  } catch (const std::exception& error) {
    failed_ = true;
    if (outermost_.found()) {
      emit(0, at,
           event::Problem{std::nullopt, "run", fmt::format("this connection is given up: {}", error.what())});
    }
  }
}

}  // namespace tlspeel::pipeline
