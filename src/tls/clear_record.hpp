// Is a record in clear although nothing is known of what went before it? Only its own structure can prove it.
// Pure function; single threaded.
#pragma once

#include "tlspeel/base/direction.hpp"
#include "tlspeel/tls/record.hpp"

namespace tlspeel::tls {

// The one ChangeCipherSpec that there is (RFC 5246 section 7.1), or messages of a handshake that this side
// sends before it and that fill the record exactly (section 7.4). A protected record looks so by chance once
// in 2^28 times.
bool is_surely_clear(Direction sender, const Record& record);
// The former alone: shorter than any protected record.
bool is_change_cipher_spec(const Record& record);

}  // namespace tlspeel::tls
