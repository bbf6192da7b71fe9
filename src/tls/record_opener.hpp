// Takes the protection off one direction's records: one class for each construction of the standards.
//   GenericStreamCipher (NULL, RC4), GenericBlockCipher (CBC, MAC-then-encrypt), the same with
//   encrypt-then-MAC (RFC 7366), GenericAEADCipher.
// open() verifies the MAC or tag and the padding before it hands anything out. Where in_order() is false it
// is a pure function of (keys, sequence number, record), so records may be opened in any order; otherwise
// every record has to go through it once, in order. `out` is scratch space of the caller: grown as needed,
// the plaintext is a view of it and lives until its next use. Not thread safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/tls/record.hpp"

#include "ahead_lead.hpp"
#include "key_schedule.hpp"
#include "lost_records.hpp"

namespace tlspeel::tls {

class RecordOpener {
 public:
  virtual ~RecordOpener() = default;
  RecordOpener() = default;
  RecordOpener(const RecordOpener&) = delete;
  RecordOpener& operator=(const RecordOpener&) = delete;

  // The error's text is static: what did not verify. Its offset counts in the fragment.
  virtual ParseResult<ByteView> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                                     Bytes& out) = 0;
  virtual bool in_order() const = 0;
  // The next record is the first one under these keys again. Only where in_order() is false.
  virtual void restart() {}

  // Behind a hole: the record as it is if `passed` went by unseen before it. nullopt: it does not verify, and
  // nothing has changed; otherwise the next record follows this one. An error: it is the record, but what
  // it holds cannot be known.
  virtual std::optional<ParseResult<ByteView>> open_behind(const PassedRecords& passed,
                                                           std::uint64_t sequence, const RecordHeader& header,
                                                           ByteView fragment, Bytes& out);
  virtual RecordOverhead overhead() const = 0;
  // What the record itself says of its sequence number, given those that were opened before. nullopt:
  // nothing.
  virtual std::optional<std::uint64_t> stated_sequence(ByteView fragment) const;

  // The same keys for another thread. Null: they cannot be lent; so it is always where in_order() is true.
  virtual std::unique_ptr<RecordOpener> twin() const { return nullptr; }
  // Such a twin has opened this record, which therefore did not go through here.
  virtual void opened_elsewhere(std::uint64_t /*sequence*/, ByteView /*fragment*/) {}
  AheadLead& ahead() { return ahead_; }

 private:
  AheadLead ahead_;
};

// To be lent. Null: `opener` has no twin.
std::unique_ptr<AheadOpener> make_ahead_opener(const RecordOpener& opener);

// nullptr: no source for the suite's cipher on this machine. Throws crypto::CryptoError.
std::unique_ptr<RecordOpener> make_record_opener(const Parameters& parameters, const DirectionKeys& keys);

// One for each construction; used by make_record_opener.
std::unique_ptr<RecordOpener> make_stream_opener(const Parameters& parameters, const DirectionKeys& keys);
std::unique_ptr<RecordOpener> make_cbc_opener(const Parameters& parameters, const DirectionKeys& keys);
std::unique_ptr<RecordOpener> make_cbc_encrypt_then_mac_opener(const Parameters& parameters,
                                                               const DirectionKeys& keys);
std::unique_ptr<RecordOpener> make_aead_opener(const Parameters& parameters, const DirectionKeys& keys);

// RFC 5246 section 6.2.3: cleartext of a record is at most 2^14 bytes; padding and MAC are already off.
constexpr std::size_t kMaxPlaintext = 1U << 14;

}  // namespace tlspeel::tls
