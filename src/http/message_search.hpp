// Where, behind a hole, HTTP surely goes on. Pure functions over the bytes that have come; each says how far
// they have been looked at, so that no byte is looked at again and again while more of them come.
#pragma once

#include <cstddef>
#include <string_view>

#include "tlspeel/base/direction.hpp"

namespace tlspeel::http {

struct Sighting {
  std::size_t at = 0;
  bool found = false;  // true: it begins at `at`; false: before `at` it does not, from there on it may
};

// A message of that direction: a whole start line, and behind it the name of a field with its colon, or the
// empty line that ends a header. It may begin anywhere, since content need not end with a line end; a request
// must have a registered method and a target without blanks.
Sighting find_message(Direction direction, std::string_view text, std::size_t from);

// A chunk (RFC 9112 section 7.1): the line end of the content before it, its size line, its content, and
// behind that the size line of another one. The sighting is that of the line end; behind_hole: what is at 0
// need not have one. The last chunk is never found, but kept waiting for the message that may follow it.
// final: no more bytes will come.
Sighting find_chunk(std::string_view text, std::size_t from, bool behind_hole, bool final);

// text ends with the last chunk and no trailer: how many bytes it has, with the line end before it; 0: it
// does not.
std::size_t size_of_last_chunk(std::string_view text, bool behind_hole);

}  // namespace tlspeel::http
