#include "worker.hpp"

#include <algorithm>

#include "tlspeel/base/thread_clock.hpp"

namespace tlspeel::pipeline {

Worker::Worker(std::size_t number, std::size_t workers, const RunConfig& config, const secrets::Store& store,
               secrets::SessionCache& sessions, secrets::PremastersAhead& premasters)
    : number_(number), workers_(workers), sessions_(&sessions) {
  context_.environment.store = &store;
  context_.environment.sessions = &sessions;
  context_.environment.reveal_secrets = config.reveal_secrets;
  context_.environment.keylog_lines = config.keylog_lines;
  context_.environment.fingerprints = config.fingerprints;
  context_.environment.private_key_use = &private_key_use_;
  context_.environment.premasters_ahead = &premasters;
  if (workers > 1) context_.environment.records_ahead = &records_ahead_;
  context_.app.max_body = config.max_body;
  context_.app.body_pieces = config.body_pieces;
  context_.app.http2_frames = config.http2_frames;
  context_.application_data = config.application_data;
  context_.plaintext = config.plaintext;
  for (std::size_t shard = number; shard < kShards; shard += workers) {
    ClearTextBudget& clear_text = clear_text_.emplace_back();
    tables_.emplace_back(tcp::Limits{}, [this, &clear_text](const tcp::ConnectionInfo& info) {
      return std::make_unique<ConnectionChain>(context_, clear_text, info);
    });
  }
}

void Worker::work(Batch& batch) {
  const ThreadTimer timer(time_);
  std::vector<Emitted>& results = batch.results[number_];
  context_.results = &results;
  for (const BatchItem& item : batch.items) {
    if (item.shard % workers_ != number_) continue;
    sessions_->advance(number_, item.at.number);
    context_.environment.current_packet = item.at.number;
    records_ahead_.at(batch, item);
    tables_[item.shard / workers_].push(item.segment, item.at);
  }
  if (batch.final || batch.ends_before != 0) {
    finish(batch);
  } else {
    sessions_->advance(number_, batch.last.number + 1);
  }
  // One packet can end several connections that were silent for too long; otherwise this is in order already.
  if (!std::is_sorted(results.begin(), results.end(), before))
    std::sort(results.begin(), results.end(), before);
}

void Worker::finish(const Batch& batch) {
  // What waits in connections is worked off now and may look for sessions: those of all packets are to be
  // seen.
  sessions_->advance(number_, kAfterLastPacket);
  context_.environment.current_packet = kAfterLastPacket;
  for (tcp::ConnectionTable& table : tables_)
    table.finish(batch.last, batch.final ? kAfterLastPacket : batch.ends_before);
  if (batch.final) sessions_->finished(number_);
}

std::uint64_t Worker::tcp_connections() const {
  std::uint64_t sum = 0;
  for (const tcp::ConnectionTable& table : tables_) sum += table.counters().connections;
  return sum;
}

std::uint64_t Worker::connections_without_tls() const {
  return context_.connections_without_tls;
}

}  // namespace tlspeel::pipeline
