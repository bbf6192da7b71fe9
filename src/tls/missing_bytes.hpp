// Bytes of a TCP stream that are not in the capture, and the words for them in explanations.
#pragma once

#include <string>

#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::tls {

struct MissingBytes {
  event::StreamGap gap;
  PacketRef at;  // where it became certain that they do not come any more
};

// "bytes 1000 to 2447 of the server's stream are missing before packet 17", "bytes 96 to 1447 of the server's
// stream were cut off packet 16 by the snap length"
std::string describe(const MissingBytes& missing);

}  // namespace tlspeel::tls
