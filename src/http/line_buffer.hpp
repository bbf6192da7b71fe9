// Takes lines out of a stream that comes in pieces. A line that lies in one piece is not copied.
// Lines end with LF; a CR before it belongs to the end (RFC 9112 section 2.2). One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/base/reader.hpp"

namespace tlspeel::http {

class LineBuffer {
 public:
  enum class Outcome : std::uint8_t {
    line,       // line() is it
    need_more,  // all input was taken
    too_long,  // more than the limit without an end; what was taken so far is in raw(), the rest of the input
               // is untouched
  };

  // limit: bytes of the line with its end.
  Outcome take(Reader& in, std::size_t limit);

  std::string_view line() const;  // without its end; valid until clear() and as long as the input
  ByteView raw() const { return as_bytes(view_); }  // the line with its end, or the part of it that has come
  bool empty() const { return !partial_.made(); }   // after clear(): the next byte begins a line
  void clear();                                     // after each line and its use

 private:
  OnDemand<std::string> partial_;  // made: something is there
  std::string_view view_;
};

}  // namespace tlspeel::http
