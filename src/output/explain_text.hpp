// The words of --explain: what happens in each step of a handshake, true for the way it went. Safe for a
// terminal, without line breaks.
#pragma once

#include <string>
#include <string_view>

#include "output/story_facts.hpp"

namespace tlspeel::output {

std::string_view step_title(Step step, bool tls13);  // without its number
std::string step_text(const StoryFacts& facts, Step step);
// Below the drawing of the keys: what they were opened with, or what that they were not means.
std::string keys_result(const StoryFacts& facts);

}  // namespace tlspeel::output
