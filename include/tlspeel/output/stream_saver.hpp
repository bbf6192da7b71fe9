// --save-streams: what each side sent inside TLS, byte for byte, one file per connection and direction. Takes
// every event of a run in order and appends the bytes of Plaintext events to files named "NNNNNN_<client
// address>.<port>-<server address>.<port>.client" or
// ".server" (NNNNNN: number of the connection; ':' of IPv6 becomes '-'). A direction without bytes has no
// file. Where PlaintextGap says that bytes are missing, as many zeros as it says stand in the file, and a
// line "OFFSET LENGTH exact|estimated" or "OFFSET unknown unknown" in a map beside it, named like the file
// with ".holes" behind; without holes there is no map, also none of an earlier run. No I/O here: the store,
// which outlives the saver, opens, appends and remembers failures. Single threaded.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

class FileStore {
 public:
  virtual ~FileStore() = default;
  // The first call for a name makes the file. A name is a plain file name: digits, letters, '.', '-' and '_'
  // only.
  virtual void append(const std::string& name, ByteView bytes) = 0;
  // As append() with `count` zeros, which need no room on the disk.
  virtual void skip(const std::string& name, std::uint64_t count) = 0;
  // No such file, also where an earlier run left one.
  virtual void remove(const std::string& name) = 0;
};

class StreamSaver final : public Writer {
 public:
  // Lengths of holes are what sequence numbers claim: a forged capture could ask for files of terabytes,
  // which programs that read them do not survive. The first hole that goes beyond this and all behind it in
  // the file get no zeros; the map has them.
  static constexpr std::uint64_t kMaxPadding = std::uint64_t{4} << 30U;

  explicit StreamSaver(FileStore& store) : store_(store) {}
  void write(const event::Placed& placed) override;
  void flush() override {}  // what it was given has gone out
  void finish() override {}

 private:
  struct File {
    std::string name;
    std::uint64_t padding_left = kMaxPadding;
    bool begun = false;
    bool has_map = false;
  };

  void begin(File& file);
  void pad(File& file, const event::PlaintextGap& gap);

  FileStore& store_;
  std::unordered_map<std::uint64_t, std::array<File, 2>> files_;  // of connections that have not ended
};

// File name of one direction of a connection.
std::string stream_file_name(std::uint64_t connection, const Endpoint& client, const Endpoint& server,
                             Direction direction);

}  // namespace tlspeel::output
