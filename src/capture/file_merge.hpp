// Several captures as one, in the order of time, each read once. A file keeps its own order, also where its
// clock goes back: its packets count as of the latest time so far. Packets of the same time stand in the
// order of the paths. A regular file is opened when the time of its first packet is reached, so that any
// number of files can follow one another; standard input and FIFOs are open all the time, and waited for.
// Where more files overlap than can be open, the rest is read late, and that is said. Packets are counted
// through all files; problems name the file and the packet in it. As PacketSource: not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/capture/packet_source.hpp"

#include "capture/capture_file.hpp"
#include "capture/pipe_secrets.hpp"

namespace tlspeel::capture {

// One of the files that wait to be opened.
struct WaitingFile {
  std::int64_t time_ns = 0;  // of its first packet
  std::size_t place = 0;     // among the paths
  std::string path;
};

// One that is open from the start.
struct OpenPipe {
  std::size_t place = 0;
  std::unique_ptr<CaptureFile> file;
  std::unique_ptr<PipeSecrets> secrets;
};

class FileMerge final : public PacketSource {
 public:
  FileMerge(std::vector<WaitingFile> files, std::vector<OpenPipe> pipes, SourceOptions options,
            std::optional<std::uint64_t> bytes_total);

  ReadState next(Packet& packet) override;
  const std::string& problem() const override { return problem_; }
  std::uint64_t bytes_read() const override;
  std::optional<std::uint64_t> bytes_total() const override { return bytes_total_; }

 private:
  struct Key {
    std::int64_t time_ns = 0;
    std::size_t place = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Input {
    Key key;
    std::unique_ptr<CaptureFile> file;
    std::unique_ptr<PipeSecrets> secrets;  // null: a regular file
    Packet packet;                         // the next one
    std::uint64_t number = 0;              // of it in this file
  };
  static bool later(const std::unique_ptr<Input>& left, const std::unique_ptr<Input>& right) {
    return left->key > right->key;
  }

  ReadState read_ahead(Input& input);
  ReadState open_next();
  bool waits_before(const Key& key) const;
  // Nothing can be opened now, and that was said.
  bool told_late() const { return late_told_ && open_ >= most_open_; }
  ReadState hand_out(Input& input, Packet& packet);
  ReadState damaged(std::string problem);

  std::vector<WaitingFile> waiting_;  // the next one last
  SourceOptions options_;
  std::vector<std::unique_ptr<Input>> unread_;  // whose next packet is not known yet
  std::vector<std::unique_ptr<Input>> ready_;   // a heap, the earliest first
  std::size_t open_ = 0;
  std::size_t most_open_;
  bool late_told_ = false;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_of_finished_ = 0;
  std::optional<std::uint64_t> bytes_total_;
  std::string problem_;
};

}  // namespace tlspeel::capture
