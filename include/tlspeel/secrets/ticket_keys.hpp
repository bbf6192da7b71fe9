// Session ticket keys as nginx (ssl_session_ticket_key) and Apache httpd (SSLSessionTicketKeyFile) have them,
// and what a ticket that is protected with one holds. A file is 48 bytes (name 16, two keys of 16: AES-128
// and HMAC-SHA256; nginx and Apache httpd have them in different order, and both are tried) or 80 bytes (name
// 16, HMAC key 32, AES-256 key 32). A ticket is name, IV, state under AES-CBC, HMAC (RFC 5077 section 4); the
// state is OpenSSL's SSL_SESSION in ASN.1. Apache httpd 2.4 with OpenSSL 3 does not authenticate tickets with
// the HMAC key of its file (measured with 2.4.71: name and AES key are those of the file, the HMAC key is
// not), so a ticket whose HMAC does not verify is taken where its name is known and its state decrypts to a
// session that is well formed to the last byte; what it holds is proved by the Finished it leads to. Constant
// after loading, thread safe for reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

// What OpenSSL keeps of a session, as far as it opens anything.
struct TicketSession {
  std::uint16_t version = 0;       // 0x0303, 0x0304
  std::uint16_t cipher_suite = 0;  // IANA id
  // TLS 1.2 and older: the master secret, 48 bytes. TLS 1.3: the resumption PSK, of the hash's size.
  SecretBytes secret;
  bool extended_master_secret = false;
  std::string server_name;
  bool authenticated = false;  // the HMAC verified
  std::string label;           // of the ticket key: its file's name
};

// The plaintext of a ticket (fuzzed as such). nullopt: not OpenSSL's SSL_SESSION, or without a usable secret.
std::optional<TicketSession> parse_ticket_state(ByteView der);

class TicketKeys {
 public:
  // `label` is for display.
  Result<void> add_file(const std::string& path, const std::string& label);

  // nullopt: none of the keys has this name, or what it holds is not a session under any of them.
  std::optional<TicketSession> open(ByteView ticket) const;
  bool empty() const { return keys_.empty(); }
  struct File {
    std::string path;
    std::string label;
    std::string description;  // "AES-128"
  };
  const std::vector<File>& files() const { return files_; }  // in the order given

 private:
  struct Key {
    Bytes name;  // 16 bytes
    SecretBytes hmac_key;
    SecretBytes aes_key;
    std::string label;
  };
  std::vector<Key> keys_;  // two for a file of 48 bytes
  std::vector<File> files_;
};

}  // namespace tlspeel::secrets
