// read_secrets_blocks(): the walk over a regular file.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/capture/secrets_blocks.hpp"

#include "capture/byte_source.hpp"

namespace tlspeel::capture {
namespace {

// A system call costs as much as copying some 3 kB. So blocks of usual packets are read, in pieces that stay
// in the processor's cache, and large ones (segmentation offload, loopback) are seeked over. The first piece
// is enough to see that a file is no pcapng.
constexpr std::size_t kSmallestPiece = 512;
constexpr std::size_t kLargestPiece = std::size_t{128} * 1024;
constexpr std::uint64_t kWorthSeeking = 4096;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : owned_(path != "-"),
        descriptor_(owned_ ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)  // NOLINT(*-vararg)
                           : STDIN_FILENO) {}
  ~Descriptor() {
    if (owned_ && descriptor_ >= 0) ::close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return descriptor_; }

 private:
  bool owned_;
  int descriptor_;
};

bool is_regular_file(const std::string& path) {
  struct stat status {};
  const int failed = path == "-" ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  return failed == 0 && S_ISREG(status.st_mode);
}

Result<void> failed(const std::string& path) {
  return fail(fmt::format("{}: {}", input_name(path), std::strerror(errno)));
}

// From where the file stands to its end, as there is no seeking in it. A pcapng is unpacked twice then; of
// another capture only the start.
Result<void> walk_unpacked(const std::string& path, Compression compression, SecretsBlockWalker& walker) {
  auto source = ByteSource::open(path, {});
  if (!source) return fail(source.error().message);
  (void)(*source)->ensure(kCompressionHead);
  (*source)->unpack(compression);
  while (!walker.ended() && (*source)->ensure(1)) {
    walker.push((*source)->view());
    (*source)->consume((*source)->view().size());
  }
  walker.finish();
  return {};
}

}  // namespace

Result<void> read_secrets_blocks(const std::string& path, const OnSecretsBlock& on_block) {
  // Opening a pipe would wait for its writer.
  if (path != "-" && ::access(path.c_str(), F_OK) != 0) return failed(path);
  if (!is_regular_file(path)) return {};
  const Descriptor file(path);
  if (file.get() < 0) return failed(path);
  const off_t start = path == "-" ? ::lseek(file.get(), 0, SEEK_CUR) : 0;
  if (start < 0) return failed(path);
  SecretsBlockWalker walker(on_block);
  SecretBytes piece;
  auto offset = static_cast<std::uint64_t>(start);
  std::size_t wanted = kSmallestPiece;
  while (!walker.ended()) {
    if (piece.size() < wanted) piece = SecretBytes(wanted);
    const ssize_t count =
        ::pread(file.get(), piece.mutable_view().data(), wanted, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path);
    if (count == 0) break;
    const auto compression = compression_of(piece.view().first(static_cast<std::size_t>(count)));
    if (compression && offset == static_cast<std::uint64_t>(start)) {
      auto walked = walk_unpacked(path, *compression, walker);
      if (path == "-" && ::lseek(file.get(), start, SEEK_SET) < 0) return failed(path);
      return walked;
    }
    walker.push(piece.view().first(static_cast<std::size_t>(count)));
    const std::uint64_t skip = walker.skip();
    walker.passed(skip);
    offset += static_cast<std::uint64_t>(count) + skip;
    wanted = skip < kWorthSeeking ? std::min(wanted * 2, kLargestPiece) : kSmallestPiece;
  }
  walker.finish();
  return {};
}

}  // namespace tlspeel::capture
