#include "tlspeel/pipeline/body_files.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/pipeline/file_output.hpp"

#include "file_calls.hpp"

namespace tlspeel::pipeline {
namespace {

// Names are different within a run: as many runs may write into one directory.
constexpr unsigned kMostOfOneName = 10'000;

constexpr std::size_t kMostUnwritten = std::size_t{64} * 1024;

}  // namespace

Result<BodyFiles> BodyFiles::open(const std::string& path) {
  if (auto made = make_directory(path); !made) return tl::unexpected<Error>(made.error());
  return BodyFiles(path);
}

BodyFiles::~BodyFiles() {
  for (const auto& [part, path] : parts_) ::unlink(path.c_str());
}

void BodyFiles::fail_at(const std::string& path, int error) {
  failure_ = fmt::format("{}: cannot be written: {}", path, reason(error));
}

void BodyFiles::append(std::uint64_t part, ByteView bytes) {
  if (descriptor_of(part) < 0) return;
  if (part != unwritten_part_ || unwritten_.size() + bytes.size() > kMostUnwritten) flush();
  if (bytes.size() > kMostUnwritten) return write(part, bytes);
  unwritten_part_ = part;
  tlspeel::append(unwritten_, bytes);
}

void BodyFiles::flush() {
  if (!unwritten_.empty()) write(unwritten_part_, unwritten_);
  unwritten_.clear();
}

void BodyFiles::write(std::uint64_t part, ByteView bytes) {
  const int descriptor = descriptor_of(part);
  if (descriptor < 0) return;
  if (const int error = write_all(descriptor, as_text(bytes)); error != 0) fail_at(parts_[part], error);
}

void BodyFiles::skip(std::uint64_t part, std::uint64_t count) {
  flush();
  const int descriptor = descriptor_of(part);
  if (descriptor < 0) return;
  if (const int error = append_zeros(descriptor, count); error != 0) fail_at(parts_[part], error);
}

int BodyFiles::descriptor_of(std::uint64_t part) {
  if (failure_) return -1;
  const auto found = parts_.find(part);
  if (found == parts_.end()) return make(part);
  const std::string& path = found->second;
  if (const int descriptor = open_.find(path); descriptor >= 0) return descriptor;
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    fail_at(path, errno);
  } else {
    open_.add(path, descriptor);
  }
  return descriptor;
}

// With a name that nobody else has, and mode 0600.
int BodyFiles::make(std::uint64_t part) {
  std::string path = path_ + "/.body-XXXXXX";
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) {
    fail_at(path, errno);
    return -1;
  }
  open_.add(path, descriptor);
  parts_[part] = std::move(path);
  return descriptor;
}

std::string BodyFiles::keep(std::uint64_t part, const std::string& stem, const std::string& extension) {
  flush();
  if (descriptor_of(part) < 0) return {};
  const std::string path = parts_.extract(part).mapped();
  const int error = open_.close(path);
  std::string name = error == 0 ? reserve(stem, extension) : std::string();
  if (error != 0) {
    fail_at(path, error);
  } else if (!name.empty() && ::rename(path.c_str(), (path_ + "/" + name).c_str()) != 0) {
    fail_at(path, errno);
  }
  if (failure_) ::unlink(path.c_str());
  return failure_ ? std::string() : name;
}

// An empty file of our own, for which the part may come: every file system can do that.
std::string BodyFiles::reserve(const std::string& stem, const std::string& extension) {
  for (unsigned i = 1; i <= kMostOfOneName; ++i) {
    std::string name = i == 1 ? stem + extension : fmt::format("{}-{}{}", stem, i, extension);
    const std::string path = path_ + "/" + name;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly);
    if (descriptor >= 0) {
      ::close(descriptor);
      return name;
    }
    if (errno != EEXIST || i == kMostOfOneName) {
      fail_at(path, errno);
      break;
    }
  }
  return {};
}

void BodyFiles::drop(std::uint64_t part) {
  flush();
  const auto found = parts_.extract(part);
  if (found.empty()) return;
  (void)open_.close(found.mapped());
  ::unlink(found.mapped().c_str());
}

void BodyFiles::list(std::string_view head, std::string_view lines) {
  if (failure_) return;
  const std::string path = path_ + "/index.tsv";
  const int descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, kOwnerOnly);
  if (descriptor < 0) return fail_at(path, errno);
  struct stat status {};
  int error = ::fstat(descriptor, &status) == 0 ? 0 : errno;
  if (error == 0 && status.st_size == 0) error = write_all(descriptor, head);
  if (error == 0) error = write_all(descriptor, lines);
  if (::close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0) fail_at(path, error);
}

}  // namespace tlspeel::pipeline
