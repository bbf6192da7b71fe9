// Hellos are missing: what the key log's secrets open all the same. Of TLS 1.3 both may be, before that the
// client's.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "connection_state.hpp"

namespace tlspeel::tls {

// The hellos are among what is missing, and the key log may know the connection all the same.
bool Connection::State::open_behind_lost_hellos(Direction direction,
                                                const RecordSearch::Candidate& candidate) {
  const auto found = find_late(direction, candidate.record);
  if (!found) return false;
  LostRecords lost;
  lost.data = found->data_before();
  resume(direction, candidate, lost);
  begin_late(direction, *found, candidate.record);
  return true;
}

// True: it opened, and everything from here on is opened with what was found.
bool Connection::State::try_late(Direction direction, const Record& record) {
  if (try_without_client_hello(direction, record)) return true;
  const auto found = find_late(direction, record);
  if (!found) return false;
  if (found->data_before()) plaintext_->on_plaintext_gap(direction, record.at, {});
  begin_late(direction, *found, record);
  return true;
}

std::optional<LateStart::Found> Connection::State::find_late(Direction direction, const Record& record) {
  const HandshakeFacts& facts = handshake().facts();
  const bool hellos_missing = !facts.client || !facts.server || begun_late_;
  const bool may_be_tls13 = !facts.server || facts.server->tls13;
  if (!hellos_missing || !may_be_tls13 || side(direction).tls13) return std::nullopt;
  if (!environment_->store->has_key_log(environment_->current_packet)) return std::nullopt;
  if (!late_) late_ = std::make_unique<LateStart>();
  return late_->try_record(*environment_->store, environment_->current_packet, direction,
                           facts.client ? ByteView(facts.client->random) : ByteView(),
                           facts.server ? facts.server->suite : nullptr, record, environment_->scratch);
}

void Connection::State::begin_late(Direction direction, const LateStart::Found& found, const Record& record) {
  if (!std::exchange(begun_late_, true)) {
    handshake().adopt(found, missing_);
    decision_told_ = false;
  }
  Side& from = side(direction);
  start_tls13(direction);
  from.tls13->enter(found.epoch);
  from.tls13->pass(found.sequence);
  open_tls13_record(direction, record);
  after_handshake_step(record.at);
}

bool Connection::State::client_hello_may_be_found() const {
  const HandshakeFacts& facts = handshake().facts();
  if (facts.client || !facts.server || facts.server->tls13 || cipher_obstacle(*facts.server)) return false;
  return environment_->store->has_key_log(environment_->current_packet);
}

// True: the ClientHello and the keys are known as if it had been captured.
bool Connection::State::find_client_hello(Direction direction, const RecordHeader& header,
                                          ByteView fragment) {
  if (!client_hello_may_be_found()) return false;
  auto found = lost_client_hello_.try_record(handshake().facts(), *environment_, direction, header, fragment);
  if (!found) return false;
  begun_late_ = true;
  handshake().adopt(*std::move(found), missing_);
  decision_told_ = false;
  return true;
}

// It could have been captured late: it is missed when nothing more comes.
bool Connection::State::find_client_hello_for_waiting() {
  return std::ranges::any_of(std::array{Direction::client, Direction::server}, [&](Direction direction) {
    Side& from = side(direction);
    if (from.protection != Protection::waiting || !from.waiting.made()) return false;
    const WaitingRecord& first = from.waiting->records.front();
    const bool known = std::exchange(from.first_behind_change, false) && !first.cut;
    return known && find_client_hello(direction, first.header, first.fragment);
  });
}

// A message in clear tells that the handshake was not over when the capture began.
void Connection::State::say_where_late() {
  const NoKeys* reason = handshake().refused();
  if (reason == nullptr || reason->cause != event::ClosedCause::handshake_not_captured) return;
  const HandshakeFacts& facts = handshake().facts();
  handshake().decide(
      {reason->cause,
       fmt::format("the capture begins in the middle of the handshake, behind the {}, on which "
                   "the keys depend",
                   facts.server ? "ClientHello" : "hellos"),
       reason->remedy});
}

// All of both sides waited: it is worked off as it was said, by the packets.
void Connection::State::release_in_turn(PacketRef at) {
  tell_keys(at);
  std::array<std::vector<WaitingRecord>, 2> waiting;
  for (const Direction each : {Direction::client, Direction::server}) {
    Side& from = side(each);
    waiting[index(each)] = from.take_waiting();
    if (from.protection != Protection::waiting) continue;
    from.protection = Protection::closed;
    install_opener(each, at);
  }
  auto client = waiting.front().begin();
  auto server = waiting.back().begin();
  while (client != waiting.front().end() || server != waiting.back().end()) {
    const bool client_next = server == waiting.back().end() ||
                             (client != waiting.front().end() && client->at.number <= server->at.number);
    if (client_next) {
      take_waiting(Direction::client, *client++);
    } else {
      take_waiting(Direction::server, *server++);
    }
  }
  for (const Direction each : {Direction::client, Direction::server}) {
    if (side(each).protection != Protection::waiting) release_waiting(each, at);
  }
}

// Where it is known to be missing, nothing waits. True: it opened, and so will both sides.
bool Connection::State::try_without_client_hello(Direction direction, const Record& record) {
  if (!std::exchange(side(direction).first_behind_change, false)) return false;
  if (!find_client_hello(direction, record.header, record.fragment)) {
    const NoKeys* reason = handshake().refused();
    const std::string tried = lost_client_hello_.outcome();
    const bool untold = reason != nullptr && !tried.empty() && !reason->explanation.ends_with(tried);
    if (untold && !handshake().facts().client) {
      handshake().decide({reason->cause, fmt::format("{}; {}", reason->explanation, tried), reason->remedy});
    }
    return false;
  }
  side(direction).protection = Protection::waiting;
  Side& opposite = side(other(direction));
  if (opposite.protection == Protection::closed && opposite.first_behind_change) {
    opposite.protection = Protection::waiting;
  }
  after_handshake_step(record.at);
  take_record(direction, record);
  return true;
}

}  // namespace tlspeel::tls
