// Lines about a connection as a whole: its status, why it stays closed, what was lost, how it ended, which
// keys it has. The *_text functions return text that may still hold peer bytes; append_* functions make safe
// what they print.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tlspeel/event/event.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

// "opened with server.key", "closed (ephemeral key exchange)"; empty while nothing is known.
std::pair<Ink, std::string> heading_status(std::optional<event::ConnectionOutcome> outcome,
                                           std::optional<event::ClosedCause> cause,
                                           std::string_view opened_with);

std::string closed_text(PacketRef at, const event::Closed& closed);
std::string remedy_text(const event::Closed& closed);  // empty where nothing helps
std::string gap_text(PacketRef at, const event::StreamGap& gap);
std::string goaway_text(PacketRef at, const event::HttpGoaway& goaway);
std::string http_frame_text(PacketRef at, const event::HttpFrame& frame);
std::string resumed_text(PacketRef at, const event::Resumed& resumed);
std::string problem_text(PacketRef at, const event::Problem& problem);

void append_keys(Lines& lines, PacketRef at, const event::KeysEstablished& keys);
// Premaster secret, master secret and key block in hex.
void append_secrets(Lines& lines, const event::RevealedSecrets& secrets);
// As lines of a key log (RFC 9850 section 2).
void append_key_log(Lines& lines, const event::SecretsRecovered& secrets);
// "server.key", "PSK device 1 and server.key"; not yet safe for a terminal.
std::string opened_with_text(const event::ConnectionEnd& end);
// How it ended: always in Order::time, where no heading can say so; otherwise only what is out of the
// ordinary (which bytes stayed closed of a connection that was opened in part), or everything with -v.
void append_connection_end(Lines& lines, PacketRef at, const event::ConnectionEnd& end);

}  // namespace tlspeel::output
