// The bytes of one capture, as a FILE that libpcap can read: a file, a FIFO or standard input ("-"). Keeps
// count of what was read, remembers how the capture began (to say what it is when it is no capture), and
// tells when reading from a pipe is about to wait, and what secrets stand in what comes from it. Lifetime:
// stream() is closed by whoever took it (libpcap closes what it opened), and must be closed before the Input
// goes away.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/capture/secrets_blocks.hpp"

namespace tlspeel::capture {

// What the user calls it: "standard input" or the path.
std::string input_name(const std::string& path);

class Input {
 public:
  // on_secrets: of pipes only, as soon as they are read; may be null.
  static Result<std::unique_ptr<Input>> open(const std::string& path, std::function<void()> on_idle,
                                             const OnSecretsBlock& on_secrets = {});
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  // To be taken once.
  std::FILE* stream() { return stream_; }
  std::uint64_t bytes_read() const { return bytes_read_; }
  // nullopt: a pipe
  std::optional<std::uint64_t> size() const { return size_; }
  // Up to 16 of the first bytes, of those that were read so far.
  ByteView head() const { return ByteView(head_).first(head_size_); }

 private:
  Input(int descriptor, std::optional<std::uint64_t> size, std::function<void()> on_idle);
  static ssize_t read(void* self, char* buffer, std::size_t size);
  ssize_t read_some(char* buffer, std::size_t size);
  void announce_waiting() const;

  int descriptor_;
  std::optional<std::uint64_t> size_;
  std::function<void()> on_idle_;
  std::FILE* stream_ = nullptr;
  std::uint64_t bytes_read_ = 0;
  std::array<std::uint8_t, 16> head_{};
  std::size_t head_size_ = 0;
  std::optional<SecretsBlockWalker> secrets_;  // while more may come
};

}  // namespace tlspeel::capture
