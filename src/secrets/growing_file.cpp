#include "growing_file.hpp"

#include <algorithm>
#include <utility>

#include <sys/stat.h>

#include "file_bytes.hpp"

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
  SecretBytes bytes = read_secret_part(path_, read_, all ? static_cast<std::size_t>(size - read_) : kMost);
  const std::size_t whole = whole_lines(bytes.view());
  // A line that is longer than that is none.
  if (all || whole != 0) bytes.truncate(whole);
  read_ += bytes.size();
  seen_ = all ? size : read_;
  const std::uint64_t first = lines_ + 1;
  lines_ += lines_of(bytes.view());
  return {std::move(bytes), first};
}

}  // namespace tlspeel::secrets
