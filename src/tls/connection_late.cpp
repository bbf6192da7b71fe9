// TLS 1.3 whose hellos are missing: what the key log's traffic secrets open all the same.
#include <utility>

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
  const auto found = find_late(direction, record);
  if (!found) return false;
  if (found->data_before()) plaintext_->on_plaintext_gap(direction, record.at, {});
  begin_late(direction, *found, record);
  return true;
}

std::optional<LateStart::Found> Connection::State::find_late(Direction direction, const Record& record) {
  const HandshakeFacts& facts = handshake_.facts();
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
    handshake_.adopt(found, missing_);
    decision_told_ = false;
  }
  Side& from = side(direction);
  start_tls13(direction);
  from.tls13->enter(found.epoch);
  from.tls13->pass(found.sequence);
  open_tls13_record(direction, record);
  after_handshake_step(record.at);
}

}  // namespace tlspeel::tls
