// The secrets of one pipe among several captures. They are found when bytes are read, which may be ahead of
// the packets handed out, and are told when the packets of the pipe that stand before them were: only then is
// it known how many packets of all captures those are. Keeps what was read ahead, which is as a rule less
// than the buffer of the pipe, and cleanses it.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/capture/secrets_blocks.hpp"

namespace tlspeel::capture {

class PipeSecrets {
 public:
  PipeSecrets(std::string name, std::function<void(const CaptureSecrets&)> tell)
      : name_(std::move(name)), tell_(std::move(tell)) {}
  PipeSecrets(const PipeSecrets&) = delete;
  PipeSecrets& operator=(const PipeSecrets&) = delete;

  // For ByteSource; lives as long as this does. Null where nobody wants secrets.
  OnSecretsBlock on_block();
  // Packet `in_pipe` of this one is packet `of_all`, and was handed out.
  void handed_out(std::uint64_t in_pipe, std::uint64_t of_all);
  // No packet comes any more.
  void tell_rest();

 private:
  struct Held {
    std::uint64_t after_packets = 0;
    SecretBytes data;
  };
  void take(const SecretsBlock& block);
  void tell_first();
  void tell(ByteView key_log) const { tell_({of_all_, name_, key_log}); }

  std::string name_;
  std::function<void(const CaptureSecrets&)> tell_;
  std::uint64_t in_pipe_ = 0;
  std::uint64_t of_all_ = 0;
  std::deque<Held> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace tlspeel::capture
