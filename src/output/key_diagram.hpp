// How premaster secret and both randoms become master secret and key block (RFC 5246 sections 8.1 and 6.3,
// RFC 7627, RFC 6101 section 6), or how TLS 1.3 derives its keys (RFC 8446 section 7.1): a drawing of at most
// 78 columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "output/story_facts.hpp"

namespace tlspeel::output {

void append_key_diagram(std::string& out, const StoryFacts& facts);

// One part of the key block and its size in bytes.
struct KeyPart {
  std::string_view name;
  std::size_t size = 0;
};
// Sizes by the names of the algorithms; empty when one of them is not known here.
std::vector<KeyPart> key_block_parts(std::string_view bulk_cipher, std::string_view mac,
                                     std::uint32_t version);

}  // namespace tlspeel::output
