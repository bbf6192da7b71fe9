// --save-streams: what each side sent inside TLS, byte for byte, one file per connection and direction. Takes
// every event of a run in order and appends the bytes of Plaintext events to files named "NNNNNN_<client
// address>.<port>-<server address>.<port>.client" or
// ".server" (NNNNNN: number of the connection; ':' of IPv6 becomes '-'). A direction without bytes has no
// file. No I/O here: the store, which outlives the saver, opens, appends and remembers failures. Single
// threaded.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::output {

class FileStore {
 public:
  virtual ~FileStore() = default;
  // The first call for a name makes the file. A name is a plain file name: digits, letters, '.', '-' and '_'
  // only.
  virtual void append(const std::string& name, ByteView bytes) = 0;
};

class StreamSaver {
 public:
  explicit StreamSaver(FileStore& store) : store_(store) {}
  void write(const event::Placed& placed);

 private:
  FileStore& store_;
  std::unordered_map<std::uint64_t, std::array<std::string, 2>> names_;  // of connections that have not ended
};

// File name of one direction of a connection.
std::string stream_file_name(std::uint64_t connection, const Endpoint& client, const Endpoint& server,
                             Direction direction);

}  // namespace tlspeel::output
