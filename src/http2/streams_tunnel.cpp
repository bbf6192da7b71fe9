// Streams that an extended CONNECT has opened for another protocol: RFC 8441 section 4.
#include <algorithm>
#include <utility>

#include "streams.hpp"

namespace tlspeel::http2 {

// The response is known. Its request and itself are over as messages: what follows in the stream is none of
// HTTP.
void Streams::open_tunnel(Stream& stream) {
  Half& request = stream.halves.front();
  Half& response = stream.halves.back();
  const bool may = tunnels_ != nullptr && !stream.protocol.empty() && request.open && response.open &&
                   request.open->message.body.size == 0 && request.open->doubts == 0;
  if (!may || response.open->message.status / 100 != 2) return;
  std::unique_ptr<Tunnel> tunnel = tunnels_->open(stream.protocol, response.open->message);
  if (!tunnel) return;
  for (Half* const half : {&request, &response}) {
    half->open->message.body.framing = event::BodyFraming::none;
    finish_half(stream, *half);
    half->over = false;
  }
  stream.tunnel = std::move(tunnel);
}

// null: it carries messages, or is over.
Streams::Stream* Streams::tunnel_of(std::uint32_t id) {
  const auto found = streams_.find(id);
  return found != streams_.end() && found->second.tunnel ? &found->second : nullptr;
}

void Streams::tunnel_ends(Direction from, std::uint32_t id, Stream& stream) {
  Half& half = stream.halves.at(index(from));
  if (std::exchange(half.over, true)) return;
  stream.tunnel->end(from, emitter_.now());
  if (!std::ranges::all_of(stream.halves, &Half::over)) return;
  stream.tunnel->finish(emitter_.now());
  streams_.erase(id);
}

void Streams::tunnel_is_cut(Stream& stream) {
  if (!stream.tunnel) return;
  stream.tunnel->finish(emitter_.now());
  stream.tunnel.reset();
  for (Half& half : stream.halves) half.over = true;
}

}  // namespace tlspeel::http2
