#include "tlspeel/pipeline/file_output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/base/secret_bytes.hpp"

#include "file_calls.hpp"

namespace tlspeel::pipeline {
namespace {

constexpr std::size_t kBufferSize = std::size_t{256} * 1024;

// -1 and errno: none.
int unnamed_file_in(const std::string& folder) {
  const int descriptor = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kOwnerOnly);
  // Not every file system can.
  if (descriptor >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return descriptor;
  std::string name = folder + "/.tlspeel-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) (void)::unlink(name.c_str());
  return named;
}

}  // namespace

Result<FileSink> FileSink::create(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (descriptor < 0) return fail(fmt::format("{}: cannot be written: {}", path, reason(errno)));
  return FileSink(descriptor, path, true);
}

Result<FileSink> FileSink::create_for_secrets(const std::string& path) {
  auto sink = create(path);
  if (!sink) return sink;
  sink->secret_ = true;
  struct stat status {};
  const bool known = ::fstat(sink->descriptor_, &status) == 0;
  const bool open_to_others = known && S_ISREG(status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  if (!known || (open_to_others && ::fchmod(sink->descriptor_, kOwnerOnly) != 0)) {
    return fail(fmt::format("{}: cannot be kept from other users: {}", path, reason(errno)));
  }
  return sink;
}

Result<FileSink> FileSink::create_unnamed(const std::string& path) {
  std::error_code ignored;
  const auto beside = std::filesystem::path(path).parent_path();
  int error = 0;
  for (const auto& folder : {beside.empty() ? std::filesystem::path(".") : beside,
                             std::filesystem::temp_directory_path(ignored)}) {
    const int descriptor = unnamed_file_in(folder.string());
    if (descriptor >= 0) {
      FileSink sink(descriptor, fmt::format("a temporary file in {}", folder.string()), true);
      sink.secret_ = true;
      return sink;
    }
    if (error == 0) error = errno;
  }
  return fail(fmt::format("{}: a temporary file beside it cannot be made: {}", path, reason(error)));
}

FileSink FileSink::standard_output() {
  return {STDOUT_FILENO, "standard output", false};
}

FileSink::FileSink(int descriptor, std::string name, bool owned)
    : descriptor_(descriptor), name_(std::move(name)), owned_(owned) {
  buffer_.reserve(kBufferSize);
}

FileSink::FileSink(FileSink&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      name_(std::move(other.name_)),
      owned_(other.owned_),
      begun_(other.begun_),
      secret_(other.secret_),
      reader_gone_(other.reader_gone_),
      failure_(std::move(other.failure_)),
      buffer_(std::move(other.buffer_)) {}

FileSink::~FileSink() {
  empty_buffer();
  if (owned_ && descriptor_ >= 0) ::close(descriptor_);
}

void FileSink::write(std::string_view bytes) {
  if (stopped()) return;
  if (buffer_.size() + bytes.size() > kBufferSize) flush();
  if (bytes.size() >= kBufferSize) {
    buffer_.assign(bytes);
    flush();
  } else {
    buffer_.append(bytes);
  }
}

void FileSink::flush() {
  if (!stopped()) {
    begin();
    const int error = failure_ ? 0 : write_all(descriptor_, buffer_);
    if (error == EPIPE) {
      reader_gone_ = true;
    } else if (error != 0) {
      failure_ = fmt::format("{}: cannot be written: {}", name_, reason(error));
    }
  }
  empty_buffer();
}

void FileSink::empty_buffer() {
  if (secret_) cleanse({reinterpret_cast<std::uint8_t*>(buffer_.data()), buffer_.size()});
  buffer_.clear();
}

void FileSink::begin() {
  if (!owned_ || std::exchange(begun_, true)) return;
  // A device or a pipe has no length and says EINVAL; there is nothing to do then.
  if (::ftruncate(descriptor_, 0) != 0 && errno != EINVAL) {
    failure_ = fmt::format("{}: cannot be written: {}", name_, reason(errno));
  }
}

void FileSink::read_back(std::size_t most, const std::function<std::size_t(std::string_view)>& part) {
  flush();
  struct stat status {};
  if (!failure_ && ::fstat(descriptor_, &status) != 0) {
    failure_ = fmt::format("{}: cannot be read: {}", name_, reason(errno));
  }
  most = std::min(most, static_cast<std::size_t>(status.st_size));
  SecretBytes buffer(most);
  off_t at = 0;
  while (!failure_) {
    const ssize_t got = ::pread(descriptor_, buffer.mutable_view().data(), most, at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failure_ = fmt::format("{}: cannot be read: {}", name_, reason(errno));
    if (got <= 0) return;
    const std::size_t taken = part(as_text(buffer.view().first(static_cast<std::size_t>(got))));
    if (taken == 0) return;
    at += static_cast<off_t>(taken);
  }
}

void FileSink::close() {
  flush();
  if (!owned_ || descriptor_ < 0) return;
  if (::close(std::exchange(descriptor_, -1)) != 0 && !stopped()) {
    failure_ = fmt::format("{}: cannot be written: {}", name_, reason(errno));
  }
}

Result<void> make_directory(const std::string& path) {
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return fail(fmt::format("{}: the directory cannot be made: {}", path, reason(errno)));
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(fmt::format("{}: {}", path, reason(errno)));
  if (!S_ISDIR(status.st_mode)) return fail(fmt::format("{}: is not a directory", path));
  if (::access(path.c_str(), W_OK | X_OK) != 0) {
    return fail(fmt::format("{}: files cannot be made in it: {}", path, reason(errno)));
  }
  return {};
}

Result<DirectoryStore> DirectoryStore::open(const std::string& path) {
  if (auto made = make_directory(path); !made) return tl::unexpected<Error>(made.error());
  return DirectoryStore(path);
}

void DirectoryStore::append(const std::string& name, ByteView bytes) {
  if (failure_) return;
  const int descriptor = descriptor_of(name);
  if (descriptor < 0) return;
  if (const int error = write_all(descriptor, as_text(bytes)); error != 0) {
    failure_ = fmt::format("{}/{}: cannot be written: {}", path_, name, reason(error));
  }
}

void DirectoryStore::skip(const std::string& name, std::uint64_t count) {
  if (failure_) return;
  const int descriptor = descriptor_of(name);
  if (descriptor < 0) return;
  if (const int error = append_zeros(descriptor, count); error != 0) {
    failure_ = fmt::format("{}/{}: cannot be written: {}", path_, name, reason(error));
  }
}

void DirectoryStore::remove(const std::string& name) {
  if (failure_) return;
  const std::string path = path_ + "/" + name;
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    failure_ = fmt::format("{}: cannot be removed: {}", path, reason(errno));
  }
}

int DirectoryStore::descriptor_of(const std::string& name) {
  if (const int descriptor = open_.find(name); descriptor >= 0) return descriptor;
  // O_NOFOLLOW: a link that somebody else put there must not lead the plaintext elsewhere.
  const int again = made_.insert(name).second ? O_TRUNC : O_APPEND;
  const std::string path = path_ + "/" + name;
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | again, kOwnerOnly);
  if (descriptor < 0) {
    failure_ = fmt::format("{}: cannot be written: {}", path, reason(errno));
    return -1;
  }
  open_.add(name, descriptor);
  return descriptor;
}

}  // namespace tlspeel::pipeline
