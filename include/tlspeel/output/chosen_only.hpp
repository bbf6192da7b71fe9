// Lets through of a run what was chosen, to whoever shows exchanges, before anything is formatted.
//
// With criteria of exchanges the messages of an exchange wait until it is decided, and go out together; of a
// connection only its start, its keys, the end of its handshake and its own end go with them, and only where
// something of it was chosen. Exchanges that are not chosen are said by LeftOut, so that whoever keeps their
// body pieces lets go of them: pieces do not wait (one may come before the start of its connection), and
// LeftOut of exchange 0 stands for the end of a connection of which nothing was chosen.
// Without such criteria the connections that were chosen go through as they are.
//
// Others take connections as wholes (streams, key logs): they get every event of those whose number was
// chosen, and LeftOut of exchange 0 before a ConnectionEnd where none of its exchanges was.
//
// What waits is bounded: beyond kMaxWaiting bytes the exchange that waits longest is decided by what there
// is. Everything depends on the order of events alone. Writers outlive this object. Single threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/choice.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

class ChosenOnly final : public Writer {
 public:
  static constexpr std::size_t kMaxWaiting = std::size_t{64} << 20U;

  ChosenOnly(Choice choice, std::vector<Writer*> exchange_writers, std::vector<Writer*> connection_writers,
             std::size_t max_waiting = kMaxWaiting);

  ~ChosenOnly() override;
  ChosenOnly(const ChosenOnly&) = delete;
  ChosenOnly& operator=(const ChosenOnly&) = delete;

  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override;

 private:
  struct Exchange;
  struct Connection;
  using Name = std::pair<std::uint64_t, std::uint32_t>;  // connection, exchange

  void pass(const event::Placed& placed) const;
  event::Placed with_counts(const event::Placed& summary) const;
  void choose(const event::Placed& placed);
  void on_message(Connection& connection, const event::Placed& placed, const event::HttpMessage& message);
  void on_web_socket(Connection& connection, const event::Placed& placed,
                     const event::WebSocketMessage& message);
  void on_plain(Connection& connection, const event::Placed& placed, ByteView shown);
  void on_end(Connection& connection, const event::Placed& placed);
  void hold(Name name, Exchange& exchange, const event::Placed& placed, std::size_t bytes);
  void settle(Name name, Connection& connection, Exchange& exchange, PacketRef at, bool nothing_follows);
  void relieve(PacketRef at);
  void tell(Connection& connection, const event::Placed& placed);
  void to_exchange_writers(const event::Placed& placed) const;
  void to_connection_writers(const event::Placed& placed) const;

  Choice choice_;
  std::vector<Writer*> exchange_writers_;
  std::vector<Writer*> connection_writers_;
  std::size_t max_waiting_;
  std::unordered_map<std::uint64_t, Connection> connections_;
  std::map<std::uint64_t, Name> oldest_;  // exchanges of which something waits, by their arrival
  std::uint64_t arrivals_ = 0;
  std::size_t waiting_bytes_ = 0;
  event::RunSummary::Chosen chosen_;
  event::RunSummary::ChosenConnections chosen_connections_;
};

}  // namespace tlspeel::output
