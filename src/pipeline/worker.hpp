// The part of the shards that one worker owns: their connection tables and everything above TCP. Worker w of
// T takes the shards s with s % T == w, always in packet order, so a connection lives in one worker and
// nothing in it is locked. Used by one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "tlspeel/pipeline/run.hpp"
#include "tlspeel/secrets/session_cache.hpp"
#include "tlspeel/secrets/store.hpp"
#include "tlspeel/tcp/connection_table.hpp"

#include "batch.hpp"
#include "connection_chain.hpp"
#include "opening_ahead.hpp"

namespace tlspeel::pipeline {

class Worker {
 public:
  Worker(std::size_t number, std::size_t workers, const RunConfig& config, const secrets::Store& store,
         secrets::SessionCache& sessions, secrets::PremastersAhead& premasters);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Fills batch.results[number]; after the final batch every connection has ended.
  void work(Batch& batch);
  // The run is left early: nobody is to wait for this worker's sessions.
  void leave() { sessions_->finished(number_); }

  // What other threads may do for this worker's connections.
  OpeningAhead& records_ahead() { return records_ahead_; }

  std::uint64_t tcp_connections() const;
  std::uint64_t connections_without_tls() const;
  const tls::PrivateKeyUse& private_key_use() const { return private_key_use_; }
  std::int64_t time() const { return time_; }  // that work() took of its thread

 private:
  void finish(const Batch& batch);

  std::size_t number_;
  std::size_t workers_;
  secrets::SessionCache* sessions_;
  tls::PrivateKeyUse private_key_use_;
  std::int64_t time_ = 0;
  OpeningAhead records_ahead_;
  ChainContext context_;
  std::deque<ClearTextBudget> clear_text_;  // by shard, as tables_
  std::vector<tcp::ConnectionTable>
      tables_;  // of the shards number, number + workers, number + 2 * workers...
};

}  // namespace tlspeel::pipeline
