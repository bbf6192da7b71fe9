#include "capture/byte_source.hpp"

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

constexpr int kNoDescriptor = -1;
constexpr int kIdleMilliseconds = 50;
constexpr int kForEver = -1;

// Opening a FIFO to read it waits for a writer, and who writes to several may open another one first: it is
// opened without waiting, and waited for before the first read.
Result<int> open_descriptor(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  struct stat status {};
  const bool fifo = ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | (fifo ? O_NONBLOCK : 0));
  if (descriptor < 0) return fail(fmt::format("{}: {}", path, std::strerror(errno)));
  // Reading is to wait again: O_NONBLOCK is all that is taken away.
  if (fifo) (void)::fcntl(descriptor, F_SETFL, O_RDONLY);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  return descriptor;
}

// poll(2), also through signals: whether there is something to read, or nothing more can come.
bool readable_within(int descriptor, int milliseconds) {
  pollfd wanted{descriptor, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&wanted, 1, milliseconds);
  } while (ready < 0 && errno == EINTR);
  return ready != 0;
}

}  // namespace

std::string input_name(const std::string& path) {
  return path == "-" ? "standard input" : path;
}

Result<std::unique_ptr<ByteSource>> ByteSource::open(const std::string& path, std::function<void()> on_idle,
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
  std::unique_ptr<ByteSource> source(new ByteSource(*descriptor, size, std::move(on_idle)));
  if (!size && on_secrets) {
    source->on_secrets_ = on_secrets;
    source->secrets_.emplace(on_secrets);
  }
  if (S_ISDIR(status.st_mode)) return fail(fmt::format("{}: is a directory", input_name(path)));
  if (::isatty(*descriptor) == 1) {
    return fail(fmt::format("{}: is a terminal, not a capture", input_name(path)));
  }
  if (size) {
    const off_t start = ::lseek(*descriptor, 0, SEEK_CUR);
    source->start_ = start < 0 ? 0 : static_cast<std::uint64_t>(start);
  }
  return source;
}

std::unique_ptr<ByteSource> ByteSource::of(ByteView bytes) {
  std::unique_ptr<ByteSource> source(new ByteSource(kNoDescriptor, bytes.size(), {}));
  source->make_room(std::max<std::size_t>(bytes.size(), 1));
  std::ranges::copy(bytes, source->memory());
  source->end_ = bytes.size();
  source->bytes_read_ = bytes.size();
  source->ended_ = true;
  return source;
}

ByteSource::ByteSource(int descriptor, std::optional<std::uint64_t> size, std::function<void()> on_idle)
    : descriptor_(descriptor), size_(size), on_idle_(std::move(on_idle)) {}

ByteSource::~ByteSource() {
  if (descriptor_ != STDIN_FILENO && descriptor_ != kNoDescriptor) ::close(descriptor_);
}

void ByteSource::unpack(Compression compression) {
  unpacker_ = std::make_unique<Unpacker>(compression, view(),
                                         [this](std::span<std::uint8_t> to) { return read_raw(to); });
  begin_ = 0;
  end_ = 0;
  ended_ = false;
  if (on_secrets_) secrets_.emplace(on_secrets_);
}

bool ByteSource::peek(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (!can_peek() || descriptor_ == kNoDescriptor) return false;
  const ssize_t count = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(start_ + offset));
  return count == static_cast<ssize_t>(out.size());
}

bool ByteSource::fill(std::size_t n) {
  if (ended_) return false;
  make_room(n);
  while (end_ - begin_ < n) {
    const std::size_t got = read_some({memory() + end_, block_->size - end_});
    if (got == 0) {
      ended_ = true;
      return false;
    }
    end_ += got;
  }
  return true;
}

// Space for n bytes from begin_ on: what is there moves to the front, or into another block where this one is
// too small or held.
void ByteSource::make_room(std::size_t n) {
  const std::size_t kept = end_ - begin_;
  const std::size_t size = block_ ? block_->size : 0;
  const std::size_t wanted = std::max(n * 2, block_ ? usual_block_ : first_block_);
  if (size >= wanted && size - begin_ >= n) return;
  if (size >= wanted && block_.use_count() == 1) {
    std::memmove(memory(), memory() + begin_, kept);
  } else {
    BlockPtr other = unused_block(wanted);
    std::copy_n(memory() + begin_, kept, other->bytes.get());
    if (size >= wanted) spares_.push_back(std::move(block_));
    block_ = std::move(other);
  }
  begin_ = 0;
  end_ = kept;
}

// Of those that others let go, the last ones are likely to be in the processor's cache still.
BlockPtr ByteSource::unused_block(std::size_t size) {
  BlockPtr found;
  std::size_t kept = 0;
  for (std::size_t i = spares_.size(); i-- > 0;) {
    if (spares_[i].use_count() != 1) continue;
    if (!found && spares_[i]->size >= size) {
      found = std::move(spares_[i]);
    } else if (++kept <= kSparesKept) {
      continue;
    }
    spares_.erase(spares_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (found) return found;
  return std::make_shared<const ByteBlock>(
      ByteBlock{std::make_unique_for_overwrite<std::uint8_t[]>(size), size});  // NOLINT(*-avoid-c-arrays)
}

std::size_t ByteSource::read_some(std::span<std::uint8_t> to) {
  const std::size_t got = unpacker_ ? unpacker_->read(to) : read_raw(to);
  // Where reading itself failed, that is why its data is cut off.
  if (unpacker_ && error_.empty()) error_ = unpacker_->error();
  if (secrets_) secrets_->push(to.first(got));
  if (secrets_ && got == 0) secrets_->finish();
  if (secrets_ && secrets_->ended()) secrets_.reset();
  return got;
}

std::size_t ByteSource::read_raw(std::span<std::uint8_t> to) {
  if (descriptor_ == kNoDescriptor) return 0;
  if (!size_) await_more();
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, to.data(), to.size());
  } while (count < 0 && errno == EINTR);
  if (count < 0) error_ = std::strerror(errno);
  if (count <= 0) return 0;
  bytes_read_ += static_cast<std::size_t>(count);
  return static_cast<std::size_t>(count);
}

// Where nothing has come, what was read so far should be shown. read() then waits as well, except at a FIFO
// that nobody has opened to write to it yet: that would be its end. poll() tells it from one that was closed.
void ByteSource::await_more() const {
  if (readable_within(descriptor_, kIdleMilliseconds)) return;
  if (on_idle_) on_idle_();
  (void)readable_within(descriptor_, kForEver);
}

}  // namespace tlspeel::capture
