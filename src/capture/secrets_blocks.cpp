#include "tlspeel/capture/secrets_blocks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::capture {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;  // the same in both byte orders
constexpr std::uint32_t kPacket = 2;                  // obsolete, but libpcap reads it
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kDecryptionSecrets = 10;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;

// Type and total length; for a section header also the byte-order magic, for secrets their type and length.
constexpr std::size_t kHeader = 8;
constexpr std::size_t kSectionStart = kHeader + 4;
constexpr std::size_t kSecretsStart = kHeader + 8;
constexpr std::size_t kTrailer = 4;                           // the total length again
constexpr std::uint32_t kSmallestSection = 16 + kHeader + 4;  // version and section length
constexpr std::uint32_t kSmallestBlock = kHeader + kTrailer;
constexpr std::uint32_t kSmallestSecrets = kSecretsStart + kTrailer;

// Grows with what has come, not with the length that a file claims, and leaves no copy behind.
class SecretBuffer {
 public:
  // `all`: how many will have been appended in the end, if the file is as long as it says.
  void append(ByteView bytes, std::size_t all) {
    if (bytes.size() > store_.size() - used_) grow(std::max(used_ + bytes.size(), std::min(all, used_ * 2)));
    std::ranges::copy(bytes, store_.mutable_view().subspan(used_).begin());
    used_ += bytes.size();
  }
  void clear() {
    store_ = SecretBytes();
    used_ = 0;
  }
  std::size_t size() const { return used_; }
  ByteView view() const { return store_.view().first(used_); }

 private:
  void grow(std::size_t size) {
    SecretBytes larger(size);
    std::ranges::copy(view(), larger.mutable_view().begin());
    store_ = std::move(larger);
  }

  SecretBytes store_;
  std::size_t used_ = 0;
};

}  // namespace

struct SecretsBlockWalker::State {
  enum class Step : std::uint8_t {
    header,   // of the next block, as far as it is needed
    secrets,  // are kept
    behind,   // padding and options of a secrets block, until its trailer
    trailer,  // of a secrets block
    rest,     // of a block, trailer included: of no interest
    ended,
  };

  OnSecretsBlock on_block;
  Step step = Step::header;
  bool in_section = false;
  bool little_endian = true;
  std::array<std::uint8_t, kSecretsStart> kept{};  // header or trailer
  std::size_t kept_size = 0;
  std::size_t wanted = kHeader;  // of kept
  std::uint64_t to_skip = 0;     // in steps behind and rest
  std::uint32_t block_length = 0;
  std::uint32_t secrets_type = 0;
  std::uint32_t secrets_length = 0;
  SecretBuffer secrets;
  std::uint64_t packets = 0;

  std::uint32_t number(Reader& r) const { return little_endian ? r.u32le() : r.u32(); }
  ByteView take(ByteView& bytes, std::size_t most) const;
  void keep(ByteView& bytes);
  void read_header();
  void read_section_header(Reader r);
  void read_secrets_header(Reader r);
  void read_trailer();
  void pass_over(std::uint64_t n, Step next);
  void next_block();
  void end();
};

SecretsBlockWalker::SecretsBlockWalker(OnSecretsBlock on_block) : state_(std::make_unique<State>()) {
  state_->on_block = std::move(on_block);
}
SecretsBlockWalker::~SecretsBlockWalker() = default;
SecretsBlockWalker::SecretsBlockWalker(SecretsBlockWalker&&) noexcept = default;

void SecretsBlockWalker::push(ByteView bytes) {
  State& s = *state_;
  while (!bytes.empty() && s.step != State::Step::ended) {
    switch (s.step) {
      case State::Step::header:
      case State::Step::trailer:
        s.keep(bytes);
        break;
      case State::Step::secrets:
        s.secrets.append(s.take(bytes, s.secrets_length - s.secrets.size()), s.secrets_length);
        if (s.secrets.size() == s.secrets_length) {
          const std::uint64_t behind = s.block_length - kSmallestSecrets - s.secrets_length;
          s.pass_over(behind, State::Step::behind);
        }
        break;
      case State::Step::behind:
      case State::Step::rest: {
        const std::uint64_t n = std::min<std::uint64_t>(bytes.size(), s.to_skip);
        bytes = bytes.subspan(n);
        passed(n);
        break;
      }
      case State::Step::ended:
        break;
    }
  }
}

