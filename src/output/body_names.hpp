// What a body that is saved is called. Peers choose hosts, paths and media types, so that nothing of them is
// taken but ASCII letters, digits, '.', '-' and '_', and not much of it. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/event/http_message.hpp"

namespace tlspeel::output {

// In front of the extension there is room for a number.
struct BodyName {
  std::string stem;       // "000012.003_www.example.com_static_app"
  std::string extension;  // ".js"; never empty
};

// Of a request or of the response to it.
struct BodyOrigin {
  std::uint64_t connection = 0;
  std::string_view host;    // of the request, or what stands for it; may be empty
  std::string_view target;  // of the request; may be empty
};

// As long as 180 bytes: names of 255 are what file systems allow. It never begins with a dot, has no part
// that is nothing but dots, and of a run no two are the same, whether or not upper and lower case differ.
BodyName body_name(const BodyOrigin& origin, const event::HttpMessage& message);

}  // namespace tlspeel::output
