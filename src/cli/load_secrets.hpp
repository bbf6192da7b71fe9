// The secrets that options name, read. Errors: one sentence that names the file and the cause.
#pragma once

#include "tlspeel/base/result.hpp"
#include "tlspeel/secrets/store.hpp"

#include "options.hpp"

namespace tlspeel::cli {

// may_ask: passwords that nothing gives are asked for on the terminal.
Result<secrets::Store> load_secrets(const Options& options, bool may_ask);

}  // namespace tlspeel::cli