bool SecretsBlockWalker::ended() const {
  return state_->step == State::Step::ended;
}

std::uint64_t SecretsBlockWalker::skip() const {
  return state_->to_skip;
}

void SecretsBlockWalker::passed(std::uint64_t n) {
  State& s = *state_;
  s.to_skip -= std::min(n, s.to_skip);
  s.pass_over(s.to_skip, s.step);
}

ByteView SecretsBlockWalker::State::take(ByteView& bytes, std::size_t most) const {
  const std::size_t n = std::min(bytes.size(), most);
  const ByteView taken = bytes.first(n);
  bytes = bytes.subspan(n);
  return taken;
}

void SecretsBlockWalker::State::keep(ByteView& bytes) {
  const ByteView taken = take(bytes, wanted - kept_size);
  std::ranges::copy(taken, kept.begin() + static_cast<std::ptrdiff_t>(kept_size));
  kept_size += taken.size();
  // What is no pcapng shows in its first bytes.
  if (!in_section && kept_size >= 4 && Reader(kept).u32() != kSectionHeader) return end();
  if (kept_size < wanted) return;
  if (step == Step::trailer) {
    read_trailer();
  } else {
    read_header();
  }
}

void SecretsBlockWalker::State::read_header() {
  Reader r(ByteView(kept).first(kept_size));
  const std::uint32_t type = number(r);
  block_length = number(r);
  if (type == kSectionHeader) {
    if (kept_size < kSectionStart) {
      wanted = kSectionStart;
    } else {
      read_section_header(r);
    }
    return;
  }
  // As libpcap sees it: a length that cannot be true leaves nothing to go on with.
  if (block_length < kSmallestBlock || block_length % 4 != 0) return end();
  if (type == kPacket || type == kSimplePacket || type == kEnhancedPacket) ++packets;
  if (type != kDecryptionSecrets || block_length < kSmallestSecrets) {
    pass_over(block_length - kHeader, Step::rest);
  } else if (kept_size < kSecretsStart) {
    wanted = kSecretsStart;
  } else {
    read_secrets_header(r);
  }
}

// Which byte order the section has, the length before the magic included. How long the section is does not
// matter (it may be unknown): its blocks say where the next one begins.
void SecretsBlockWalker::State::read_section_header(Reader r) {
  const std::uint32_t magic = r.u32();
  const std::uint32_t swapped = __builtin_bswap32(magic);
  if (magic != kByteOrderMagic && swapped != kByteOrderMagic) return end();
  const bool was_little_endian = std::exchange(little_endian, swapped == kByteOrderMagic);
  if (was_little_endian != little_endian) block_length = __builtin_bswap32(block_length);
  if (block_length < kSmallestSection || block_length % 4 != 0) return end();
  in_section = true;
  pass_over(block_length - kSectionStart, Step::rest);
}

void SecretsBlockWalker::State::read_secrets_header(Reader r) {
  secrets_type = number(r);
  secrets_length = number(r);
  const std::uint64_t padded = (std::uint64_t{secrets_length} + 3) / 4 * 4;
  if (padded > block_length - kSmallestSecrets || secrets_length > kMaxSecrets) {
    pass_over(block_length - kSecretsStart, Step::rest);
  } else if (secrets_length == 0) {
    pass_over(block_length - kSmallestSecrets, Step::behind);
  } else {
    step = Step::secrets;
  }
}

void SecretsBlockWalker::State::read_trailer() {
  Reader r(ByteView(kept).first(kTrailer));
  if (number(r) != block_length) return end();
  on_block({secrets_type, secrets.view(), packets});
  next_block();
}

// What may be nothing must not wait for a byte.
void SecretsBlockWalker::State::pass_over(std::uint64_t n, Step next) {
  step = next;
  to_skip = n;
  if (n != 0) return;
  if (step == Step::rest) next_block();
  if (step != Step::behind) return;
  step = Step::trailer;
  kept_size = 0;
  wanted = kTrailer;
}

void SecretsBlockWalker::State::next_block() {
  secrets.clear();
  step = Step::header;
  kept_size = 0;
  wanted = kHeader;
}

void SecretsBlockWalker::State::end() {
  secrets.clear();
  step = Step::ended;
  to_skip = 0;
}

}  // namespace tlspeel::capture
