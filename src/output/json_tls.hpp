// TLS messages as members of the JSON object that is open: "handshake", "alert", ... with every field.
#pragma once

#include "tlspeel/event/event.hpp"

#include "output/json_line.hpp"

namespace tlspeel::output {

void append_json(JsonLine& json, const event::TlsMessage& message);
void append_json(JsonLine& json,
                 const event::CertificateInfo& certificate);  // members of an object that is open
void append_json_extensions(JsonLine& json, const event::Extensions& extensions);

}  // namespace tlspeel::output
