// pcapng Decryption Secrets Blocks (draft-ietf-opsawg-pcapng section 4.7), which libpcap passes over: a
// walker over block headers that is pushed the bytes of a file in pieces of any size. It follows both byte
// orders and several sections, skips what it does not need without keeping it, and counts packet blocks, so
// that it can say after which packet of the file a block stands. What is no pcapng ends
// the walk quietly. Behind damage it goes on with the next whole block, as reading packets does, which tells
// about it; what a block with a wrong length made it skip is not looked through again. A secrets block that
// contradicts itself is passed over. Keeps at most kMaxSecrets bytes, behind damage a few MiB more, and
// cleanses them. Not thread safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel::capture {

struct SecretsBlock {
  static constexpr std::uint32_t kTlsKeyLog = 0x544c534b;  // "TLSK"
  std::uint32_t type = 0;
  ByteView data;                    // lives for the call
  std::uint64_t after_packets = 0;  // packet blocks of this file that stand before it
};
using OnSecretsBlock = std::function<void(const SecretsBlock&)>;

class SecretsBlockWalker {
 public:
  // A key log of a million lines is about 180 MB; larger blocks are passed over.
  static constexpr std::uint32_t kMaxSecrets = 256U << 20;

  explicit SecretsBlockWalker(OnSecretsBlock on_block);
  ~SecretsBlockWalker();
  SecretsBlockWalker(SecretsBlockWalker&&) noexcept;

  void push(ByteView bytes);
  // Nothing more is pushed: what could have been the start of a block behind damage is none.
  void finish();
  // Nothing more can come: not pcapng.
  bool ended() const;
  // Of the bytes that come next, so many are of no interest. passed(n) stands for pushing n of them.
  std::uint64_t skip() const;
  void passed(std::uint64_t n);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All blocks of a regular file, seeking over what is large, and unpacking what is compressed; "-" is standard
// input from where it stands, which stays there. What is no pcapng, or no regular file, has none: a pipe is
// left alone. Errors: the file cannot be read.
Result<void> read_secrets_blocks(const std::string& path, const OnSecretsBlock& on_block);

}  // namespace tlspeel::capture
