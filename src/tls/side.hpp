// What a connection keeps for each direction. Plain state; tls/connection.cpp works on it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "tlspeel/base/boxed.hpp"
#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/on_demand.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/tls/record.hpp"

#include "closed_ranges.hpp"
#include "handshake_assembler.hpp"
#include "lost_records.hpp"
#include "missing_bytes.hpp"
#include "record_inflater.hpp"
#include "record_opener.hpp"
#include "record_search.hpp"
#include "tls13_reader.hpp"

namespace tlspeel::tls {

enum class Protection : std::uint8_t {
  clear,  // before the first ChangeCipherSpec; in TLS 1.3 before its secrets are decided, and where there are
          // none
  waiting,  // ChangeCipherSpec was sent, but whether there are keys depends on messages that are still to
            // come; TLS 1.3: a secret that may open the next record is still to come
  open,     // Side::opener or Side::tls13 takes the protection off
  closed,   // there are no keys: records are only counted
  lost,     // framing was lost (hole, garbage) and what was cut before is worked off: bytes are only counted
};

struct WaitingRecord {
  RecordHeader header;
  Bytes fragment;  // empty where the record is cut by a hole
  bool cut = false;
  PacketRef at;
  std::uint64_t offset = 0;
};

struct WaitingRecords {
  std::vector<WaitingRecord> records;
  std::size_t bytes = 0;  // with what remembering them costs
};

// Early data of a TLS 1.3 client.
struct EarlyRecords {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  bool told = false;
  std::vector<WaitingRecord> held;  // opened, while it is not known whether the server took them; up to
                                    // Connection::kMaxWaiting bytes
  std::size_t held_bytes = 0;
};

// What the next record depends on of the one before it, which a hole cut.
struct CutRecord {
  std::uint16_t length = 0;  // of its fragment
  Bytes tail;                // its last bytes, as far as they were captured
};

// Behind a hole, until a record verifies.
struct Recovery {
  RecordSearch search;
  PacketRef at;  // of the hole
  // The record that the hole cut, where its header was captured.
  std::optional<RecordHeader> cut;
  // Where records begin of which nothing is known. The next one that verifies tells how many there were.
  std::uint64_t unknown_begin = 0;
};

struct ClosedRecords {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

// Where key log lines are wanted.
struct KeyLogState {
  Bytes master_told;                 // its client random, once told
  event::KeyLogLine master_to_tell;  // of the current keys, until they have opened something
};

// What did not open.
struct Unopened {
  std::uint64_t failures = 0;                    // records that did not verify
  std::uint64_t records = 0;                     // all that did not open
  std::uint64_t said_one_by_one = 0;             // of them, each with an event of its own
  std::map<std::uint8_t, ClosedRecords> untold;  // those that no event has told yet, by content type
  std::uint64_t lost_bytes = 0;                  // bytes after framing was lost
  ClosedRanges bytes;
};

struct Side {
  std::size_t waiting_bytes() const { return waiting.made() ? waiting->bytes : 0; }
  std::vector<WaitingRecord> take_waiting() {
    return waiting.made() ? waiting.take().records : std::vector<WaitingRecord>();
  }

  RecordFramer framer;
  OnDemand<HandshakeAssembler> assembler;
  bool in_handshake_message() const { return assembler.made() && assembler->buffered() != 0; }
  std::unique_ptr<RecordOpener> opener;      // SSL 3.0 to TLS 1.2
  std::unique_ptr<RecordInflater> inflater;  // where records are compressed
  std::unique_ptr<Tls13Reader> tls13;
  std::unique_ptr<Recovery> recovery;
  TrialBudget trials;
  std::size_t last_content = 0;  // of a record that opened: its content, in bytes
  RecordHeader last_header;      // and its header
  Protection protection = Protection::clear;
  bool assembling_encrypted = false;         // what the assembler holds came out of protected records
  std::array<bool, kEpochs> secrets_told{};  // SecretsRecovered was emitted
  bool changed_cipher = false;       // SSL 3.0 to TLS 1.2: ChangeCipherSpec was seen, or what comes after it
  bool first_behind_change = false;  // SSL 3.0 to TLS 1.2: nothing came or was lost since ChangeCipherSpec
  bool keys_untried = false;         // no record was opened, or tried, under the current keys
  bool keys_proven = false;          // SSL 3.0 to TLS 1.2: some record was opened under the current keys
  bool seen = false;                 // any byte
  bool framing_lost = false;         // nothing more can be cut into records; what waits may still open
  bool closed_handshake = false;     // an encrypted record that is or may be its Finished stayed closed
  bool ended = false;                // close_notify or end of the stream, told to the plaintext sink
  std::uint64_t sequence = 0;        // of the next record under the current keys (RFC 5246 section 6.1)
  std::uint64_t records = 0;
  std::uint64_t opened = 0;  // encrypted records that verified
  std::uint64_t application_bytes = 0;
  std::uint64_t position = 0;        // behind the last byte that was pushed or is missing; 0: the first one
  std::uint64_t origin = 0;          // what the StreamGap events count from: their offset of position 0
  OnDemand<WaitingRecords> waiting;  // made: there are some
  // What most connections have nothing of.
  OnDemand<KeyLogState> key_log;
  OnDemand<EarlyRecords> early;
  OnDemand<Unopened> unopened;
  Boxed<MissingBytes> hole;  // the last one
  Boxed<CutRecord> cut_before;
  Boxed<PacketRef> stream_end;  // of the stream, while records of it still wait
};

}  // namespace tlspeel::tls
