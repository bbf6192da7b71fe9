#include "tlspeel/output/body_saver.hpp"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

#include "tlspeel/output/safe_text.hpp"

#include "output/body_names.hpp"
#include "output/exchange_url.hpp"
#include "output/overloaded.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {
namespace {

// Requests wait for their response; HTTP/2 has a hundred at once. Where the server's side was not captured
// the oldest go.
constexpr std::size_t kMostRequests = 256;

// Of what a peer chose, kept and listed. Browsers and servers have no longer ones, but for a few.
constexpr std::size_t kLongest = 2048;

constexpr std::size_t kMostLines = 65536;

std::string shortened(std::string_view text) {
  if (text.size() <= kLongest) return std::string(text);
  return std::string(text.substr(0, kLongest)) + "...";
}

std::string_view yes(bool value) {
  return value ? "yes" : "no";
}

void add_note(std::string& notes, std::string_view note) {
  if (note.empty()) return;
  if (!notes.empty()) notes += "; ";
  notes += note;
}

}  // namespace

void BodySaver::write(const event::Placed& placed) {
  // Made by whatever comes first: a piece may come before the start of its connection.
  const auto connection = [&]() -> Connection& { return connections_[placed.connection]; };
  std::visit(
      Overloaded{[&](const event::ConnectionStart& start) { connection().server = start.server; },
                 [&](const event::HandshakeEnd& end) {
                   if (connection().server_name.empty()) connection().server_name = end.server_name;
                 },
                 [&](const event::BodyPiece& piece) { take(connection(), piece); },
                 [&](const event::HttpMessage& message) { take(placed.connection, connection(), message); },
                 [&](const event::LeftOut& out) { leave_out(placed.connection, out.exchange); },
                 [&](const event::ConnectionEnd& /*end*/) { leave_out(placed.connection, 0); },
                 [](const auto& /*other*/) {}},
      placed.event);
}

void BodySaver::take(Connection& connection, const event::BodyPiece& piece) {
  Part& part = connection.parts[{piece.exchange, piece.direction}];
  if (part.id == 0) part.id = ++last_part_;
  pad(part, piece.offset);
  store_.append(part.id, piece.data);
  part.at += piece.data.size();
}

void BodySaver::pad(Part& part, std::uint64_t to) {
  const std::uint64_t count = to - std::min(to, part.at);
  part.at += count;
  if (count > part.padding_left) {
    part.padding_left = 0;
  } else if (count != 0) {
    part.padding_left -= count;
    store_.skip(part.id, count);
  }
}

void BodySaver::take(std::uint64_t number, Connection& connection, const event::HttpMessage& message) {
  if (message.request) remember(connection, message);
  auto part = connection.parts.extract({message.exchange, message.direction});
  if (message.body.handed_on) {
    if (part.empty()) {
      keep(number, connection, message, {.id = ++last_part_});
    } else {
      keep(number, connection, message, part.mapped());
    }
  } else if (!part.empty()) {
    store_.drop(part.mapped().id);
  }
  if (!message.request && !message.interim) connection.requests.erase(message.exchange);
}

void BodySaver::remember(Connection& connection, const event::HttpMessage& message) {
  if (connection.requests.size() >= kMostRequests) connection.requests.erase(connection.requests.begin());
  connection.requests[message.exchange] = {
      shortened(message.method), shortened(request_host(message, connection.server_name, connection.server)),
      shortened(message.target), shortened(request_url(message, connection.server_name, connection.server))};
}

void BodySaver::keep(std::uint64_t number, const Connection& connection, const event::HttpMessage& message,
                     Part part) {
  static const Request kUnknown{};
  const auto found = connection.requests.find(message.exchange);
  const Request& request = found == connection.requests.end() ? kUnknown : found->second;
  const std::string server = connection.server.address.to_string();
  const std::string_view host = request.host.empty() ? server : request.host;
  pad(part, message.body.handed_on->size);
  const bool padded = part.padding_left != 0;
  const BodyName name = body_name({number, host, request.target}, message);
  const std::string file = store_.keep(part.id, name.stem, name.extension);
  if (!file.empty()) add_line(file, number, request, message, padded);
}

void BodySaver::add_line(const std::string& file, std::uint64_t number, const Request& request,
                         const event::HttpMessage& message, bool padded) {
  const event::HttpBody& body = message.body;
  std::string notes;
  add_note(notes, body.handed_on->note);
  if (!padded) add_note(notes, "holes are so long that some have no zeros in the file");
  add_note(notes, message.note);
  lines_ += fmt::format(
      "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", file, number, message.exchange,
      direction_name(message.direction), safe_line(request.method), safe_line(request.url),
      message.status == 0 ? std::string() : std::to_string(message.status),
      safe_line(shortened(body.media_type)), body.handed_on->size, safe_line(shortened(body.coding)),
      yes(body.handed_on->decoded), yes(body.handed_on->complete), body.missing, safe_line(notes));
  if (lines_.size() >= kMostLines) flush();
}

// Exchange 0: all that the connection has under way, and the connection itself.
void BodySaver::leave_out(std::uint64_t number, Exchange exchange) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if (exchange == 0) {
    drop_all(connection);
    connections_.erase(found);
    return;
  }
  for (const Direction direction : {Direction::client, Direction::server}) {
    if (const auto part = connection.parts.extract({exchange, direction}); !part.empty())
      store_.drop(part.mapped().id);
  }
  connection.requests.erase(exchange);
}

void BodySaver::drop_all(Connection& connection) {
  for (const auto& [whose, part] : connection.parts) store_.drop(part.id);
  connection.parts.clear();
  connection.requests.clear();
}

void BodySaver::flush() {
  if (!lines_.empty()) store_.list(kBodyListHead, lines_);
  lines_.clear();
}

void BodySaver::finish() {
  for (auto& [number, connection] : connections_) drop_all(connection);
  connections_.clear();
  flush();
}

}  // namespace tlspeel::output
