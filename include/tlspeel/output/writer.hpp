// Where events become something to read. A Writer takes every event of a run in order (sorted by packet,
// connection, ordinal) and writes bytes into a ByteSink. What it writes is a function of the event sequence
// alone: no clock, no thread count, no locale. Lifetime: the sink outlives the writer; events are only
// borrowed for the call. Single threaded. No I/O here: a sink that cannot write remembers that itself and
// swallows the rest.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/event/event.hpp"

namespace tlspeel::output {

enum class Order : std::uint8_t {
  connection,  // blocks grouped by connection, printed when it ends
  time,        // each block as soon as it is complete
};

struct TextOptions {
  Order order = Order::connection;
  bool verbose = false;        // every field
  bool color = false;          // ANSI escape sequences
  bool show_handshake = true;  // also in JSON
  bool show_http = true;       // HTTP and whatever else went through TLS; also in JSON
  bool explain = false;        // handshakes told for somebody who is learning
  bool show_secrets = false;   // print RevealedSecrets where events carry them
  bool pretty = false;         // JSON, XML and forms laid out for reading; in text only
  unsigned width = 0;          // columns of the terminal; 0: unknown, lines are not wrapped
  // Bytes of a body that are shown. The producers cut; a writer only shows what it is given.
  std::uint64_t max_body = 65536;
  // Bytes of a body that an archive keeps (RunConfig::body_pieces).
  std::uint64_t archived_body = std::uint64_t{16} << 20U;
  std::string version{};  // of the program, for formats that name it
};

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual void flush() = 0;
};

class Writer {
 public:
  virtual ~Writer() = default;
  virtual void write(const event::Placed& placed) = 0;
  virtual void flush() = 0;   // the input is idle: what is complete goes out
  virtual void finish() = 0;  // no event follows: everything goes out, complete or not
};

}  // namespace tlspeel::output
