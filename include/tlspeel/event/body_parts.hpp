// The parts of a multipart body (RFC 2046 section 5.1) as plain values. Their content is not copied:
// positions count the bytes of HttpBody::shown.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tlspeel/event/content_kind.hpp"
#include "tlspeel/event/http_message.hpp"

namespace tlspeel::event {

struct BodyPart {
  unsigned depth = 0;          // how many parts it is inside of
  HttpFields fields;           // as sent; not yet safe for a terminal
  std::string note;            // what was odd about its header; usually empty
  std::string media_type;      // as in HttpBody
  std::string charset;         // as in HttpBody
  std::uint64_t position = 0;  // of its content
  std::uint64_t size = 0;      // bytes of its content that are among what is shown
  bool complete = true;        // false: the delimiter behind it was not seen
  bool text = false;
  bool multipart = false;  // it holds the parts that follow with a larger depth
  ContentKind found;       // of what is not text
};

struct BodyParts {
  std::vector<BodyPart> parts;  // in the order of the bytes; a part that holds parts stands before them
  std::uint64_t further = 0;    // parts beyond these, which are counted only
  std::uint64_t preamble = 0;   // bytes before the first delimiter
  std::uint64_t epilogue = 0;   // bytes behind the last one
  bool closed = false;          // the delimiter that ends it was seen
};

}  // namespace tlspeel::event
