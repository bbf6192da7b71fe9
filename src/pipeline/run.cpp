#include "tlspeel/pipeline/run.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "crew.hpp"
#include "event_merge.hpp"
#include "look_ahead.hpp"
#include "packet_reader.hpp"
#include "process_use.hpp"
#include "worker.hpp"

namespace tlspeel::pipeline {
namespace {

using Workers = std::vector<std::unique_ptr<Worker>>;

// The crew's members but the one that the calling thread is. Whatever made that one leave, an exception too,
// the others leave as well.
class Threads {
 public:
  explicit Threads(Crew& crew) : crew_(&crew) {}
  ~Threads() {
    crew_->stop();
    for (std::thread& each : threads_) each.join();
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  void start(std::size_t members) {
    for (std::size_t member = 1; member < members; ++member) {
      threads_.emplace_back([this, member] { crew_->serve(member); });
    }
  }

 private:
  Crew* crew_;
  std::vector<std::thread> threads_;
};

Workers make_workers(const RunConfig& config, const secrets::Store& store, secrets::SessionCache& sessions,
                     secrets::PremastersAhead& premasters) {
  Workers workers;
  for (std::size_t w = 0; w < config.threads; ++w) {
    workers.push_back(std::make_unique<Worker>(w, config.threads, config, store, sessions, premasters));
  }
  return workers;
}

std::vector<OpeningAhead*> records_of(const Workers& workers) {
  std::vector<OpeningAhead*> records;
  for (const auto& worker : workers) records.push_back(&worker->records_ahead());
  return records;
}

void serve(Crew& crew, std::size_t members) {
  Threads threads(crew);
  threads.start(members);
  crew.serve(0);
}

event::RunSummary::OtherProtocols other_protocols(const net::Counters& counters) {
  constexpr std::size_t kNamed = 3;
  event::RunSummary::OtherProtocols other;
  for (const auto& [number, packets] : counters.other_ether_types) {
    other.packets += packets;
    other.most.push_back({number, packets});
  }
  std::stable_sort(other.most.begin(), other.most.end(),
                   [](const auto& a, const auto& b) { return a.packets > b.packets; });
  other.more = other.most.size() > kNamed;
  if (other.more) other.most.resize(kNamed);
  return other;
}

event::RunSummary summarize(const PacketReader& reader, const Workers& workers, const secrets::Store& store,
                            const EventMerge& merge) {
  const net::Counters& counters = reader.counters();
  event::RunSummary summary;
  summary.packets = counters.packets;
  summary.bytes = counters.wire_bytes;
  summary.packets_cut = counters.cut;
  summary.packets_not_ip = counters.not_ip + counters.unknown_link_type;
  summary.other_protocols = other_protocols(counters);
  summary.packets_not_tcp = counters.not_tcp + counters.quic;
  summary.packets_malformed = counters.malformed + counters.headers_cut;
  summary.fragments_incomplete = counters.fragments_incomplete;
  summary.quic_packets = counters.quic;
  summary.packets_left_out = counters.filtered;
  for (const auto& worker : workers) {
    summary.tcp_connections += worker->tcp_connections();
    summary.connections_without_tls += worker->connections_without_tls();
  }
  for (const auto& [kind, label, description] : store.secrets()) {
    summary.secrets.push_back({kind, label, description, merge.connections_opened_with(label)});
  }
  return summary;
}

RunReport report_of(const PacketReader& reader, const Workers& workers, const EventMerge& merge) {
  RunReport report = merge.report();
  report.capture_problems = reader.problem_count();
  report.problems = reader.problems();
  event::RunFigures& figures = report.figures;
  figures.tls_connections = report.tls_connections;
  figures.reading = reader.time();
  figures.writing = merge.time();
  figures.bytes_read = reader.bytes_read();
  figures.packets = reader.counters().packets;
  for (const auto& worker : workers) {
    figures.tcp_connections += worker->tcp_connections();
    figures.private_key_operations += worker->private_key_use().operations;
    figures.private_key += worker->private_key_use().time;
    figures.connections += worker->time();
  }
  return report;
}

// What a run takes of the machine from here on.
class Effort {
 public:
  void add_to(event::RunFigures& figures) const {
    figures.elapsed =
        std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin_)
            .count();
    figures.processor = process_time() - processor_;
    figures.peak_memory = peak_memory();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::int64_t processor_ = process_time();
};

}  // namespace

Result<RunReport> run(const RunConfig& config, secrets::Store& store, const Outputs& outputs) {
  const Effort effort;
  secrets::SessionCache sessions(config.threads);
  secrets::PremastersAhead premasters;
  const Workers workers = make_workers(config, store, sessions, premasters);
  LookAhead ahead(records_of(workers), store, sessions, premasters);
  EventMerge merge(outputs);
  std::unique_ptr<PacketReader> reader;
  PacketRef last;
  Crew crew(config.threads,
            {[&] { return reader->read(); },
             [&](std::size_t member, Batch& batch) { workers[member]->work(batch); },
             [&](Batch& batch) {
               merge.write(batch);
               last = batch.last;
               return !outputs.stop || !outputs.stop();
             },
             [&](std::size_t member) { workers[member]->leave(); },
             [&](std::size_t member, const BatchWindow& batches) { return ahead.step(member, batches); }});
  auto opened = PacketReader::open(config, store, crew, outputs.packets);
  if (!opened) return tl::unexpected(opened.error());
  reader = *std::move(opened);
  serve(crew, config.threads);
  merge.write_summary(summarize(*reader, workers, store, merge), last);
  RunReport report = report_of(*reader, workers, merge);
  report.secrets_given = !store.empty();
  report.figures.private_key += ahead.private_key_time();
  report.figures.connections += ahead.private_key_time() + ahead.opening_time();
  effort.add_to(report.figures);
  return report;
}

}  // namespace tlspeel::pipeline
