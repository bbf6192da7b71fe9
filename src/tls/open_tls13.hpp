// Takes the protection off TLS 1.3 records (RFC 8446 section 5.2): TLSCiphertext to TLSInnerPlaintext,
// padding removed. open() is a pure function of (keys, sequence number, record). `out` is scratch space of
// the caller: grown as needed; the content is a view of it and lives until its next use. Not thread safe. The
// constructor throws crypto::CryptoError.
#pragma once

#include <cstdint>
#include <memory>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/tls/record.hpp"

#include "ahead_lead.hpp"
#include "tls13_schedule.hpp"

namespace tlspeel::tls {

struct InnerPlaintext {
  std::uint8_t type = 0;  // ContentType
  ByteView content;
};

class Tls13Opener {
 public:
  Tls13Opener(const Tls13Parameters& parameters, ByteView traffic_secret);

  // The error's text is static: what did not verify.
  ParseResult<InnerPlaintext> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                                   Bytes& out);

  AheadLead& ahead() { return ahead_; }
  // To be lent. Null: it cannot be.
  std::unique_ptr<AheadOpener> make_ahead_opener() const;

 private:
  Tls13Opener(const Tls13Opener& keys, crypto::AeadCipher cipher);
  Tls13Opener(const Tls13Parameters& parameters, const DirectionKeys& keys);

  crypto::AeadCipher cipher_;
  SecretBytes iv_;
  std::size_t tag_size_;
  bool header_authenticated_;  // not before draft 25
  AheadLead ahead_;
};

}  // namespace tlspeel::tls
