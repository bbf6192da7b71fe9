// The working half of tls::Connection: what happens to each record. Private; see connection.hpp for the
// contract.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tlspeel/base/boxed.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/tls/connection.hpp"

#include "handshake.hpp"
#include "late_start.hpp"
#include "side.hpp"

namespace tlspeel::tls {

class Connection::State {
 public:
  State(Environment& environment, event::EventSink& events, PlaintextSink& plaintext);

  void begin(Direction direction, Detection::Start start);
  void push(Direction direction, PacketRef at, ByteView bytes);
  void begin_after_gap(PacketRef at, const event::StreamGap& gap);
  void gap(PacketRef at, const event::StreamGap& gap);
  void end(Direction direction, PacketRef at);
  void finish(PacketRef at);
  const std::string& alpn() const { return alpn_; }
  Summary summary() const;

 private:
  // connection.cpp: from bytes to records, and what becomes of each
  void take_records(Direction direction);
  void take_record(Direction direction, const Record& record);
  bool is_still_clear(Direction direction, const Record& record) const;
  void keep_waiting(Direction direction, const Record& record);
  void keep_cut_waiting(Direction direction, const RecordHeader& cut, const RecordSearch::Candidate& behind);
  void take_cut(Direction direction, const WaitingRecord& cut);
  void count_closed(Direction direction, const Record& record);
  void record_failed(Direction direction, const ParseError& error, PacketRef at, bool keys_proven);
  void give_up_deciding(PacketRef at);
  void lose_framing(Direction direction, PacketRef at, const NoKeys& reason);
  void stop_at_lost_framing(Direction direction, PacketRef at);

  // connection_open.cpp: records of SSL 3.0 to TLS 1.2 under their keys
  void open_record(Direction direction, const Record& record);
  ParseResult<ByteView> open_content(Direction direction, const Record& record);
  ParseResult<ByteView> open_content_in_turn(Side& from, const Record& record);
  ParseResult<ByteView> open_content_behind_cut(Direction direction, const Record& record);
  ParseResult<ByteView> open_first_content(Direction direction, const Record& record);
  void take_opened(Direction direction, const Record& record, const ParseResult<ByteView>& content);

  // connection_recovery.cpp: how it goes on behind a hole
  void begin_recovery(Direction direction, PacketRef at);
  void search_records(Direction direction);
  bool take_behind(Direction direction, const RecordSearch::Candidate& candidate);
  bool open_tls13_behind(Direction direction, const RecordSearch::Candidate& candidate);
  bool open_behind(Direction direction, const RecordSearch::Candidate& candidate);
  bool open_behind_lost_change(Direction direction, const RecordSearch::Candidate& candidate);
  std::optional<std::uint64_t> try_behind(RecordOpener& opener, Side& from, std::uint64_t sequence,
                                          const RecordSearch::Candidate& candidate, RecordCounts counts,
                                          std::optional<ParseResult<ByteView>>& content);
  void take_opened_behind(Direction direction, const Record& record, const ParseResult<ByteView>& content);
  std::uint64_t finished_content() const;
  void resume(Direction direction, const RecordSearch::Candidate& candidate, const LostRecords& lost);
  void go_on_behind(Direction direction);
  void end_recovery(Direction direction, PacketRef at);
  void give_up_recovery(Direction direction, PacketRef at);
  void leave_closed(Direction direction, std::uint64_t offset, std::uint64_t size);
  void lose_bytes(Direction direction, std::uint64_t offset, std::uint64_t size);
  std::optional<std::uint64_t> try_first_records(RecordOpener& opener, Side& from,
                                                 const RecordSearch::Candidate& candidate,
                                                 std::uint64_t stretch,
                                                 std::optional<ParseResult<ByteView>>& content);

  // connection_late.cpp: without the hellos
  bool open_behind_lost_hellos(Direction direction, const RecordSearch::Candidate& candidate);
  bool try_late(Direction direction, const Record& record);
  std::optional<LateStart::Found> find_late(Direction direction, const Record& record);
  void begin_late(Direction direction, const LateStart::Found& found, const Record& record);
  bool client_hello_may_be_found() const;
  bool find_client_hello(Direction direction, const RecordHeader& header, ByteView fragment);
  bool find_client_hello_for_waiting();
  void say_where_late();
  void release_in_turn(PacketRef at);
  bool try_without_client_hello(Direction direction, const Record& record);

