// The figures of a run, and how far one has come, as text for standard error. Functions of their arguments;
// no colour.
#pragma once

#include <cstdint>
#include <string>

#include "tlspeel/event/progress.hpp"
#include "tlspeel/event/run_figures.hpp"

namespace tlspeel::output {

// Several lines, each with its newline.
std::string figures_text(const event::RunFigures& figures);

// One line without a newline: "1.2 GB of 4.5 GB (27%), 210.3 MB/s, 1,234 connections, 0:16 left"; where the
// total is not known "1.2 GB, 210.3 MB/s, 1,234 connections, 0:06 so far". elapsed: nanoseconds, more than 0.
std::string progress_text(const event::Progress& progress, std::int64_t elapsed);

}  // namespace tlspeel::output
