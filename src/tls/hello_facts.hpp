// What the hellos say, as far as keys depend on it. Pure functions.
#pragma once

#include <string>

#include "tlspeel/event/tls_messages.hpp"

#include "handshake_facts.hpp"

namespace tlspeel::tls {

ClientHelloFacts client_hello_facts(const event::ClientHello& hello);
ServerHelloFacts server_hello_facts(const event::ServerHello& hello);

bool offers_early_data(const event::Extensions& extensions);
// The first of the names in such an extension, or empty.
std::string server_name_of(const event::Extensions& extensions);
std::string alpn_of(const event::Extensions& extensions);

}  // namespace tlspeel::tls
