// A key log that somebody may still be writing: what was added to it since it was looked at last. Not thread
// safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

class GrowingFile {
 public:
  // `read`: what its first bytes were. A line that has no end yet is read again, as a whole.
  GrowingFile(std::string path, ByteView read);

  struct Lines {
    SecretBytes text;
    std::uint64_t first = 1;  // the number of the first one in the file
  };
  // Whole lines, mostly none: a stat() then. A file that has become shorter was begun anew, and is read from
  // its start; one that cannot be read any more has nothing to add. At most kMost bytes at a time.
  static constexpr std::size_t kMost = std::size_t{16} << 20;
  Lines added();

 private:
  std::string path_;
  std::uint64_t read_ = 0;   // bytes, up to the end of a line
  std::uint64_t lines_ = 0;  // that these are
  std::uint64_t seen_ = 0;   // size when it was looked at last
};

}  // namespace tlspeel::secrets
