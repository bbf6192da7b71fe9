// testdata/vectors/tls_messages/*.txt: one case after another, separated by empty lines. A case is lines of
// "key: value":
//   name: what it is about
//   message: client_hello, ... (IANA's handshake types, or their number), sslv2_client_hello, alert,
//   heartbeat version:, suite:, tls13:  what the handshake agreed before (hex, hex, "yes"); may be left out
//   hex: the body, in as many lines as one likes; "#" starts a comment
//   valid at: lengths at which the cut message is a valid one, too (before an optional field, for instance)
//   open ended: yes           where the message has no end of its own: one more byte is no defect
//   expect: a line of the summary (summary.cpp), in order; "problem ..." is a message that is malformed
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::tls::test {

struct VectorCase {
  std::string file;
  std::string name;
  std::string message;
  std::uint16_t version = 0;
  std::uint16_t suite = 0;
  bool has_suite = false;
  bool tls13 = false;
  Bytes body;
  std::set<std::size_t> valid_at;
  bool open_ended = false;
  std::vector<std::string> expected;
};

// All cases of all files in the folder, in the order of their names; a line that cannot be read throws
// std::runtime_error.
std::vector<VectorCase> read_vector_folder(const std::string& folder);

}  // namespace tlspeel::tls::test
