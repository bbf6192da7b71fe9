#include "tlspeel/capture/secrets_blocks.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/base/secret_bytes.hpp"

#include "capture/pcapng_blocks.hpp"
#include "capture/record_reader.hpp"

namespace tlspeel::capture {
namespace {

using namespace pcapng;

// For a section header also the byte-order magic, for secrets their type and length.
constexpr std::size_t kSectionStart = kBlockHeader + 4;
constexpr std::size_t kSecretsStart = kBlockHeader + 8;
constexpr std::uint32_t kSmallestSecrets = kSecretsStart + kTrailer;
// What was looked through moves out of the buffer once it is so much, and most of it.
constexpr std::size_t kWorthMoving = std::size_t{64} << 10U;

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
  // Takes the first n away.
  void drop(std::size_t n) {
    std::ranges::copy(view().subspan(n), store_.mutable_view().begin());
    used_ -= n;
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

// Only secrets are believed to be so large; a larger block of another type is looked through, as damage is.
std::uint32_t most_of(std::uint32_t type) {
  return type == kDecryptionSecrets ? ~3U : kMaxPacket;
}

}  // namespace

struct SecretsBlockWalker::State {
  enum class Step : std::uint8_t {
    header,   // of the next block, as far as it is needed
    secrets,  // are kept
    rest,     // of a block until its trailer: of no interest
    trailer,
    search,  // behind damage, for a whole block
    ended,
  };
  enum class Look : std::uint8_t { block, none, more };

  OnSecretsBlock on_block;
  Step step = Step::header;
  bool in_section = false;
  bool little_endian = true;
  std::array<std::uint8_t, kSecretsStart> kept{};  // header or trailer
  std::size_t kept_size = 0;
  std::size_t wanted = kBlockHeader;  // of kept
  std::uint64_t to_skip = 0;          // in step rest
  std::uint32_t stated_length = 0;    // of the block, as its header has it
  std::uint32_t block_length = 0;
  std::uint32_t block_type = 0;
  std::uint32_t secrets_type = 0;
  std::uint32_t secrets_length = 0;
  bool has_secrets = false;
  SecretBuffer secrets;
  std::uint64_t packets = 0;
  SecretBuffer lost;           // in step search: what may still be the start of a block, from lost_begin on
  std::size_t lost_begin = 0;  // what stands before it was looked through