  // connection_tls13.cpp: records of TLS 1.3
  void start_tls13(Direction direction);
  Tls13Reader::Opened open_tls13_in_turn(Side& from, const Record& record);
  void open_tls13_record(Direction direction, const Record& record);
  void take_inner(Direction direction, const Record& record, const Tls13Reader::Opened& opened);
  bool take_early_data(Direction direction, const Record& record, const InnerPlaintext& inner);
  void hold_early_data(Direction direction, const Record& record, const InnerPlaintext& inner);
  void settle_early_data(EarlyDataFate fate);
  bool leave_refused_early_data(Direction direction, PacketRef at);
  void end_early_data(Direction direction, PacketRef at);
  void follow_tls13_message(Direction direction, const event::Handshake& message, PacketRef at);
  bool settle_tls13(Direction direction);
  void give_up_tls13();
  std::vector<Tls13Reader::Key> keys_of(Direction direction, Epoch epoch) const;

  // connection_content.cpp: what opened (or clear) records hold
  void take_content(Direction direction, const RecordHeader& header, ByteView content, PacketRef at,
                    bool encrypted);
  void take_handshake_bytes(Direction direction, const RecordHeader& header, ByteView content, PacketRef at,
                            bool encrypted);
  void take_handshake_message(Direction direction, const RecordHeader& header,
                              const HandshakeMessage& message, bool encrypted);
  void take_sslv2_hello(const Record& record);
  void take_change_cipher_spec(Direction direction, const RecordHeader& header, ByteView content,
                               PacketRef at, bool encrypted);
  void take_alert(Direction direction, const RecordHeader& header, ByteView content, PacketRef at,
                  bool encrypted);
  void take_heartbeat(Direction direction, const RecordHeader& header, ByteView content, PacketRef at,
                      bool encrypted);
  void end_plaintext(Direction direction, PacketRef at);
  void after_handshake_step(PacketRef at);
  void release_waiting(Direction direction, PacketRef at);
  void take_waiting(Direction direction, const WaitingRecord& waiting);
  void install_opener(Direction direction, PacketRef at);
  void end_handshake(PacketRef at);

  // connection_report.cpp: what is said at the end and about what stays closed
  void emit_message(Direction direction, const RecordHeader& header, event::TlsBody body, bool encrypted,
                    PacketRef at);
  void add_fingerprints(Direction direction, event::Handshake& message, PacketRef at);
  void tell_keys(PacketRef at);
  void emit_keys(PacketRef at);
  void emit_tls13_keys(PacketRef at);
  void note_secrets_used(const std::string& opened_with, const std::vector<std::string>& labels);
  void emit_recovered(event::KeyLogLine line, PacketRef at);
  void tell_master_secret(Direction direction, PacketRef at);
  void say_closed(std::optional<Direction> direction, const NoKeys& reason, PacketRef at);
  void emit_closed_records(PacketRef at);
  void problem(std::optional<Direction> direction, std::string_view layer, std::string message, PacketRef at);

  event::CodePoint version() const;
  event::CodePoint cipher_suite() const;

  Side& side(Direction direction) { return sides_[index(direction)]; }
  const Side& side(Direction direction) const { return sides_[index(direction)]; }

  Environment* environment_;
  event::EventSink* events_;
  PlaintextSink* plaintext_;
  std::array<Side, 2> sides_;
  // Made anew from what is left of it where it was put away.
  Handshake& handshake() const;
  bool may_put_handshake_away() const;
  void put_handshake_away();
  void rest();

  mutable std::unique_ptr<Handshake> handshake_;  // null: put away
  SettledHandshake settled_;                      // what is left of it
  std::string alpn_;
  std::string server_name_;
  std::shared_ptr<const SecretsUsed> secrets_used_;  // null: none
  // What the server chose; their names are looked up where they are told. version_ 0: not known.
  std::uint32_t version_ = 0;
  std::uint32_t cipher_suite_ = 0;
  std::array<bool, 2> finished_verified_{};
  std::optional<event::ClosedCause> cause_;
  // What was explained already: once for each direction and cause.
  OnDemand<std::set<std::pair<int, event::ClosedCause>>> said_;
  bool handshake_open_ = false;  // messages were emitted since the last HandshakeEnd
  bool decision_told_ = false;  // KeysEstablished was emitted for this handshake, or there is nothing to tell
  Boxed<MissingBytes> missing_;      // the first of them
  std::unique_ptr<LateStart> late_;  // where hellos are missing and traffic secrets may help
  LostClientHello lost_client_hello_;
  bool begun_late_ = false;  // secrets were found without the hellos, or the client's
};

}  // namespace tlspeel::tls
