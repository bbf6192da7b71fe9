// The bytes of one capture: a file, a FIFO or standard input ("-"), handed out as contiguous views of a block
// that is used again and again, or of another one where somebody holds it. view() lives until the next
// ensure(), or for as long as its block is held; consume() leaves it alone. Keeps count of what was read, and
// tells when reading from a pipe is about to wait, and what secrets stand in what comes from it. A block is
// as large as twice the largest ensure(), so that a reader that looks ahead at every byte moves each byte
// only a few times. What is compressed is handed out unpacked from unpack() on; nothing of that lies in the
// way of what is not. Not thread safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/capture/secrets_blocks.hpp"

#include "capture/unpacker.hpp"

namespace tlspeel::capture {

// What the user calls it: "standard input" or the path.
std::string input_name(const std::string& path);

class ByteSource {
 public:
  // on_secrets: of pipes only, as soon as they are read; may be null. Does not wait for whoever writes to a
  // FIFO: reading does.
  static Result<std::unique_ptr<ByteSource>> open(const std::string& path, std::function<void()> on_idle,
                                                  const OnSecretsBlock& on_secrets = {});
  // Bytes that are there already, and are copied.
  static std::unique_ptr<ByteSource> of(ByteView bytes);
  ~ByteSource();
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // What is in view(), of which nothing was consumed, is the start of a compressed file: from now on view(),
  // offset() and the secrets are of what it unpacks to, from its beginning.
  void unpack(Compression compression);
  std::optional<Compression> compression() const {
    return unpacker_ ? std::optional(unpacker_->compression()) : std::nullopt;
  }

  // Whether n bytes are in view(), after reading as much as that takes; what is there stays there if not.
  bool ensure(std::size_t n) { return n <= end_ - begin_ || fill(n); }
  ByteView view() const { return {memory() + begin_, end_ - begin_}; }
  // That view() lies in. Null: it is too small to be worth holding.
  const BlockPtr* block() const { return usual_block_ == kLargeBlock ? &block_ : nullptr; }
  void consume(std::size_t n) {
    begin_ += n;
    offset_ += n;
  }
  // From now on it grows only where a packet needs it; what is read costs more calls.
  void use_small_blocks() { usual_block_ = kSmallBlock; }
  // Nothing was read yet, and as a rule no more than the first bytes are wanted.
  void read_little() {
    first_block_ = kTinyBlock;
    usual_block_ = kSmallBlock;
  }
  // Of view().front(), counted from where the source was opened.
  std::uint64_t offset() const { return offset_; }
  // Whether peek() can look ahead: into regular files that are not compressed.
  bool can_peek() const { return size_ && !unpacker_; }
  // One byte range ahead of what was read, without reading up to it. False: not there.
  bool peek(std::uint64_t offset, std::span<std::uint8_t> out) const;

  // Of the file as it is, compressed or not.
  std::uint64_t bytes_read() const { return bytes_read_; }
  // nullopt: a pipe
  std::optional<std::uint64_t> size() const { return size_; }
  // Why reading ended, where it was not the end: errno's words, or what is wrong with compressed bytes.
  const std::string& error() const { return error_; }
  // The error is a checksum of compressed bytes: those before it may be damaged.
  bool unconfirmed() const { return unpacker_ && unpacker_->unconfirmed(); }

 private:
  // Enough to see what a file is, and when it begins.
  static constexpr std::size_t kTinyBlock = std::size_t{4} << 10U;
  // Enough to begin with; from the second read on blocks are large.
  static constexpr std::size_t kSmallBlock = std::size_t{64} << 10U;
  // Small enough for a processor's cache, where packets are still found when they are looked at.
  static constexpr std::size_t kLargeBlock = std::size_t{256} << 10U;
  static constexpr std::size_t kSparesKept = 2;

  ByteSource(int descriptor, std::optional<std::uint64_t> size, std::function<void()> on_idle);
  bool fill(std::size_t n);
  void make_room(std::size_t n);
  BlockPtr unused_block(std::size_t size);
  std::uint8_t* memory() const { return block_ ? block_->bytes.get() : nullptr; }
  std::size_t read_some(std::span<std::uint8_t> to);
  std::size_t read_raw(std::span<std::uint8_t> to);
  void await_more() const;

  int descriptor_;
  std::uint64_t start_ = 0;  // of the descriptor, where it was opened
  std::optional<std::uint64_t> size_;
  std::function<void()> on_idle_;
  OnSecretsBlock on_secrets_;     // null: nobody wants them, or no pipe
  BlockPtr block_;                // null: nothing was read
  std::vector<BlockPtr> spares_;  // that were held by others when they were full
  std::size_t first_block_ = kSmallBlock;
  std::size_t usual_block_ = kLargeBlock;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t bytes_read_ = 0;
  bool ended_ = false;
  std::string error_;
  std::optional<SecretsBlockWalker> secrets_;  // while more may come
  std::unique_ptr<Unpacker> unpacker_;         // null: not compressed
};

}  // namespace tlspeel::capture
