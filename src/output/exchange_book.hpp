// Puts the messages of a run together as exchanges: a request and its final response, with what there is to
// know of their connection. Whoever lists or archives exchanges gets each once, when it is complete, or at
// the end of its connection with what there is of it, in an order that is a function of the events alone.
// Interim responses (RFC 9110 section 15.2) are left out.
// Memory: of an exchange under way its heads, and where bodies are wanted of each body the first max_body
// bytes; beyond kMaxWaiting bytes of all together the exchange that waits longest is handed out as it is, and
// bodies that go on then are cut. Single threaded.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::output {

struct ConnectionFacts {
  Endpoint client, server;
  std::string server_name;
  // Of its SYN, its first payload and the end of its (first) handshake; number 0: not captured.
  PacketRef opened, first_data, handshake_end;
};

// Borrowed for the call.
struct HttpExchange {
  std::uint64_t connection = 0;
  const ConnectionFacts* facts = nullptr;
  bool first_of_connection = false;
  const event::HttpMessage* request = nullptr;   // null: not captured
  const event::HttpMessage* response = nullptr;  // null: not captured
  // By Direction of who sent it: what the codings hold where they were undone. Empty unless wanted.
  std::array<Bytes, 2> bodies;
};

class ExchangeBook {
 public:
  static constexpr std::size_t kMaxWaiting = std::size_t{256} << 20U;
  using Take = std::function<void(const HttpExchange&)>;

  // max_body 0: bodies are not wanted.
  ExchangeBook(Take take, std::uint64_t max_body, std::size_t max_waiting = kMaxWaiting)
      : take_(std::move(take)), max_body_(max_body), max_waiting_(max_waiting) {}

  void write(const event::Placed& placed);
  // The run is over: what is left is handed out.
  void finish();

 private:
  struct Open {
    std::optional<event::HttpMessage> request, response;
    std::array<Bytes, 2> bodies;
    std::size_t bytes = 0;
    std::uint64_t since = 0;
  };
  struct Connection {
    ConnectionFacts facts;
    bool used = false;
    std::map<std::uint32_t, Open> open;  // by exchange
  };
  using Name = std::pair<std::uint64_t, std::uint32_t>;

  Open& open(Connection& connection, Name name);
  void on_message(const event::Placed& placed, const event::HttpMessage& message);
  void on_piece(std::uint64_t connection, const event::BodyPiece& piece);
  void leave_out(std::uint64_t connection, std::uint32_t exchange);
  void hand_out(std::uint64_t number, Connection& connection, std::map<std::uint32_t, Open>::iterator open);
  void forget(Connection& connection, std::map<std::uint32_t, Open>::iterator open);
  void account(Open& open, std::size_t bytes);
  void end(std::uint64_t number);

  Take take_;
  std::uint64_t max_body_;
  std::size_t max_waiting_;
  std::map<std::uint64_t, Connection> connections_;
  std::map<std::uint64_t, Name> oldest_;
  std::uint64_t arrivals_ = 0;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace tlspeel::output