  std::uint32_t number(Reader& r) const { return little_endian ? r.u32le() : r.u32(); }
  ByteView take(ByteView& bytes, std::size_t most) const;
  void push(ByteView bytes);
  void walk(ByteView& bytes);
  void keep(ByteView& bytes);
  void read_header();
  void read_section_header(Reader r);
  void read_secrets_header(Reader r);
  void read_trailer();
  void pass_over(std::uint64_t n);
  void next_block();
  void damaged();
  void walk_lost(bool at_end);
  bool find_block(bool at_end);
  Look look_at(ByteView bytes) const;
  void end();
};

SecretsBlockWalker::SecretsBlockWalker(OnSecretsBlock on_block) : state_(std::make_unique<State>()) {
  state_->on_block = std::move(on_block);
}
SecretsBlockWalker::~SecretsBlockWalker() = default;
SecretsBlockWalker::SecretsBlockWalker(SecretsBlockWalker&&) noexcept = default;

void SecretsBlockWalker::push(ByteView bytes) {
  state_->push(bytes);
}

void SecretsBlockWalker::finish() {
  if (state_->step == State::Step::search) state_->walk_lost(true);
}

void SecretsBlockWalker::State::push(ByteView bytes) {
  if (step != Step::search) {
    walk(bytes);
    if (step != Step::search) return;
    lost.append(ByteView(kept).first(kept_size).subspan(1), 0);
  }
  lost.append(bytes, 0);
  walk_lost(false);
}

// Until nothing is left, or there is damage.
void SecretsBlockWalker::State::walk(ByteView& bytes) {
  while (!bytes.empty() && step != Step::ended && step != Step::search) {
    switch (step) {
      case Step::header:
      case Step::trailer:
        keep(bytes);
        break;
      case Step::secrets:
        secrets.append(take(bytes, secrets_length - secrets.size()), secrets_length);
        if (secrets.size() == secrets_length) pass_over(block_length - kSmallestSecrets - secrets_length);
        break;
      case Step::rest: {
        const std::uint64_t n = std::min<std::uint64_t>(bytes.size(), to_skip);
        bytes = bytes.subspan(n);
        pass_over(to_skip - n);
        break;
      }
      case Step::search:
      case Step::ended:
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
  if (s.step == State::Step::rest) s.pass_over(s.to_skip - std::min(n, s.to_skip));
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
  block_type = number(r);
  stated_length = number(r);
  if (block_type == kSectionHeader) {
    if (kept_size < kSectionStart) {
      wanted = kSectionStart;
    } else {
      read_section_header(r);
    }
    return;
  }
  if (stated_length < kSmallestBlock || stated_length > most_of(block_type)) return damaged();
  block_length = padded(stated_length);
  if (block_type != kDecryptionSecrets || block_length < kSmallestSecrets) {
    pass_over(block_length - kSmallestBlock);
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
  if (magic != kByteOrderMagic && swapped != kByteOrderMagic) return damaged();
  const bool of_section = swapped == kByteOrderMagic;
  if (of_section != little_endian) stated_length = __builtin_bswap32(stated_length);
  if (stated_length < kSmallestSection || stated_length > kMaxPacket) return damaged();
  little_endian = of_section;
  block_length = padded(stated_length);
  in_section = true;
  pass_over(block_length - kSectionStart - kTrailer);
}

void SecretsBlockWalker::State::read_secrets_header(Reader r) {
  secrets_type = number(r);
  secrets_length = number(r);
  const std::uint64_t with_padding = (std::uint64_t{secrets_length} + 3) / 4 * 4;
  has_secrets = with_padding <= block_length - kSmallestSecrets && secrets_length <= kMaxSecrets;
  if (!has_secrets || secrets_length == 0) {
    pass_over(block_length - kSmallestSecrets);
  } else {
    step = Step::secrets;
  }
}

void SecretsBlockWalker::State::read_trailer() {
  Reader r(ByteView(kept).first(kTrailer));
  if (!same_length(number(r), stated_length)) return damaged();
  if (has_secrets) on_block({secrets_type, secrets.view(), packets});
  if (is_packet(block_type)) ++packets;
  next_block();
}

// What may be nothing must not wait for a byte.
void SecretsBlockWalker::State::pass_over(std::uint64_t n) {
  step = n == 0 ? Step::trailer : Step::rest;
  to_skip = n;
  kept_size = 0;
  wanted = kTrailer;
}

void SecretsBlockWalker::State::next_block() {
  secrets.clear();
  has_secrets = false;
  step = Step::header;
  kept_size = 0;
  wanted = kBlockHeader;
}

// The search goes on with the byte behind the first that was kept: of a header that cannot be true, or of a
// trailer that differs from it. What a block has lied about is not looked through again: it is gone.
void SecretsBlockWalker::State::damaged() {
  if (!in_section) return end();
  secrets.clear();
  has_secrets = false;
  step = Step::search;
}

// From the next whole block on as it goes without damage, and so on, until what was kept for it is used up.
void SecretsBlockWalker::State::walk_lost(bool at_end) {
  while (find_block(at_end)) {
    next_block();
    ByteView rest = lost.view().subspan(lost_begin);
    walk(rest);
    lost_begin = lost.size() - rest.size();
    if (step != Step::search) {
      lost.clear();
      lost_begin = 0;
      return;
    }
    // What was kept came from here.
    lost_begin -= kept_size - 1;
  }
}

// False: there is none in what has come so far.
bool SecretsBlockWalker::State::find_block(bool at_end) {
  for (;; ++lost_begin) {
    const Look look = look_at(lost.view().subspan(lost_begin));
    if (look == Look::block) return true;
    if (look == Look::more && (!at_end || lost_begin == lost.size())) break;
  }
  if (lost_begin >= kWorthMoving && lost_begin >= lost.size() / 2) lost.drop(std::exchange(lost_begin, 0));
  return false;
}

// Whether a whole block of a common type, and not too large, stands there, as PcapngReader sees it. More:
// what is there could be the start of one.
SecretsBlockWalker::State::Look SecretsBlockWalker::State::look_at(ByteView bytes) const {
  if (bytes.size() < kSmallestBlock) return Look::more;
  const std::uint32_t magic = Reader(bytes.subspan(kBlockHeader)).u32();
  const bool section = Reader(bytes).u32() == kSectionHeader;
  if (section && magic != kByteOrderMagic && __builtin_bswap32(magic) != kByteOrderMagic) return Look::none;
  const bool little = section ? magic != kByteOrderMagic : little_endian;
  const auto number_at = [&](std::size_t at) {
    Reader field(bytes.subspan(at));
    return little ? field.u32le() : field.u32();
  };
  const std::uint32_t stated = number_at(4);
  if (stated < (section ? kSmallestSection : kSmallestBlock) || stated > kMostBehindDamage) return Look::none;
  if (!section && (!is_known(number_at(0)) || stated % 4 != 0)) return Look::none;
  if (bytes.size() < padded(stated)) return Look::more;
  return same_length(number_at(padded(stated) - kTrailer), stated) ? Look::block : Look::none;
}

void SecretsBlockWalker::State::end() {
  secrets.clear();
  step = Step::ended;
  to_skip = 0;
}

}  // namespace tlspeel::capture
