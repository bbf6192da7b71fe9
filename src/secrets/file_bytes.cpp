#include "file_bytes.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tlspeel::secrets {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (value_ >= 0) (void)::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }

 private:
  int value_;
};

tl::unexpected<Error> failed(const std::string& path) {
  return fail(path + ": " + std::generic_category().message(errno));
}

tl::unexpected<Error> too_large(const std::string& path, std::string_view what) {
  return fail(fmt::format("{}: too large to be {}", path, what));
}

// SecretBytes never grows, as that would leave a copy behind; the old one is cleansed as it goes.
SecretBytes with_more_room(const SecretBytes& old, std::size_t size) {
  SecretBytes larger(size);
  std::ranges::copy(old.view(), larger.mutable_view().begin());
  return larger;
}

}  // namespace

Result<SecretBytes> read_secret_file(const std::string& path, std::size_t longest, std::string_view what) {
  constexpr std::size_t kFirst = std::size_t{64} * 1024;
  const Descriptor file(path);
  struct stat status {};
  if (file.value() < 0 || ::fstat(file.value(), &status) != 0) return failed(path);
  const bool regular = S_ISREG(status.st_mode);
  const auto stated = regular ? static_cast<std::size_t>(status.st_size) : std::min(kFirst, longest);
  if (stated > longest) return too_large(path, what);
  SecretBytes bytes(stated + 1);  // one more, to see the end without growing
  std::size_t used = 0;
  for (;;) {
    if (used == bytes.size()) {
      if (used > longest) return too_large(path, what);
      bytes = with_more_room(bytes, 2 * used);
    }
    const auto rest = bytes.mutable_view().subspan(used);
    const ssize_t got = ::read(file.value(), rest.data(), rest.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.truncate(used);
  if (used > longest) return too_large(path, what);
  return bytes;
}

SecretBytes read_secret_part(const std::string& path, std::uint64_t offset, std::size_t most) {
  const Descriptor file(path);
  SecretBytes bytes(file.value() < 0 ? 0 : most);
  std::size_t used = 0;
  while (used < bytes.size()) {
    const auto rest = bytes.mutable_view().subspan(used);
    const ssize_t got = ::pread(file.value(), rest.data(), rest.size(), static_cast<off_t>(offset + used));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.truncate(used);
  return bytes;
}

}  // namespace tlspeel::secrets
