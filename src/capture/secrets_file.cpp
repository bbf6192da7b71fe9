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

#include "capture/input.hpp"

namespace tlspeel::capture {
namespace {

// Reading a packet of usual size is cheaper than a system call that seeks over it; this much stays in the
// processor's cache.
constexpr std::size_t kPiece = std::size_t{128} * 1024;
// Enough to see that a file is no pcapng.
constexpr std::size_t kFirstPiece = 16;

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
  SecretBytes piece(kPiece);
  auto offset = static_cast<std::uint64_t>(start);
  std::size_t wanted = kFirstPiece;
  while (!walker.ended()) {
    const ssize_t count =
        ::pread(file.get(), piece.mutable_view().data(), wanted, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path);
    if (count == 0) break;
    walker.push(piece.view().first(static_cast<std::size_t>(count)));
    offset += static_cast<std::uint64_t>(count) + walker.skip();
    walker.passed(walker.skip());
    wanted = kPiece;
  }
  return {};
}

}  // namespace tlspeel::capture
