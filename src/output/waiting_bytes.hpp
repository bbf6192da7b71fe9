// What a message takes while it waits for others, for caps on memory. Pure function.
#pragma once

#include <cstddef>

#include "tlspeel/event/http_message.hpp"

namespace tlspeel::output {

// Bytes, about: of the value, its head and what is kept of its body.
inline std::size_t waiting_bytes(const event::HttpMessage& message) {
  std::size_t bytes = sizeof message + message.target.size() + message.body.shown.size();
  for (const event::HttpFields* fields : {&message.fields, &message.trailers}) {
    for (const event::HttpField& field : *fields)
      bytes += sizeof field + field.name.size() + field.value.size();
  }
  return bytes;
}

}  // namespace tlspeel::output
