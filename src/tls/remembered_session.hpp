// A session that an earlier connection of the capture was opened with, by its id or ticket.
#pragma once

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/secrets/session_cache.hpp"
#include "tlspeel/tls/connection.hpp"

namespace tlspeel::tls {

// nullptr: there is none. Where no secret counts for the current packet, no connection before it was opened:
// then nothing is waited for, which SessionCache::get() would do until the other workers are here, too.
inline secrets::SessionCache::SecretPtr remembered_session(const Environment& environment, ByteView id) {
  const bool possible =
      environment.sessions != nullptr && !id.empty() && !environment.store->empty(environment.current_packet);
  return possible ? environment.sessions->get(environment.current_packet, id) : nullptr;
}

}  // namespace tlspeel::tls
