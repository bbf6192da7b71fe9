// Every field of a message as lines of text, so that a vector file can say what is expected.
#pragma once

#include <string>
#include <vector>

#include "tlspeel/event/tls_messages.hpp"

namespace tlspeel::tls::test {

using Lines = std::vector<std::string>;

Lines summarize(const event::HandshakeBody& body);
Lines summarize(const event::Alert& alert);
Lines summarize(const event::Heartbeat& heartbeat);

}  // namespace tlspeel::tls::test
