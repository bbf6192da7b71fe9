// Remembers what certificates say: a server shows the same one in every connection, and OpenSSL needs as long
// to read it as for an RSA operation. Bounded: the newest kCapacity certificates of at most kMaxSize bytes;
// larger ones are read anew each time. What comes out never depends on what is remembered. References live
// until the next call. One object belongs to one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/certificate.hpp"

namespace tlspeel::crypto {

class CertificateCache {
 public:
  static constexpr std::size_t kCapacity = 256;
  static constexpr std::size_t kMaxSize = std::size_t{16} * 1024;

  const CertificateFields& fields(ByteView der);  // describe_certificate()
  const Bytes& spki_sha256(ByteView der);         // certificate_spki_sha256()

 private:
  struct Entry {
    std::optional<CertificateFields> fields;
    std::optional<Bytes> spki_sha256;
  };
  Entry& entry(ByteView der);

  // Looked up without a copy of the certificate.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view der) const { return std::hash<std::string_view>()(der); }
  };

  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;  // by DER
  std::deque<std::string> order_;  // keys of entries_, the oldest first
  Entry unkept_;
};

}  // namespace tlspeel::crypto
