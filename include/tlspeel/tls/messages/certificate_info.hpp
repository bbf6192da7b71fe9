// A certificate or a raw public key for display, from its DER. Never fails: what is neither has parsed ==
// false and a problem.
#pragma once

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/crypto/certificate_cache.hpp"
#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls {

event::CertificateInfo certificate_info(ByteView der, crypto::CertificateCache& cache);

}  // namespace tlspeel::tls
