#include "capture/pipe_secrets.hpp"

#include <utility>

namespace tlspeel::capture {
namespace {

// Far above the buffer of a pipe. More is held only where packet blocks that contradict themselves were
// counted, and nothing else comes; then it is told early.
constexpr std::size_t kMostHeld = std::size_t{64} << 20U;

}  // namespace

OnSecretsBlock PipeSecrets::on_block() {
  if (!tell_) return {};
  return [this](const SecretsBlock& block) { take(block); };
}

void PipeSecrets::handed_out(std::uint64_t in_pipe, std::uint64_t of_all) {
  in_pipe_ = in_pipe;
  of_all_ = of_all;
  while (!held_.empty() && held_.front().after_packets <= in_pipe_) tell_first();
}

void PipeSecrets::tell_rest() {
  while (!held_.empty()) tell_first();
}

void PipeSecrets::take(const SecretsBlock& block) {
  if (block.type != SecretsBlock::kTlsKeyLog) return;
  if (held_.empty() && block.after_packets <= in_pipe_) return tell(block.data);
  held_.push_back({block.after_packets, SecretBytes(block.data)});
  held_bytes_ += block.data.size();
  while (held_bytes_ > kMostHeld) tell_first();
}

void PipeSecrets::tell_first() {
  const Held first = std::move(held_.front());
  held_.pop_front();
  held_bytes_ -= first.data.size();
  tell(first.data.view());
}

}  // namespace tlspeel::capture
