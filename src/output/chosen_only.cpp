#include "tlspeel/output/chosen_only.hpp"

#include <iterator>
#include <utility>
#include <variant>

#include "tlspeel/event/body_parts.hpp"

#include "output/exchange_verdict.hpp"
#include "output/waiting_bytes.hpp"

namespace tlspeel::output {
namespace {

// Exchanges of one connection whose other message has not come: beyond it the oldest is forgotten.
constexpr std::size_t kMaxExchanges = 4096;
// A handshake with its renegotiations opens a connection; more of them are not needed to name it.
constexpr std::size_t kMaxOpening = 8;

}  // namespace

struct ChosenOnly::Exchange {
  ExchangeVerdict facts;
  Verdict verdict = Verdict::open;
  std::vector<event::Placed> waiting;
  std::size_t waiting_bytes = 0;
  std::uint64_t since = 0;  // among those that wait; 0: nothing does
};

struct ChosenOnly::Connection {
  Endpoint server;
  std::string server_name;
  bool told = false;
  std::vector<event::Placed> opening;  // is told before anything else
  std::map<std::uint32_t, Exchange> exchanges;
};

ChosenOnly::ChosenOnly(Choice choice, std::vector<Writer*> exchange_writers,
                       std::vector<Writer*> connection_writers, std::size_t max_waiting)
    : choice_(std::move(choice)),
      exchange_writers_(std::move(exchange_writers)),
      connection_writers_(std::move(connection_writers)),
      max_waiting_(max_waiting) {}

ChosenOnly::~ChosenOnly() = default;

void ChosenOnly::write(const event::Placed& placed) {
  const bool taken = placed.connection == 0 || choice_.takes_connection(placed.connection);
  if (std::holds_alternative<event::ConnectionStart>(placed.event)) {
    ++chosen_connections_.of_connections;
    if (taken) ++chosen_connections_.connections;
  }
  if (!taken) return;
  if (std::holds_alternative<event::RunSummary>(placed.event)) {
    pass(with_counts(placed));
  } else if (placed.connection != 0 && choice_.of_exchanges()) {
    choose(placed);
  } else {
    pass(placed);
  }
}

void ChosenOnly::flush() {
  for (Writer* const each : exchange_writers_) each->flush();
  for (Writer* const each : connection_writers_) each->flush();
}

void ChosenOnly::finish() {
  for (Writer* const each : exchange_writers_) each->finish();
  for (Writer* const each : connection_writers_) each->finish();
}

void ChosenOnly::pass(const event::Placed& placed) const {
  to_exchange_writers(placed);
  to_connection_writers(placed);
}

event::Placed ChosenOnly::with_counts(const event::Placed& summary) const {
  event::Placed copy = summary;
  auto& counted = std::get<event::RunSummary>(copy.event);
  if (choice_.of_exchanges()) counted.chosen = chosen_;
  if (!choice_.connections.empty()) counted.chosen_connections = chosen_connections_;
  return copy;
}

void ChosenOnly::choose(const event::Placed& placed) {
  Connection& connection = connections_[placed.connection];
  const auto opens = [&] {
    if (!connection.told && connection.opening.size() < kMaxOpening) connection.opening.push_back(placed);
  };
  if (std::holds_alternative<event::ConnectionEnd>(placed.event)) {
    on_end(connection, placed);
    connections_.erase(placed.connection);
    return;
  }
  to_connection_writers(placed);
  if (const auto* const message = std::get_if<event::HttpMessage>(&placed.event)) {
    on_message(connection, placed, *message);
  } else if (const auto* const piece = std::get_if<event::BodyPiece>(&placed.event)) {
    if (connection.exchanges[piece->exchange].verdict != Verdict::left_out) to_exchange_writers(placed);
  } else if (const auto* const web_socket = std::get_if<event::WebSocketMessage>(&placed.event)) {
    on_web_socket(connection, placed, *web_socket);
  } else if (const auto* const opaque = std::get_if<event::OpaqueData>(&placed.event)) {
    on_plain(connection, placed, opaque->shown);
  } else if (const auto* const clear = std::get_if<event::ClearText>(&placed.event)) {
    on_plain(connection, placed, clear->shown);
  } else if (const auto* const start = std::get_if<event::ConnectionStart>(&placed.event)) {
    connection.server = start->server;
    opens();
  } else if (const auto* const handshake = std::get_if<event::HandshakeEnd>(&placed.event)) {
    if (connection.server_name.empty()) connection.server_name = handshake->server_name;
    opens();
  } else if (std::holds_alternative<event::KeysEstablished>(placed.event)) {
    opens();
  }
}

void ChosenOnly::on_message(Connection& connection, const event::Placed& placed,
                            const event::HttpMessage& message) {
  const Name name(placed.connection, message.exchange);
  Exchange& exchange = connection.exchanges[message.exchange];
  if (!message.interim && !exchange.facts.begun()) ++chosen_.of_exchanges;
  exchange.facts.learn(choice_, message, connection.server_name, connection.server);
  if (exchange.verdict == Verdict::chosen) {
    tell(connection, placed);
  } else if (exchange.verdict == Verdict::open) {
    hold(name, exchange, placed, waiting_bytes(message));
    settle(name, connection, exchange, placed.at, false);
  }
  if (exchange.facts.over()) connection.exchanges.erase(message.exchange);
  if (connection.exchanges.size() > kMaxExchanges) {
    const auto oldest = connection.exchanges.begin();
    settle({placed.connection, oldest->first}, connection, oldest->second, placed.at, true);
    connection.exchanges.erase(oldest);
  }
  relieve(placed.at);
}

// Of those before the one in which it is found nothing is kept: a WebSocket may last for days.
void ChosenOnly::on_web_socket(Connection& connection, const event::Placed& placed,
                               const event::WebSocketMessage& message) {
  Exchange& exchange = connection.exchanges[message.exchange];
  if (exchange.verdict == Verdict::open && choice_.finds_in(message.shown)) {
    exchange.facts.found();
    settle({placed.connection, message.exchange}, connection, exchange, placed.at, false);
  }
  if (exchange.verdict == Verdict::chosen) tell(connection, placed);
}

// What is not HTTP has nothing of a request or a response.
void ChosenOnly::on_plain(Connection& connection, const event::Placed& placed, ByteView shown) {
  const bool asked_for = choice_.methods.empty() && choice_.statuses.empty() && !choice_.url &&
                         choice_.takes_host(connection.server_name);
  if (asked_for && choice_.finds_in(shown)) tell(connection, placed);
}

void ChosenOnly::on_end(Connection& connection, const event::Placed& placed) {
  for (auto& [number, exchange] : connection.exchanges) {
    settle({placed.connection, number}, connection, exchange, placed.at, true);
  }
  const event::Placed left_out{placed.connection, placed.at, event::LeftOut{}};
  if (connection.told) {
    to_exchange_writers(placed);
  } else {
    to_exchange_writers(left_out);
    to_connection_writers(left_out);
  }
  to_connection_writers(placed);
}

void ChosenOnly::hold(Name name, Exchange& exchange, const event::Placed& placed, std::size_t bytes) {
  exchange.waiting.push_back(placed);
  exchange.waiting_bytes += bytes;
  waiting_bytes_ += bytes;
  if (exchange.since != 0) return;
  exchange.since = ++arrivals_;
  oldest_.emplace(exchange.since, name);
}

void ChosenOnly::settle(Name name, Connection& connection, Exchange& exchange, PacketRef at,
                        bool nothing_follows) {
  if (exchange.verdict != Verdict::open) return;
  exchange.verdict = exchange.facts.verdict(choice_, nothing_follows);
  if (exchange.verdict == Verdict::open) return;
  waiting_bytes_ -= std::exchange(exchange.waiting_bytes, 0);
  oldest_.erase(std::exchange(exchange.since, 0));
  const std::vector<event::Placed> waiting = std::move(exchange.waiting);
  exchange.waiting.clear();
  if (exchange.verdict == Verdict::chosen) {
    ++chosen_.exchanges;
    for (const event::Placed& each : waiting) tell(connection, each);
  } else {
    to_exchange_writers({name.first, at, event::LeftOut{name.second}});
  }
}

void ChosenOnly::relieve(PacketRef at) {
  while (waiting_bytes_ > max_waiting_ && !oldest_.empty()) {
    const Name name = oldest_.begin()->second;
    Connection& connection = connections_.at(name.first);
    settle(name, connection, connection.exchanges.at(name.second), at, true);
  }
}

void ChosenOnly::tell(Connection& connection, const event::Placed& placed) {
  if (!std::exchange(connection.told, true)) {
    for (const event::Placed& each : connection.opening) to_exchange_writers(each);
    std::vector<event::Placed>().swap(connection.opening);
  }
  to_exchange_writers(placed);
}

void ChosenOnly::to_exchange_writers(const event::Placed& placed) const {
  for (Writer* const each : exchange_writers_) each->write(placed);
}

void ChosenOnly::to_connection_writers(const event::Placed& placed) const {
  for (Writer* const each : connection_writers_) each->write(placed);
}

}  // namespace tlspeel::output
