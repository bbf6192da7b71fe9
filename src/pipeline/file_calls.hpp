// What is asked of the system to write files: 0, or the errno of the failure.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace tlspeel::pipeline {

inline constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;

inline std::string reason(int error) {
  return std::generic_category().message(error);
}

inline int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// They need no room on the disk. Lengthens the file rather than only moving on, so that zeros at the end
// count, too.
inline int append_zeros(int descriptor, std::uint64_t count) {
  const off_t end = ::lseek(descriptor, 0, SEEK_END);
  const bool done = end >= 0 && ::ftruncate(descriptor, end + static_cast<off_t>(count)) == 0 &&
                    ::lseek(descriptor, 0, SEEK_END) >= 0;
  return done ? 0 : errno;
}

}  // namespace tlspeel::pipeline
