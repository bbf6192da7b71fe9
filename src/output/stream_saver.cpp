#include "tlspeel/output/stream_saver.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

namespace tlspeel::output {

void StreamSaver::write(const event::Placed& placed) {
  if (const auto* const start = std::get_if<event::ConnectionStart>(&placed.event)) {
    auto& names = names_[placed.connection];
    for (const Direction direction : {Direction::client, Direction::server}) {
      names[index(direction)] = stream_file_name(placed.connection, start->client, start->server, direction);
    }
  } else if (const auto* const plaintext = std::get_if<event::Plaintext>(&placed.event)) {
    const auto found = names_.find(placed.connection);
    if (found == names_.end() || plaintext->data.empty()) return;
    store_.append(found->second[index(plaintext->direction)], plaintext->data);
  } else if (std::holds_alternative<event::ConnectionEnd>(placed.event)) {
    names_.erase(placed.connection);
  }
}

std::string stream_file_name(std::uint64_t connection, const Endpoint& client, const Endpoint& server,
                             Direction direction) {
  std::string name = fmt::format("{:06}_{}.{}-{}.{}.{}", connection, client.address.to_string(), client.port,
                                 server.address.to_string(), server.port,
                                 direction == Direction::client ? "client" : "server");
  std::replace(name.begin(), name.end(), ':', '-');
  return name;
}

}  // namespace tlspeel::output
