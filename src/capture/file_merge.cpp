#include "capture/file_merge.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>

namespace tlspeel::capture {
namespace {

// Each takes a descriptor and a block. Captures of one moment are as many as interfaces and hosts, some
// tens.
constexpr std::size_t kMostOpen = 128;
// Descriptors that are left for everything else.
constexpr std::size_t kReserve = 32;
constexpr std::size_t kFewestOpen = 8;
// So many have large blocks each; from then on small ones do, so that many need no more memory.
constexpr std::size_t kLargeBlocks = 8;

std::size_t most_open() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kMostOpen + kReserve) return kMostOpen;
  return std::max<std::size_t>(limit.rlim_cur, kReserve + kFewestOpen) - kReserve;
}

}  // namespace

FileMerge::FileMerge(std::vector<WaitingFile> files, std::vector<OpenPipe> pipes, SourceOptions options,
                     std::optional<std::uint64_t> bytes_total)
    : waiting_(std::move(files)),
      options_(std::move(options)),
      most_open_(std::max(most_open(), pipes.size() + 1)),
      bytes_total_(bytes_total) {
  std::ranges::sort(waiting_, [](const WaitingFile& left, const WaitingFile& right) {
    return std::pair(left.time_ns, left.place) > std::pair(right.time_ns, right.place);
  });
  for (OpenPipe& pipe : pipes) {
    auto input = std::make_unique<Input>();
    input->key = {INT64_MIN, pipe.place};
    input->file = std::move(pipe.file);
    input->secrets = std::move(pipe.secrets);
    unread_.push_back(std::move(input));
  }
  // The last is read first.
  std::ranges::reverse(unread_);
  open_ = unread_.size();
}

ReadState FileMerge::next(Packet& packet) {
  for (;;) {
    if (!unread_.empty()) {
      Input& input = *unread_.back();
      const ReadState state = read_ahead(input);
      if (state == ReadState::damaged) return state;
      if (state == ReadState::end) {
        unread_.pop_back();
        continue;
      }
      // As a rule one file is ahead of all others for many packets.
      const bool first = unread_.size() == 1 && (ready_.empty() || input.key < ready_.front()->key);
      if (first && !waits_before(input.key)) return hand_out(input, packet);
      ready_.push_back(std::move(unread_.back()));
      unread_.pop_back();
      std::ranges::push_heap(ready_, later);
    } else if (!waiting_.empty() && (ready_.empty() || waits_before(ready_.front()->key)) && !told_late()) {
      if (open_next() == ReadState::damaged) return ReadState::damaged;
    } else if (ready_.empty()) {
      return ReadState::end;
    } else {
      std::ranges::pop_heap(ready_, later);
      unread_.push_back(std::move(ready_.back()));
      ready_.pop_back();
      return hand_out(*unread_.back(), packet);
    }
  }
}

std::uint64_t FileMerge::bytes_read() const {
  std::uint64_t sum = bytes_of_finished_;
  for (const auto* inputs : {&unread_, &ready_}) {
    for (const auto& input : *inputs) sum += input->file->bytes_read();
  }
  return sum;
}

bool FileMerge::waits_before(const Key& key) const {
  return !waiting_.empty() && Key{waiting_.back().time_ns, waiting_.back().place} < key;
}

ReadState FileMerge::read_ahead(Input& input) {
  const ReadState state = input.file->next(input.packet, input.number);
  if (state == ReadState::packet) input.key.time_ns = std::max(input.key.time_ns, input.packet.at.time_ns);
  if (state == ReadState::damaged) return damaged(input.file->problem());
  if (state == ReadState::end) {
    if (input.secrets) input.secrets->tell_rest();
    bytes_of_finished_ += input.file->bytes_read();
    --open_;
  }
  return state;
}

// The next that waits; `packet`: there is nothing to say about it.
ReadState FileMerge::open_next() {
  if (open_ >= most_open_) {
    late_told_ = true;
    return damaged(fmt::format(
        "{}: more than {} captures overlap in time; what cannot be open is read late, from here on packets "
        "are not in the order of time (mergecap makes one capture of them)",
        waiting_.back().path, most_open_));
  }
  const WaitingFile next = std::move(waiting_.back());
  waiting_.pop_back();
  auto file = CaptureFile::open(next.path, options_);
  if (!file) return damaged(file.error().message);
  if (open_ >= kLargeBlocks) (*file)->use_small_blocks();
  auto input = std::make_unique<Input>();
  input->key = {INT64_MIN, next.place};
  input->file = *std::move(file);
  unread_.push_back(std::move(input));
  ++open_;
  return ReadState::packet;
}

ReadState FileMerge::hand_out(Input& input, Packet& packet) {
  packet = input.packet;
  packet.at.number = ++number_;
  if (input.secrets) input.secrets->handed_out(input.number, number_);
  return ReadState::packet;
}

ReadState FileMerge::damaged(std::string problem) {
  problem_ = std::move(problem);
  return ReadState::damaged;
}

}  // namespace tlspeel::capture
