// One direction of a TLS 1.3 connection: which of its traffic secrets a record is under. A direction goes
// through epochs (early data, handshake, application data), each with a sequence number from 0 (RFC 8446
// section 5.3). Messages tell where one ends, if they can be read; where the secret of an epoch is not known
// they cannot, so a record that does not open is tried as the first one of each later epoch: its tag proves
// it. At most kEpochs trials for each record. Not thread safe; throws crypto::CryptoError.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "lost_records.hpp"
#include "open_tls13.hpp"

namespace tlspeel::tls {

enum class Epoch : std::uint8_t { early, handshake, application };
inline constexpr std::size_t kEpochs = 3;

class Tls13Reader {
 public:
  explicit Tls13Reader(Epoch first) : current_(first) {}

  struct Key {
    Tls13Parameters parameters;
    SecretBytes traffic_secret;
  };
  // Several: it is not known which one it is (early data that a server refused may be under any suite that
  // the client offers). Ends to_come.
  void give(Epoch epoch, std::vector<Key> keys);
  // Whether there is a secret will turn out: until then records wait.
  void will_come(Epoch epoch) { stage(epoch).to_come = true; }
  void will_not_come(Epoch epoch) { stage(epoch).to_come = false; }
  bool to_come(Epoch epoch) const { return stages_[static_cast<std::size_t>(epoch)].to_come; }
  bool has(Epoch epoch) const { return !stages_[static_cast<std::size_t>(epoch)].candidates.empty(); }
  // The next record is the first one of this epoch. Only forward.
  void enter(Epoch epoch);
  // KeyUpdate: the next record is the first one under this key.
  void update(Key key);

  enum class Outcome : std::uint8_t {
    opened,
    failed,   // there is a secret, and the tag does not verify with it
    missing,  // there is no secret for the current epoch
    waiting,  // a secret that is still to come may open it
  };
  struct Opened {
    Outcome outcome = Outcome::missing;
    InnerPlaintext inner;  // opened
    bool first = false;    // opened: the first record of its epoch (or generation) that did
    ParseError error;      // failed
    bool proven = false;   // failed: the same secret has opened records before
  };
  Opened open(const RecordHeader& header, ByteView fragment, Bytes& out);

  // Of the current epoch, once its secret has opened a record; else null.
  Tls13Opener* proven_opener();
  // The next record was opened elsewhere, under that secret.
  Opened opened_elsewhere(const InnerPlaintext& inner);

  // What went by unseen before a record: `known` records and as many as `unknown` says. Among them may have
  // been those that end an epoch, and key updates (one is looked for).
  struct Passed {
    std::uint64_t known = 0;
    RecordCounts unknown;
  };
  struct OpenedBehind {
    Opened opened;                      // Outcome::opened
    std::optional<std::uint64_t> lost;  // records; nullopt: they were of several epochs
    bool updated = false;               // one of them was a KeyUpdate
  };
  // nullopt: it does not verify, and nothing has changed.
  std::optional<OpenedBehind> open_behind(const Passed& passed, const RecordHeader& header, ByteView fragment,
                                          Bytes& out, TrialBudget& budget);
  std::optional<RecordOverhead> overhead() const;
  // Records of the current epoch that are known to have gone by.
  void pass(std::uint64_t records) { sequence_ += records; }

  std::uint64_t next_sequence() const { return sequence_; }
  Epoch current() const { return current_; }

 private:
  struct Candidate {
    Key key;
    std::optional<Tls13Opener> opener;  // made when it is first needed
  };
  struct Stage {
    std::vector<Candidate> candidates;
    bool to_come = false;
    bool proven = false;
  };
  Stage& stage(Epoch epoch) { return stages_[static_cast<std::size_t>(epoch)]; }
  std::optional<InnerPlaintext> try_stage(Stage& stage, std::uint64_t sequence, const RecordHeader& header,
                                          ByteView fragment, Bytes& out, ParseError& error);

  std::optional<InnerPlaintext> search_later(Epoch epoch, std::uint64_t most, const RecordHeader& header,
                                             ByteView fragment, Bytes& out, TrialBudget& budget);
  std::optional<InnerPlaintext> search_updated(std::uint64_t most, const RecordHeader& header,
                                               ByteView fragment, Bytes& out, TrialBudget& budget);
  OpenedBehind opened_behind(const InnerPlaintext& inner);

  std::array<Stage, kEpochs> stages_;
  Epoch current_;
  std::uint64_t sequence_ = 0;
};

}  // namespace tlspeel::tls
