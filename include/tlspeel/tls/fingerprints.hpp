// Fingerprints of hellos, by which other tools and published lists know a kind of client or server:
//   JA3, JA3S   Salesforce, github.com/salesforce/ja3: the numbers of a hello, in its order; hashed with MD5
//   JA4         FoxIO, technical_details/JA4.md of github.com/FoxIO-LLC/ja4: in numerical order, so that
//   clients
//               which shuffle their extensions keep one fingerprint; hashed with SHA-256
// Values of RFC 8701 (GREASE) are left out. A list whose extension is missing or malformed counts as empty.
// An SSLv2-compatible hello has other suites and no extensions: nobody defined fingerprints for it. Errors:
// CryptoError where OpenSSL has not the hash function. Pure functions; any thread.
#pragma once

#include <memory>
#include <string>

#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls {

// "version,suites,extensions,groups,point formats": decimal, the version that of the hello's own field, lists
// joined by "-". As long as the hello allows: 200 kB for one of 2^16 bytes of suites.
std::string ja3_string(const event::ClientHello& hello);

// "version,suite,extensions". Servers send no GREASE in a hello; both of Salesforce's programs keep every
// number.
std::string ja3s_string(const event::ServerHello& hello);

// "t13d1516h2_8daaf6152771_e5627efa2ab1"; always "t": over TCP.
std::string ja4(const event::ClientHello& hello);

// All of them, as the event carries them. Null for an SSLv2-compatible hello.
std::shared_ptr<const event::ClientFingerprints> fingerprints_of(const event::ClientHello& hello);
std::shared_ptr<const event::ServerFingerprints> fingerprints_of(const event::ServerHello& hello);

}  // namespace tlspeel::tls
