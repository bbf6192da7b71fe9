// --verify-certs: who judges the chains that a run shows, by the certificates that the system trusts. Errors:
// one sentence.
#pragma once

#include "tlspeel/base/result.hpp"
#include "tlspeel/output/certificate_saver.hpp"

namespace tlspeel::cli {

Result<output::CheckChain> check_by_system();

}  // namespace tlspeel::cli
