// Asks for a password on the terminal that controls the process (/dev/tty), whatever standard input and
// output are. Uses signal handlers while it waits: to be called from one thread at a time.
#pragma once

#include <optional>
#include <string>

#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

// What is typed is not shown. nullopt: no terminal, end of input, an interrupt (which then takes its usual
// course), or nothing typed.
std::optional<SecretBytes> prompt_for_password(const std::string& prompt);

}  // namespace tlspeel::secrets
