#include <algorithm>
#include <cstdint>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/capture/packet_source.hpp"

#include "capture/capture_file.hpp"
#include "capture/file_merge.hpp"
#include "capture/pipe_secrets.hpp"

namespace tlspeel::capture {
namespace {

// The usual case, as fast as it can be.
class SingleCapture final : public PacketSource {
 public:
  SingleCapture(std::unique_ptr<CaptureFile> file, std::optional<std::uint64_t> bytes_total)
      : file_(std::move(file)), bytes_total_(bytes_total) {}

  ReadState next(Packet& packet) override { return file_->next(packet, number_); }
  const std::string& problem() const override { return file_->problem(); }
  std::uint64_t bytes_read() const override { return file_->bytes_read(); }
  std::optional<std::uint64_t> bytes_total() const override { return bytes_total_; }

 private:
  std::unique_ptr<CaptureFile> file_;
  std::uint64_t number_ = 0;
  std::optional<std::uint64_t> bytes_total_;
};

// nullopt: a pipe, which can be read only once; whether it is there is all that is seen here.
using Size = std::optional<std::uint64_t>;
Result<Size> size_of(const std::string& path);
Result<std::unique_ptr<PacketSource>> open_single(const std::string& path, Size size,
                                                  const SourceOptions& options);
Result<std::unique_ptr<PacketSource>> open_several(const std::vector<std::string>& paths,
                                                   const std::vector<Size>& sizes,
                                                   const SourceOptions& options);
Result<std::vector<OpenPipe>> open_pipes(const std::vector<std::string>& paths,
                                         const std::vector<Size>& sizes, const SourceOptions& options);
Result<WaitingFile> look_at_start(const std::string& path, std::size_t place, const SourceOptions& options);
void tell_all_secrets(const std::string& path, const SourceOptions& options);
OnSecretsBlock tell_pipe_secrets(const std::string& path, const SourceOptions& options);

}  // namespace

Result<std::unique_ptr<PacketSource>> open_source(const std::vector<std::string>& paths,
                                                  const SourceOptions& options) {
  if (paths.empty()) return fail("no capture was given");
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    return fail("standard input ('-') can be read only once, but was given more than once");
  }
  std::vector<Size> sizes;
  for (const std::string& path : paths) {
    const auto size = size_of(path);
    if (!size) return fail(size.error().message);
    sizes.push_back(*size);
  }
  if (paths.size() == 1) return open_single(paths.front(), sizes.front(), options);
  return open_several(paths, sizes, options);
}

namespace {

Result<Size> size_of(const std::string& path) {
  if (path == "-") return Size{};
  struct stat status {};
  const bool there = ::stat(path.c_str(), &status) == 0;
  if (there && S_ISFIFO(status.st_mode) && ::access(path.c_str(), R_OK) == 0) return Size{};
  return Size(there ? static_cast<std::uint64_t>(status.st_size) : 0);
}

Result<std::unique_ptr<PacketSource>> open_single(const std::string& path, Size size,
                                                  const SourceOptions& options) {
  // What cannot be read is said before any secret is told; of standard input the secrets are read first, as
  // they are read from where it stands.
  if (!size) tell_all_secrets(path, options);
  auto file = CaptureFile::open(path, options, tell_pipe_secrets(path, options));
  if (!file) return fail(file.error().message);
  if (size) tell_all_secrets(path, options);
  return std::make_unique<SingleCapture>(*std::move(file), size);
}

// Files are looked at before pipes are read, which means to wait for whoever writes to them.
Result<std::unique_ptr<PacketSource>> open_several(const std::vector<std::string>& paths,
                                                   const std::vector<Size>& sizes,
                                                   const SourceOptions& options) {
  Size total = 0;
  std::vector<WaitingFile> files;
  for (std::size_t place = 0; place < paths.size(); ++place) {
    total = total && sizes[place] ? Size(*total + *sizes[place]) : Size{};
    if (!sizes[place]) continue;
    auto file = look_at_start(paths[place], place, options);
    if (!file) return fail(file.error().message);
    files.push_back(*std::move(file));
  }
  for (const std::string& path : paths) tell_all_secrets(path, options);
  auto pipes = open_pipes(paths, sizes, options);
  if (!pipes) return fail(pipes.error().message);
  return std::make_unique<FileMerge>(std::move(files), *std::move(pipes), options, total);
}

// All are open before one is read: who writes to them may wait for the second to be opened before it writes
// to the first, and a capture that nobody takes loses packets.
Result<std::vector<OpenPipe>> open_pipes(const std::vector<std::string>& paths,
                                         const std::vector<Size>& sizes, const SourceOptions& options) {
  struct Opened {
    std::size_t place = 0;
    std::unique_ptr<ByteSource> source;
    std::unique_ptr<PipeSecrets> secrets;
  };
  std::vector<Opened> opened;
  for (std::size_t place = 0; place < paths.size(); ++place) {
    if (sizes[place]) continue;
    auto secrets = std::make_unique<PipeSecrets>(input_name(paths[place]), options.on_secrets);
    auto source = ByteSource::open(paths[place], options.on_idle, secrets->on_block());
    if (!source) return fail(source.error().message);
    opened.push_back({place, *std::move(source), std::move(secrets)});
  }
  std::vector<OpenPipe> pipes;
  for (Opened& pipe : opened) {
    auto file = CaptureFile::of(std::move(pipe.source), input_name(paths[pipe.place]));
    if (!file) return fail(file.error().message);
    pipes.push_back({pipe.place, *std::move(file), std::move(pipe.secrets)});
  }
  return pipes;
}

// Reads up to the first packet, and little more. What has none comes first, so that what is wrong with it is
// said first.
Result<WaitingFile> look_at_start(const std::string& path, std::size_t place, const SourceOptions& options) {
  auto source = ByteSource::open(path, options.on_idle);
  if (!source) return fail(source.error().message);
  (*source)->read_little();
  const auto file = CaptureFile::of(std::move(*source), input_name(path));
  if (!file) return fail(file.error().message);
  Packet packet;
  std::uint64_t number = 0;
  ReadState state{};
  do state = (*file)->next(packet, number);
  while (state == ReadState::damaged);
  return WaitingFile{state == ReadState::packet ? packet.at.time_ns : INT64_MIN, place, path};
}

// Of a regular file, for all packets. What cannot be read is met again, and said, when packets are read.
void tell_all_secrets(const std::string& path, const SourceOptions& options) {
  if (!options.on_secrets) return;
  const std::string name = input_name(path);
  (void)read_secrets_blocks(path, [&](const SecretsBlock& block) {
    if (block.type == SecretsBlock::kTlsKeyLog) options.on_secrets({0, name, block.data});
  });
}

OnSecretsBlock tell_pipe_secrets(const std::string& path, const SourceOptions& options) {
  if (!options.on_secrets) return {};
  return [tell = options.on_secrets, name = input_name(path)](const SecretsBlock& block) {
    if (block.type == SecretsBlock::kTlsKeyLog) tell({block.after_packets, name, block.data});
  };
}

}  // namespace

}  // namespace tlspeel::capture
