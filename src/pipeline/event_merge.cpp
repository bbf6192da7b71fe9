#include "event_merge.hpp"

#include <utility>
#include <vector>

#include "tlspeel/base/thread_clock.hpp"

namespace tlspeel::pipeline {
namespace {

struct Cursor {
  std::vector<Emitted>* list = nullptr;
  std::size_t next = 0;

  bool done() const { return next == list->size(); }
  const Emitted& head() const { return (*list)[next]; }
};

}  // namespace

void EventMerge::write(Batch& batch) {
  const ThreadTimer timer(time_);
  std::vector<Cursor> cursors;
  cursors.push_back({&batch.reader_events});
  for (auto& list : batch.results) cursors.push_back({&list});
  for (;;) {
    Cursor* first = nullptr;  // as many cursors as cores: a heap would cost more than it saves
    for (Cursor& each : cursors) {
      if (!each.done() && (first == nullptr || before(each.head(), first->head()))) first = &each;
    }
    if (first == nullptr) break;
    place((*first->list)[first->next++]);
  }
  for (const Cursor& each : cursors) each.list->clear();
  tell_progress(batch.progress);
  if (!batch.idle) return;
  for (output::Writer* const each : outputs_->writers) each->flush();
}

void EventMerge::place(Emitted& emitted) {
  event::Placed& placed = emitted.placed;
  const std::pair layer(emitted.connection, emitted.depth);
  if (auto* const start = std::get_if<event::ConnectionStart>(&placed.event)) {
    numbers_[layer] = ++report_.tls_connections;
    if (emitted.depth != 0) start->inside = numbers_.at({emitted.connection, emitted.depth - 1});
  }
  if (emitted.connection != 0) placed.connection = numbers_.at(layer);
  for (output::Writer* const each : outputs_->writers) each->write(placed);
  if (const auto* end = std::get_if<event::ConnectionEnd>(&placed.event)) {
    count(*end);
    numbers_.erase(layer);
  }
}

void EventMerge::count(const event::ConnectionEnd& end) {
  using event::ConnectionOutcome;
  const bool opened =
      end.outcome == ConnectionOutcome::opened || end.outcome == ConnectionOutcome::partly_opened;
  const bool closed =
      end.outcome == ConnectionOutcome::closed || end.outcome == ConnectionOutcome::partly_opened;
  report_.connections_opened += opened ? 1U : 0U;
  report_.connections_closed += closed ? 1U : 0U;
  for (const event::DirectionCounts& counts : end.counts) {
    report_.figures.records += counts.records;
    report_.figures.records_opened += counts.records_opened;
    report_.figures.records_closed += counts.records_closed;
    report_.figures.application_bytes += counts.application_bytes;
  }
  if (!opened) return;
  for (const std::string& label : end.secrets_used) ++uses_[label];
}

void EventMerge::tell_progress(event::Progress progress) const {
  if (!outputs_->progress) return;
  progress.tls_connections = report_.tls_connections;
  outputs_->progress(progress);
}

void EventMerge::write_summary(event::RunSummary summary, PacketRef last) {
  const ThreadTimer timer(time_);
  const event::Placed placed{0, last, std::move(summary)};
  for (output::Writer* const each : outputs_->writers) {
    each->write(placed);
    each->finish();
  }
}

std::uint64_t EventMerge::connections_opened_with(const std::string& label) const {
  const auto found = uses_.find(label);
  return found == uses_.end() ? 0 : found->second;
}

}  // namespace tlspeel::pipeline
