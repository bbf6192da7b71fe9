// What tells one kind of client or server from others by its hello alone. Plain values; own their text.
#pragma once

#include <string>

namespace tlspeel::event {

// Hashes are lower-case hex.
struct ClientFingerprints {
  std::string ja3;         // MD5 of ja3_string
  std::string ja3_string;  // "769,47-53-5,0-10-11,23-24-25,0"
  std::string ja4;         // "t13d1516h2_8daaf6152771_e5627efa2ab1"
};

struct ServerFingerprints {
  std::string ja3s;         // MD5 of ja3s_string
  std::string ja3s_string;  // "771,4865,51-43"
};

}  // namespace tlspeel::event
