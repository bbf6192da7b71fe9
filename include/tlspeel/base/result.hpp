// Two kinds of failure. Error is a sentence for the user that names file and cause; it ends an operation.
// ParseError says which field of untrusted input was wrong and where; it becomes an event and reading goes
// on.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace tlspeel {

struct Error {
  std::string message;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

struct ParseError {
  const char* what = "";   // static text: "extension runs past the end of its list"
  std::size_t offset = 0;  // bytes from the start of the outermost Reader's buffer
};

template <class T>
using ParseResult = tl::expected<T, ParseError>;

}  // namespace tlspeel
