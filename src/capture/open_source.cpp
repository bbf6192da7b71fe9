#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/capture/packet_source.hpp"

#include "capture/capture_file.hpp"

namespace tlspeel::capture {
namespace {

// Several captures as one: each is opened when the one before it is finished, so that any number of files can
// be given.
class FileSequence final : public PacketSource {
 public:
  FileSequence(std::vector<std::string> paths, SourceOptions options, std::unique_ptr<CaptureFile> first,
               std::optional<std::uint64_t> bytes_total)
      : paths_(std::move(paths)),
        options_(std::move(options)),
        current_(std::move(first)),
        bytes_total_(bytes_total) {}

  ReadState next(Packet& packet) override;
  const std::string& problem() const override { return problem_; }
  std::uint64_t bytes_read() const override {
    return bytes_of_finished_ + (current_ ? current_->bytes_read() : 0);
  }
  std::optional<std::uint64_t> bytes_total() const override { return bytes_total_; }

 private:
  void finish_current();
  ReadState damaged(std::string problem);

  std::vector<std::string> paths_;
  SourceOptions options_;
  std::unique_ptr<CaptureFile> current_;
  std::size_t next_path_ = 1;  // the first is open already
  std::uint64_t number_ = 0;
  std::uint64_t bytes_of_finished_ = 0;
  std::optional<std::uint64_t> bytes_total_;
  std::string problem_;
};

// Adds what the path contributes to the total, or nullopt for a pipe.
using Size = std::optional<std::uint64_t>;
Result<Size> check(const std::string& path, const SourceOptions& options);
// What to do with a secrets block of a file whose packets have numbers above `packets_before`, when the
// secrets count from where they stand, or for all packets.
enum class Count : std::uint8_t { from_there, for_all };
OnSecretsBlock tell_secrets(const std::string& path, const SourceOptions& options,
                            std::uint64_t packets_before, Count count);

}  // namespace

Result<std::unique_ptr<PacketSource>> open_source(const std::vector<std::string>& paths,
                                                  const SourceOptions& options) {
  if (paths.empty()) return fail("no capture was given");
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    return fail("standard input ('-') can be read only once, but was given more than once");
  }
  Size total = 0;
  for (const std::string& path : paths) {
    const auto size = check(path, options);
    if (!size) return fail(size.error().message);
    total = total && *size ? Size(*total + **size) : Size{};
  }
  for (const std::string& path : paths) {
    const OnSecretsBlock on_secrets = tell_secrets(path, options, 0, Count::for_all);
    // What cannot be read is met again, and said, when packets are read.
    if (on_secrets) (void)read_secrets_blocks(path, on_secrets);
  }
  auto first =
      CaptureFile::open(paths.front(), options, tell_secrets(paths.front(), options, 0, Count::from_there));
  if (!first) return fail(first.error().message);
  return std::make_unique<FileSequence>(paths, options, std::move(*first), total);
}

namespace {

ReadState FileSequence::next(Packet& packet) {
  while (current_ || next_path_ < paths_.size()) {
    if (!current_) {
      const std::string& path = paths_[next_path_++];
      auto file = CaptureFile::open(path, options_, tell_secrets(path, options_, number_, Count::from_there));
      if (!file) return damaged(file.error().message);
      current_ = std::move(*file);
    }
    const ReadState state = current_->next(packet, number_);
    if (state == ReadState::packet) return state;
    if (state == ReadState::damaged) return damaged(current_->problem());
    finish_current();
  }
  return ReadState::end;
}

void FileSequence::finish_current() {
  bytes_of_finished_ += current_->bytes_read();
  current_.reset();
}

ReadState FileSequence::damaged(std::string problem) {
  problem_ = std::move(problem);
  return ReadState::damaged;
}

// A regular file is opened as if it were to be read, header and filter included. A pipe can be read only
// once, so that here is only seen whether it is there.
Result<Size> check(const std::string& path, const SourceOptions& options) {
  if (path == "-") return Size{};
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode) && ::access(path.c_str(), R_OK) == 0) {
    return Size{};
  }
  const auto file = CaptureFile::open(path, options);
  if (!file) return fail(file.error().message);
  return Size(static_cast<std::uint64_t>(status.st_size));
}

OnSecretsBlock tell_secrets(const std::string& path, const SourceOptions& options,
                            std::uint64_t packets_before, Count count) {
  if (!options.on_secrets) return {};
  return
      [tell = options.on_secrets, name = input_name(path), packets_before, count](const SecretsBlock& block) {
        if (block.type != SecretsBlock::kTlsKeyLog) return;
        tell({count == Count::for_all ? 0 : packets_before + block.after_packets, name, block.data});
      };
}

}  // namespace

}  // namespace tlspeel::capture
