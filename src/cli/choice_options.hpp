// The options that choose what of a run is shown.
#pragma once

#include <CLI/CLI.hpp>

#include "tlspeel/output/choice.hpp"

namespace tlspeel::cli {

// choice outlives the parsing.
void add_choice_options(CLI::App& app, output::Choice& choice);

}  // namespace tlspeel::cli
