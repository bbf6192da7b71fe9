// Whether a certificate chain would have been believed at some time (RFC 5280 section 6), by the certificates
// that the system trusts: those of OpenSSL's default places, or of SSL_CERT_FILE and SSL_CERT_DIR. Looks at
// signatures, validity, purpose and name; not at revocation. Input is hostile: nothing throws, and at most
// kMostCertificates of a chain are looked at. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel::crypto {

struct ChainQuestion {
  std::vector<ByteView> chain;  // DER, the sender's own first; one at least
  bool of_client = false;
  std::string_view host;             // of a server; empty: any will do
  std::int64_t seconds_of_1970 = 0;  // when
};

class ChainCheck {
 public:
  // Longer ones than any authority has: each may cost a signature to be verified.
  static constexpr std::size_t kMostCertificates = 32;

  // Error: OpenSSL cannot read the system's certificates. That there are none shows with each chain.
  static Result<ChainCheck> of_system();
  ChainCheck(ChainCheck&&) noexcept;
  ChainCheck& operator=(ChainCheck&&) noexcept;
  ~ChainCheck();

  // "verified", or what OpenSSL says is wrong, in its words: "certificate has expired".
  std::string verdict(const ChainQuestion& question) const;

 private:
  struct State;
  explicit ChainCheck(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::crypto
