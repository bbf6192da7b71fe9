// SSL 3.0 to TLS 1.2 without the ClientHello: it was lost, or only the server's direction was captured. The
// ServerHello tells all that the keys depend on but two things (RFC 5246 sections 6.3 and 8.1), and a line of
// a key log has both: the client's random and the master secret (CLIENT_RANDOM), or the premaster secret
// where it does not take the handshake's hash (PMS_CLIENT_RANDOM). Lines are tried on the first record of a
// side behind its ChangeCipherSpec, which has the sequence number 0; its MAC or tag proves the line.
// Single threaded; deterministic; throws crypto::CryptoError.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/tls/connection.hpp"
#include "tlspeel/tls/record.hpp"

#include "handshake_facts.hpp"
#include "key_finder.hpp"

namespace tlspeel::tls {

class LostClientHello {
 public:
  // Of a label. Each costs a key block and one trial, which is some 10 us.
  static constexpr std::size_t kMaxLines = 1024;
  // Of a direction: one for each handshake of the connection.
  static constexpr unsigned kMaxRecords = 4;
  // The record is a Finished: 36 bytes and a header, up to 256 of padding, a MAC of up to 64 and an IV.
  static constexpr std::size_t kMaxFragment = 512;

  struct Found {
    ClientHelloFacts client;  // what it must have said
    FoundKeys keys;
  };
  // facts: with a ServerHello whose suite can be opened, and without a ClientHello.
  std::optional<Found> try_record(const HandshakeFacts& facts, const Environment& environment,
                                  Direction direction, const RecordHeader& header, ByteView fragment);

  // Why it stays closed although lines were tried, as the second half of a sentence; empty: none was.
  std::string outcome() const;

 private:
  std::array<unsigned, 2> records_{};  // that were tried, by Direction
  bool cut_ = false;                   // there were more lines than kMaxLines
};

}  // namespace tlspeel::tls
