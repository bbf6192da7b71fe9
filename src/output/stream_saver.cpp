#include "tlspeel/output/stream_saver.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace tlspeel::output {

void StreamSaver::write(const event::Placed& placed) {
  if (const auto* const start = std::get_if<event::ConnectionStart>(&placed.event)) {
    auto& files = files_[placed.connection];
    for (const Direction direction : {Direction::client, Direction::server}) {
      files[index(direction)].name =
          stream_file_name(placed.connection, start->client, start->server, direction);
    }
  } else if (const auto* const plaintext = std::get_if<event::Plaintext>(&placed.event)) {
    const auto found = files_.find(placed.connection);
    if (found == files_.end() || plaintext->data.empty()) return;
    File& file = found->second[index(plaintext->direction)];
    begin(file);
    store_.append(file.name, plaintext->data);
  } else if (const auto* const gap = std::get_if<event::PlaintextGap>(&placed.event)) {
    const auto found = files_.find(placed.connection);
    if (found != files_.end()) pad(found->second[index(gap->direction)], *gap);
  } else if (std::holds_alternative<event::ConnectionEnd>(placed.event)) {
    files_.erase(placed.connection);
  }
}

void StreamSaver::begin(File& file) {
  if (!std::exchange(file.begun, true)) store_.remove(file.name + ".holes");
}

void StreamSaver::pad(File& file, const event::PlaintextGap& gap) {
  begin(file);
  std::string lines;
  if (!std::exchange(file.has_map, true)) lines = "# offset length exact|estimated|unknown\n";
  const auto& length = gap.hole.length;
  lines += length ? fmt::format("{} {} {}\n", gap.offset, *length, gap.hole.exact ? "exact" : "estimated")
                  : fmt::format("{} unknown unknown\n", gap.offset);
  store_.append(file.name + ".holes", as_bytes(lines));
  if (!length || *length == 0) return;
  if (*length > file.padding_left) {
    file.padding_left = 0;
    return;
  }
  file.padding_left -= *length;
  store_.skip(file.name, *length);
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
