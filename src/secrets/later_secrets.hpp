// Lines of key logs that count from a packet on: those that stand in captures, and those that were written
// while packets came. Has a lock of its own: added to by one thread, asked by any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/secrets/key_log.hpp"
#include "tlspeel/secrets/store.hpp"

namespace tlspeel::secrets {

// What one source has, added to what others have.
void add_up(KeyLog::Statistics& sum, const KeyLog::Statistics& more);

class LaterSecrets {
 public:
  struct Found {
    SecretBytes secret;
    std::size_t origin = 0;
  };

  // `origin` is a number of the caller's for where they came from: 0, 1, 2...; first_line as in
  // KeyLog::add(). after_packet never falls. Ignored where there are too many by now
  // (Store::kMaxCaptureSecrets, kMaxCaptureBytes).
  void add(std::uint64_t after_packet, std::size_t origin, ByteView text, std::uint64_t first_line = 1);

  // Those that count for this packet.
  std::optional<Found> find(KeyLogLabel label, ByteView id, std::uint64_t packet) const;
  void append_of_label(KeyLogLabel label, std::uint64_t packet, std::size_t most,
                       std::vector<Store::LoggedOf>& out) const;
  bool any(std::uint64_t packet) const;

  bool too_many() const;
  // By origin; as many as were seen. What is malformed is named as in KeyLog::kProblemsNamed.
  std::vector<KeyLog::Statistics> statistics() const;

 private:
  struct Block {
    std::uint64_t after_packet = 0;
    std::size_t origin = 0;
    bool operator==(const Block&) const = default;
  };

  mutable std::shared_mutex mutex_;  // guards everything below
  KeyLog log_;
  std::vector<Block> blocks_;  // the sources of log_
  bool too_many_ = false;
};

}  // namespace tlspeel::secrets
