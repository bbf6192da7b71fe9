// TLS 1.3 without its hellos: the capture began too late, or lost them. The key log's traffic secrets are
// tried on a record, under each cipher suite of RFC 8446 that fits the size of the secret, with the sequence
// numbers from 0 on; the tag proves which it is. A budget bounds the trials, so that of a long connection
// only the beginning can be met. Single threaded; deterministic; throws crypto::CryptoError.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/secrets/store.hpp"
#include "tlspeel/tls/record.hpp"

#include "lost_records.hpp"
#include "tls13_keys.hpp"

namespace tlspeel::tls {

class LateStart {
 public:
  // Of one label. A log of more is one of many connections, of which each would get few trials.
  static constexpr std::size_t kMaxSecrets = 256;
  // Records of a direction that are tried: the first may be what is left of one.
  static constexpr unsigned kMaxRecords = 3;

  struct Found {
    Tls13Secrets secrets;  // those of both directions
    Bytes client_random;
    Epoch epoch = Epoch::application;
    std::uint64_t sequence = 0;  // of the record

    // Records of the same epoch went before it, which may have held data.
    bool data_before() const { return epoch == Epoch::application && sequence != 0; }
  };
  // client_random, suite: empty, null where they are not known. packet: as Store::logged.
  std::optional<Found> try_record(const secrets::Store& store, std::uint64_t packet, Direction direction,
                                  ByteView client_random, const CipherSuite* suite, const Record& record,
                                  Bytes& scratch);

 private:
  struct Lane {
    unsigned records = 0;
    std::array<TrialBudget, kMaxRecords> trials;  // one that never opens must leave something to the next
  };
  std::array<Lane, 2> lanes_;
};

}  // namespace tlspeel::tls
