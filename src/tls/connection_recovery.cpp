// Behind a hole: where the next record begins, and how many were lost, is found out by what verifies.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "clear_record.hpp"
#include "connection_state.hpp"

namespace tlspeel::tls {
namespace {

// Bytes of the whole record.
std::uint64_t with_header(const RecordHeader& header) {
  return kRecordHeaderSize + std::uint64_t{header.length};
}

// Of a lost record: as the larger one of its neighbours, for a handshake message or an alert says nothing of
// data.
std::uint64_t likely_size(const Side& from, const Record& behind) {
  return std::max(with_header(from.last_header), with_header(behind.header));
}

// Bytes of content in fragments of `bytes` together. Records of the size of the last one that opened hold as
// much as that one; otherwise padding is taken to be half of what it can be.
std::uint64_t content_of(std::uint64_t records, std::uint64_t bytes, const RecordOverhead& overhead,
                         const Side& like) {
  if (like.last_header.length != 0 && bytes == records * like.last_header.length) {
    return records * like.last_content;
  }
  const std::uint64_t added = records * (overhead.fixed + (overhead.block_size + 1) / 2);
  return bytes - std::min(bytes, added);
}

}  // namespace

void Connection::State::begin_recovery(Direction direction, PacketRef at) {
  Side& from = side(direction);
  const RecordFramer::Torn torn = from.framer.tear();
  leave_closed(direction, torn.offset, torn.captured);
  if (!handshake().complete()) handshake().lose_messages(missing_);
  from.assembler.reset();
  from.first_behind_change = false;
  std::optional<std::uint64_t> due;
  std::uint64_t unknown_begin = torn.offset;
  if (torn.header) {
    unknown_begin += with_header(*torn.header);
    if (from.position <= unknown_begin) due = unknown_begin;
  }
  const bool by_protection = from.protection == Protection::clear || from.protection == Protection::open;
  // Where the keys are not known, only lengths tell. A compressed stream has lost its dictionary.
  if ((!by_protection && !due) || from.protection == Protection::lost || from.inflater) {
    give_up_recovery(direction, at);
    return;
  }
  const std::uint16_t version = from.protection == Protection::open ? from.last_header.version : 0;
  from.recovery = std::make_unique<Recovery>(
      Recovery{RecordSearch(from.position, due, version), at, torn.header, unknown_begin});
}

// A further hole, before any record was found behind the last one.
void Connection::State::go_on_behind(Direction direction) {
  Side& from = side(direction);
  Recovery& recovery = *from.recovery;
  const RecordSearch& search = recovery.search;
  leave_closed(direction, search.begin(), search.captured_end() - search.begin());
  if (from.hole) recovery.at = from.hole->at;
  std::optional<std::uint64_t> due = search.due();
  if (due && *due < from.position) due.reset();
  recovery.search = RecordSearch(from.position, due, search.version());
}

void Connection::State::search_records(Direction direction) {
  Side& from = side(direction);
  while (const auto candidate = from.recovery->search.next()) {
    if (!take_behind(direction, *candidate)) {
      if (!from.recovery) return;
      from.recovery->search.reject();
      continue;
    }
    const std::unique_ptr<Recovery> done = std::move(from.recovery);
    from.framer.restart(candidate->record.offset + with_header(candidate->record.header));
    done->search.accept([&](std::uint64_t offset, ByteView bytes, PacketRef at) {
      if (from.framing_lost) {
        lose_bytes(direction, offset, bytes.size());
      } else {
        from.framer.push(bytes, at);
        take_records(direction);
      }
    });
    return;
  }
}

// True: it is the next record, and was worked off.
bool Connection::State::take_behind(Direction direction, const RecordSearch::Candidate& candidate) {
  Side& from = side(direction);
  const Record& record = candidate.record;
  switch (from.protection) {
    case Protection::open:
      return from.tls13 ? open_tls13_behind(direction, candidate) : open_behind(direction, candidate);
    case Protection::clear:
      if (!candidate.due && !is_surely_clear(direction, record)) {
        return open_behind_lost_change(direction, candidate) || open_behind_lost_hellos(direction, candidate);
      }
      resume(direction, candidate, {});
      take_record(direction, record);
      return true;
    case Protection::waiting:
    case Protection::closed: {
      if (!candidate.due) break;
      const RecordHeader cut = *from.recovery->cut;
      resume(direction, candidate, {1});
      if (from.protection == Protection::waiting) keep_cut_waiting(direction, cut, candidate);
      take_record(direction, record);
      return true;
    }
    case Protection::lost:
      break;
  }
  // Nothing verifies, and the length that told was wrong or is not known.
  give_up_recovery(direction, record.at);
  return false;
}

bool Connection::State::open_tls13_behind(Direction direction, const RecordSearch::Candidate& candidate) {
  Side& from = side(direction);
  const Record& record = candidate.record;
  const Recovery& recovery = *from.recovery;
  if (record.header.type != kApplicationData) {
    // ChangeCipherSpec, which changes nothing.
    if (!candidate.due && !is_surely_clear(direction, record)) return false;
    from.tls13->pass(recovery.cut && recovery.cut->type == kApplicationData ? 1 : 0);
    resume(direction, candidate, {});
    take_record(direction, record);
    return true;
  }
  const auto overhead = from.tls13->overhead();
  if (!overhead) return false;
  const std::uint64_t smallest = kRecordHeaderSize + overhead->fixed;
  const RecordCounts unknown(record.offset - recovery.unknown_begin, smallest, likely_size(from, record),
                             from.tls13->current() != Epoch::application);
  const std::uint64_t known = recovery.cut && recovery.cut->type == kApplicationData ? 1 : 0;
  auto found = from.tls13->open_behind({known, unknown}, record.header, record.fragment,
                                       environment_->scratch, from.trials);
  if (!found) return false;
  if (found->updated) {
    handshake().pass_key_update(direction);
    // The first generation's secret is gone, and opened nothing.
    from.secrets_told[static_cast<std::size_t>(Epoch::application)] = true;
  }
  LostRecords lost{found->lost, *overhead};
  // Of an epoch that began among them, the number tells how many its records were.
  lost.data = from.tls13->current() == Epoch::application &&
              (found->lost ? *found->lost != 0 : found->updated || from.tls13->next_sequence() > 1);
  resume(direction, candidate, lost);
  take_inner(direction, record, found->opened);
  return true;
}

// The record is tried as if records had gone by: how many is what the result tells.
std::optional<std::uint64_t> Connection::State::try_behind(RecordOpener& opener, Side& from,
                                                           std::uint64_t sequence,
                                                           const RecordSearch::Candidate& candidate,
                                                           RecordCounts counts,
                                                           std::optional<ParseResult<ByteView>>& content) {
  const Record& record = candidate.record;
  const Recovery& recovery = *from.recovery;
  const std::uint64_t known = recovery.cut ? 1 : 0;
  const std::uint64_t known_bytes = recovery.cut ? recovery.cut->length : 0;
  const std::uint64_t stretch = record.offset - recovery.unknown_begin;
  const auto attempt = [&](std::uint64_t count) {
    if (!from.trials.spend(record.fragment.size())) return false;
    const PassedRecords passed{known_bytes + stretch - kRecordHeaderSize * count, candidate.before};
    content = opener.open_behind(passed, sequence + known + count, record.header, record.fragment,
                                 environment_->scratch);
    return content.has_value();
  };
  if (const auto stated = opener.stated_sequence(record.fragment)) {
    const std::uint64_t count = *stated - sequence - known;
    if (count != 0 && count <= counts.most() && attempt(count)) return count;
  }
  while (const auto count = counts.next()) {
    if (attempt(*count)) return *count;
  }
  return std::nullopt;
}

bool Connection::State::open_behind(Direction direction, const RecordSearch::Candidate& candidate) {
  Side& from = side(direction);
  const Record& record = candidate.record;
  const RecordOverhead overhead = from.opener->overhead();
  const std::uint64_t smallest =
      kRecordHeaderSize + overhead.fixed +
      (overhead.block_size == 0 ? 0 : overhead.block_size - overhead.fixed % overhead.block_size);
  const RecordCounts counts(record.offset - from.recovery->unknown_begin, smallest,
                            likely_size(from, record));
  std::optional<ParseResult<ByteView>> content;
  const auto lost = try_behind(*from.opener, from, from.sequence, candidate, counts, content);
  if (!lost) return false;
  const std::uint64_t records = *lost + (from.recovery->cut ? 1 : 0);
  LostRecords passed{records, overhead};
  passed.finished = records != 0 && from.sequence == 0;
  passed.data = records > (passed.finished ? 1U : 0U);
  resume(direction, candidate, passed);
  from.sequence += records + 1;
  if (std::exchange(from.keys_untried, false)) {
    handshake().keys_are_proven();
    tell_keys(record.at);
  }
  take_opened_behind(direction, record, *content);
  return true;
}

// The record itself is certain; before TLS 1.1 what it holds also depends on the one before it.
void Connection::State::take_opened_behind(Direction direction, const Record& record,
                                           const ParseResult<ByteView>& content) {
  if (content) return take_opened(direction, record, content);
  Side& from = side(direction);
  count_closed(direction, record);
  say_closed(
      direction,
      bytes_missing(fmt::format("a record behind lost ones cannot be verified ({})", content.error().what),
                    from.hole),
      record.at);
  if (record.header.type != kApplicationData) return;
  plaintext_->on_plaintext_gap(direction, record.at,
                               {content_of(1, record.header.length, from.opener->overhead(), from), false});
}

// ChangeCipherSpec may be among what is missing (RFC 5246 section 7.1): then the record is one of the first
// under the keys that the handshake agreed on, of which Finished is number 0.
bool Connection::State::open_behind_lost_change(Direction direction,
                                                const RecordSearch::Candidate& candidate) {
  Side& from = side(direction);
  if (handshake().found() == nullptr || from.opener) return false;
  const FoundKeys& keys = *handshake().found();
  // A compressed stream has lost the beginning of its dictionary.
  if (!keys.others.empty() || keys.parameters.compression != 0) return false;
  install_opener(direction, candidate.record.at);
  if (!from.opener) {
    from.keys_untried = false;
    return false;
  }
  const std::uint64_t stretch = candidate.record.offset - from.recovery->unknown_begin;
  std::optional<ParseResult<ByteView>> content;
  const auto opened = try_first_records(*from.opener, from, candidate, stretch, content);
  if (!opened) {
    from.opener.reset();
    from.protection = Protection::clear;
    from.keys_untried = false;
    return false;
  }
  LostRecords lost;
  lost.data = *opened > 1;
  resume(direction, candidate, lost);
  from.sequence = *opened + 1;
  from.keys_untried = false;
  handshake().keys_are_proven();
  tell_keys(candidate.record.at);
  take_opened_behind(direction, candidate.record, *content);
  return true;
}

// The sequence number that the record has under new keys. RC4's position is known only behind a Finished of
// known size.
std::optional<std::uint64_t> Connection::State::try_first_records(
    RecordOpener& opener, Side& from, const RecordSearch::Candidate& candidate, std::uint64_t stretch,
    std::optional<ParseResult<ByteView>>& content) {
  const std::uint64_t finished = finished_content() + opener.overhead().fixed;
  const std::uint64_t most = std::min<std::uint64_t>(stretch / (kRecordHeaderSize + 1), RecordCounts::kMost);
  for (std::uint64_t sequence = 0; sequence <= most; ++sequence) {
    if (!from.trials.spend(candidate.record.fragment.size())) return std::nullopt;
    const PassedRecords passed{sequence == 0 ? 0 : finished, candidate.before};
    content = opener.open_behind(passed, sequence, candidate.record.header, candidate.record.fragment,
                                 environment_->scratch);
    if (content) return sequence;
  }
  return std::nullopt;
}

// Bytes of a Finished message. RFC 5246 section 7.4.9: a header of 4 and verify_data of 12; RFC 6101
// section 5.6.9: 36.
std::uint64_t Connection::State::finished_content() const {
  return handshake().facts().server && handshake().facts().server->version <= kSsl3 ? 40 : 16;
}

// What is known by now about the hole is told; the record behind it comes next.
void Connection::State::resume(Direction direction, const RecordSearch::Candidate& candidate,
                               const LostRecords& lost) {
  Side& from = side(direction);
  const Recovery& recovery = *from.recovery;
  const Record& record = candidate.record;
  leave_closed(direction, recovery.search.begin(), record.offset - recovery.search.begin());
  ++from.records;
  event::Resumed resumed;
  resumed.direction = direction;
  resumed.offset = from.origin + record.offset;
  resumed.records_lost = lost.records;
  if (lost.records && lost.data) {
    const RecordOverhead& overhead = lost.overhead;
    const std::uint64_t unknown =
        *lost.records - std::min<std::uint64_t>(*lost.records, recovery.cut ? 1 : 0);
    const std::uint64_t stretch = record.offset - recovery.unknown_begin;
    std::uint64_t length = content_of(unknown, stretch - kRecordHeaderSize * unknown, overhead, from);
    const bool cut_data = recovery.cut && recovery.cut->type == kApplicationData;
    if (cut_data) length += content_of(1, recovery.cut->length, overhead, from);
    if (lost.finished && (!recovery.cut || cut_data)) length -= std::min(length, finished_content());
    resumed.hole.length = length;
    resumed.hole.exact = unknown == 0 && !from.tls13 && overhead.block_size == 0;
    const std::uint64_t fragments =
        stretch - kRecordHeaderSize * unknown + (cut_data ? recovery.cut->length : 0);
    const std::uint64_t added = (unknown + (cut_data ? 1 : 0)) * overhead.fixed;
    resumed.hole.at_most = !resumed.hole.exact && overhead.block_size == 0 && length + added >= fragments;
  }
  events_->emit(record.at, resumed);
  if (lost.data && resumed.hole.length != std::uint64_t{0}) {
    plaintext_->on_plaintext_gap(direction, record.at, resumed.hole);
  }
}

// Nothing more comes that could tell where records begin again.
void Connection::State::end_recovery(Direction direction, PacketRef at) {
  Side& from = side(direction);
  if (!from.recovery) return;
  from.recovery->search.end();
  search_records(direction);
  if (from.recovery) give_up_recovery(direction, at);
}

void Connection::State::give_up_recovery(Direction direction, PacketRef at) {
  Side& from = side(direction);
  if (const auto recovery = std::exchange(from.recovery, nullptr)) {
    const RecordSearch& search = recovery->search;
    lose_bytes(direction, search.begin(), search.captured_end() - search.begin());
    at = recovery->at;
  }
  NoKeys reason = bytes_missing("", from.hole);
  reason.explanation += ", so it is not known where the next record begins";
  lose_framing(direction, at, reason);
}

// Captured bytes of a record that a hole cut.
void Connection::State::leave_closed(Direction direction, std::uint64_t offset, std::uint64_t size) {
  if (size == 0) return;
  side(direction).unopened->bytes.add(offset, size);
  if (!cause_) cause_ = bytes_missing("", missing_).cause;
}

void Connection::State::lose_bytes(Direction direction, std::uint64_t offset, std::uint64_t size) {
  side(direction).unopened->lost_bytes += size;
  side(direction).unopened->bytes.add(offset, size);
}

}  // namespace tlspeel::tls
