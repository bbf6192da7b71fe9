#include "growing_file.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tlspeel::secrets {
namespace {

// Behind the last end of a line; 0: there is none.
std::size_t whole_lines(ByteView bytes) {
  const auto last = std::find(bytes.rbegin(), bytes.rend(), std::uint8_t{'\n'});
  return static_cast<std::size_t>(bytes.rend() - last);
}

std::uint64_t lines_of(ByteView bytes) {
  return static_cast<std::uint64_t>(std::ranges::count(bytes, std::uint8_t{'\n'}));
}

// What is there of it from `offset` on, at most as many bytes as `to` has.
std::size_t read_at(const std::string& path, std::uint64_t offset, std::span<std::uint8_t> to) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::size_t got = 0;
  while (got < to.size()) {
    const ssize_t count = ::pread(file, to.data() + got, to.size() - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    got += static_cast<std::size_t>(count);
  }
  (void)::close(file);
  return got;
}

}  // namespace

GrowingFile::GrowingFile(std::string path, ByteView read)
    : path_(std::move(path)), read_(whole_lines(read)), lines_(lines_of(read)), seen_(read.size()) {}

GrowingFile::Lines GrowingFile::added() {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {};
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size == seen_) return {};
  if (size < read_) {
    read_ = 0;
    lines_ = 0;
  }
  const bool all = size - read_ <= kMost;
  SecretBytes bytes(all ? static_cast<std::size_t>(size - read_) : kMost);
  bytes.truncate(read_at(path_, read_, bytes.mutable_view()));
  // A line that is longer than that is none.
  if (all || whole_lines(bytes.view()) != 0) bytes.truncate(whole_lines(bytes.view()));
  read_ += bytes.size();
  seen_ = all ? size : read_;
  const std::uint64_t first = lines_ + 1;
  lines_ += lines_of(bytes.view());
  return {std::move(bytes), first};
}

}  // namespace tlspeel::secrets
