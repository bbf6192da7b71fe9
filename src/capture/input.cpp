#include "capture/input.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tlspeel::capture {
namespace {

constexpr std::size_t kBufferSize = std::size_t{1} << 20U;
constexpr int kIdleMilliseconds = 50;

Result<int> open_descriptor(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  const int descriptor =
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  if (descriptor < 0) return fail(fmt::format("{}: {}", path, std::strerror(errno)));
  return descriptor;
}

}  // namespace

std::string input_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

Result<std::unique_ptr<Input>> Input::open(const std::string& path, std::function<void()> on_idle,
                                           const OnSecretsBlock& on_secrets) {
  const auto descriptor = open_descriptor(path);
  if (!descriptor) return fail(descriptor.error().message);
  struct stat status {};
  if (::fstat(*descriptor, &status) != 0) {
    const int cause = errno;
    if (path != "-") ::close(*descriptor);
    return fail(fmt::format("{}: {}", input_name(path), std::strerror(cause)));
  }
  std::optional<std::uint64_t> size;
  if (S_ISREG(status.st_mode)) {
    size = static_cast<std::uint64_t>(status.st_size);
    (void)::posix_fadvise(*descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  std::unique_ptr<Input> input(new Input(*descriptor, size, std::move(on_idle)));
  if (!size && on_secrets) input->secrets_.emplace(on_secrets);
  if (S_ISDIR(status.st_mode)) return fail(fmt::format("{}: is a directory", input_name(path)));
  if (::isatty(*descriptor) == 1) {
    return fail(fmt::format("{}: is a terminal, not a capture", input_name(path)));
  }
  const cookie_io_functions_t functions{read, nullptr, nullptr, nullptr};
  input->stream_ = ::fopencookie(input.get(), "r", functions);
  if (input->stream_ == nullptr || std::setvbuf(input->stream_, nullptr, _IOFBF, kBufferSize) != 0) {
    return fail(fmt::format("{}: out of memory", input_name(path)));
  }
  return input;
}

Input::Input(int descriptor, std::optional<std::uint64_t> size, std::function<void()> on_idle)
    : descriptor_(descriptor), size_(size), on_idle_(std::move(on_idle)) {}

Input::~Input() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

ssize_t Input::read(void* self, char* buffer, std::size_t size) {
  return static_cast<Input*>(self)->read_some(buffer, size);
}

ssize_t Input::read_some(char* buffer, std::size_t size) {
  if (!size_.has_value()) announce_waiting();
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer, size);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return count;
  const auto got = static_cast<std::size_t>(count);
  const std::size_t for_head = std::min(got, head_.size() - head_size_);
  std::copy_n(buffer, for_head, head_.begin() + static_cast<std::ptrdiff_t>(head_size_));
  head_size_ += for_head;
  bytes_read_ += got;
  if (secrets_) secrets_->push(as_bytes({buffer, got}));
  if (secrets_ && secrets_->ended()) secrets_.reset();
  return count;
}

// read() blocks where nothing has come: that is when what was read so far should be shown.
void Input::announce_waiting() const {
  pollfd wanted{descriptor_, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&wanted, 1, kIdleMilliseconds);
  } while (ready < 0 && errno == EINTR);
  if (ready == 0 && on_idle_) on_idle_();
}

}  // namespace tlspeel::capture
