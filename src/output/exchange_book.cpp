#include "output/exchange_book.hpp"

#include <algorithm>
#include <variant>

#include "output/waiting_bytes.hpp"

namespace tlspeel::output {

void ExchangeBook::write(const event::Placed& placed) {
  if (const auto* const start = std::get_if<event::ConnectionStart>(&placed.event)) {
    ConnectionFacts& facts = connections_[placed.connection].facts;
    facts.client = start->client;
    facts.server = start->server;
    facts.first_data = placed.at;
    if (start->start_captured) facts.opened = start->first;
  } else if (const auto* const handshake = std::get_if<event::HandshakeEnd>(&placed.event)) {
    ConnectionFacts& facts = connections_[placed.connection].facts;
    if (facts.server_name.empty()) facts.server_name = handshake->server_name;
    if (handshake->complete && facts.handshake_end.number == 0) facts.handshake_end = placed.at;
  } else if (const auto* const message = std::get_if<event::HttpMessage>(&placed.event)) {
    if (!message->interim) on_message(placed, *message);
  } else if (const auto* const piece = std::get_if<event::BodyPiece>(&placed.event)) {
    if (max_body_ != 0) on_piece(placed.connection, *piece);
  } else if (const auto* const left_out = std::get_if<event::LeftOut>(&placed.event)) {
    leave_out(placed.connection, left_out->exchange);
  } else if (std::holds_alternative<event::ConnectionEnd>(placed.event)) {
    end(placed.connection);
  }
}

void ExchangeBook::finish() {
  while (!connections_.empty()) end(connections_.begin()->first);
}

ExchangeBook::Open& ExchangeBook::open(Connection& connection, Name name) {
  Open& open = connection.open[name.second];
  if (open.since == 0) {
    open.since = ++arrivals_;
    oldest_.emplace(open.since, name);
  }
  return open;
}

void ExchangeBook::on_message(const event::Placed& placed, const event::HttpMessage& message) {
  Connection& connection = connections_[placed.connection];
  Open& open = this->open(connection, {placed.connection, message.exchange});
  event::HttpMessage& kept = (message.request ? open.request : open.response).emplace(message);
  Bytes().swap(kept.body.shown);  // the whole is in the pieces, for who wants it
  kept.body.parts.reset();        // which are in what was shown
  account(open, waiting_bytes(kept));
  if (open.request && open.response) {
    hand_out(placed.connection, connection, connection.open.find(message.exchange));
  }
  while (waiting_bytes_ > max_waiting_ && !oldest_.empty()) {
    const Name name = oldest_.begin()->second;
    Connection& of = connections_.at(name.first);
    hand_out(name.first, of, of.open.find(name.second));
  }
}

void ExchangeBook::on_piece(std::uint64_t connection, const event::BodyPiece& piece) {
  Open& open = this->open(connections_[connection], {connection, piece.exchange});
  Bytes& body = open.bodies[index(piece.direction)];
  // What stands behind a hole would look as if it followed what is before it.
  if (piece.offset != body.size() || body.size() >= max_body_ || waiting_bytes_ > max_waiting_) return;
  const auto room = static_cast<std::size_t>(max_body_ - body.size());
  const ByteView taken = ByteView(piece.data).first(std::min(room, piece.data.size()));
  append(body, taken);
  account(open, taken.size());
}

void ExchangeBook::leave_out(std::uint64_t number, std::uint32_t exchange) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  if (exchange == 0) {
    while (!connection.open.empty()) forget(connection, connection.open.begin());
    connections_.erase(found);
  } else if (const auto open = connection.open.find(exchange); open != connection.open.end()) {
    forget(connection, open);
  }
}

void ExchangeBook::hand_out(std::uint64_t number, Connection& connection,
                            std::map<std::uint32_t, Open>::iterator open) {
  Open& of = open->second;
  if (of.request || of.response) {
    HttpExchange exchange{number,
                          &connection.facts,
                          !std::exchange(connection.used, true),
                          of.request ? &*of.request : nullptr,
                          of.response ? &*of.response : nullptr,
                          std::move(of.bodies)};
    take_(exchange);
  }
  forget(connection, open);
}

void ExchangeBook::forget(Connection& connection, std::map<std::uint32_t, Open>::iterator open) {
  waiting_bytes_ -= open->second.bytes;
  oldest_.erase(open->second.since);
  connection.open.erase(open);
}

void ExchangeBook::account(Open& open, std::size_t bytes) {
  open.bytes += bytes;
  waiting_bytes_ += bytes;
}

void ExchangeBook::end(std::uint64_t number) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  Connection& connection = found->second;
  while (!connection.open.empty()) hand_out(number, connection, connection.open.begin());
  connections_.erase(found);
}

}  // namespace tlspeel::output
