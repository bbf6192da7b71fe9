// One run: reads captures, sends every packet through net, tcp, tls and app, and gives the events to the
// writers in packet order. The output is a function of the input alone: the same for any number of threads
// (see src/README.md). Memory is bounded: at most kBatchesInFlight batches wait for the writer, and every
// layer has its own caps. Blocks until the run is over; writers are called by one thread at a time, of those
// of the run.
// Errors: what keeps a run from starting is an Error; damage met on the way is an event and in the report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tlspeel/base/result.hpp"
#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/event/progress.hpp"
#include "tlspeel/event/run_figures.hpp"
#include "tlspeel/net/segment.hpp"
#include "tlspeel/output/writer.hpp"
#include "tlspeel/secrets/store.hpp"

namespace tlspeel::pipeline {

constexpr std::size_t kBatchPackets = 1024;
// Small enough that what one thread reads is in a cache still when another one comes to it.
constexpr std::size_t kBatchBytes = std::size_t{256} * 1024;
// Where bodies are handed on whole: of each byte decoders may make some 250, and all that came of a batch is
// in memory until it is written.
constexpr std::size_t kBatchBytesOfBodies = std::size_t{128} * 1024;
constexpr std::size_t kBatchesInFlight = 8;
constexpr std::size_t kProblemsKept = 16;  // a folder of broken files must not fill the terminal

struct RunConfig {
  std::vector<std::string> captures;  // "-" is standard input
  std::vector<std::string> problems;  // with captures that are left out, told before any packet
  std::string filter;                 // tcpdump's syntax; empty: all
  std::size_t threads = 1;            // of the run, the calling one included
  std::uint64_t max_body = 65536;     // bytes of each body that are kept for showing
  bool application_data = true;       // somebody looks at HTTP and other application data
  bool plaintext = false;             // Plaintext events
  bool body_pieces = false;           // BodyPiece events
  bool http2_frames = false;          // HttpFrame events
  bool reveal_secrets = false;        // KeysEstablished carries values
  bool keylog_lines = false;          // SecretsRecovered events, for a key log or for showing
  bool fingerprints = false;          // ClientHello and ServerHello carry theirs
};

struct RunReport {
  std::uint64_t tls_connections = 0;
  std::uint64_t connections_opened = 0;  // whole or in part
  std::uint64_t connections_closed = 0;  // something stayed closed
  std::uint64_t capture_problems = 0;
  bool secrets_given = false;         // by the user or in the capture
  std::vector<std::string> problems;  // the first kProblemsKept of them, a sentence each
  event::RunFigures figures;
};

// A packet as it was read; lives for the call.
struct ReadPacket {
  const capture::Packet& packet;
  std::span<const net::Flow> flows;  // of the TCP segments in it, of which there is mostly one
  bool fragment = false;             // of a datagram: what it belongs to shows with another packet
};

// stop() is asked between batches; true ends the run early (the reader of the output is gone). progress() is
// told between batches how far the run is. Both are called by one thread at a time, as the writers are.
struct Outputs {
  std::vector<output::Writer*> writers;  // each is given every event; some want an option of RunConfig
  std::function<bool()> stop{};          // may be empty
  std::function<void(const event::Progress&)> progress{};  // may be empty
  // Every packet that the filter did not leave out, in the order of the run; by one thread at a time, which
  // reads ahead while others call what is above. May be empty.
  std::function<void(const ReadPacket&)> packets{};
};

// Secrets that stand in the captures are added to the store.
Result<RunReport> run(const RunConfig& config, secrets::Store& store, const Outputs& outputs);

}  // namespace tlspeel::pipeline
