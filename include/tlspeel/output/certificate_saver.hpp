// --certs: the certificate chains that servers and clients sent, as PEM (RFC 7468), in the order in which
// they were sent. Takes every event of a run; a chain has one file, however many connections showed it, named
// "<common name>-<SHA-256 of the sender's own certificate, 16 digits>.pem", and where others came with it
// "<...>-<8 digits that stand for those>.pem": a name depends on nothing but the certificates. Each
// certificate has its subject, issuer, validity and fingerprint in front of it. The file certificates.tsv has
// a line for each Certificate message: connection, packet, who sent it, the server name that the client
// asked for, the chain's file, and what a check of the chain said, where somebody checks. What is no X.509
// certificate is written all the same, and says so. A raw public key (RFC 7250) is no chain: it has a line,
// and no file.
//
// Nothing is judged here: who checks is given. No I/O here: the store, which outlives the saver, opens,
// appends and remembers failures. Single threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/stream_saver.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

// A chain as it was shown.
struct ShownChain {
  const std::vector<event::CertificateEntry>& certificates;  // one at least
  Direction from = Direction::server;
  std::string_view server_name;  // empty: none was asked for
  std::int64_t time_ns = 0;
};
// One line, for a reader: "verified", or what is wrong. May be null.
using CheckChain = std::function<std::string(const ShownChain&)>;

class CertificateSaver final : public Writer {
 public:
  // Chains that are known to be written. When there are more they are written again, into the same files: the
  // memory of a run must not grow with its length.
  static constexpr std::size_t kRemembered = 65536;
  static constexpr std::string_view kList = "certificates.tsv";

  explicit CertificateSaver(FileStore& store, CheckChain check = {});
  void write(const event::Placed& placed) override;
  void flush() override {}  // what it was given has gone out
  void finish() override {}

 private:
  void take(const event::Placed& placed, const event::TlsMessage& message);
  void list(const event::Placed& placed, const ShownChain& chain, std::string_view file,
            const std::string& check);

  FileStore& store_;
  CheckChain check_;
  std::unordered_map<std::uint64_t, std::string> server_names_;  // of connections that have not ended
  std::unordered_set<std::string> written_;                      // names of files
};

// Name of the file of a chain that is not empty.
std::string chain_file_name(const std::vector<event::CertificateEntry>& chain);

}  // namespace tlspeel::output
