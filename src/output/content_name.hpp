// How content that is not shown is called. Pure function; what comes out is safe for a terminal.
#pragma once

#include <string>
#include <string_view>

#include "tlspeel/event/content_kind.hpp"

namespace tlspeel::output {

// "image/png, 60 x 40", "application/octet-stream that holds application/pdf", "image/png that holds
// image/jpeg, 60 x 40". media_type: as stated; empty: not stated, and then what was found. Empty: nothing is
// known.
std::string content_name(std::string_view media_type, const event::ContentKind& found);

}  // namespace tlspeel::output
