// Records of SSL 3.0 to TLS 1.2 under the keys of their direction.
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "connection_state.hpp"

namespace tlspeel::tls {

void Connection::State::open_record(Direction direction, const Record& record) {
  Side& from = side(direction);
  const auto content =
      from.keys_untried ? open_first_content(direction, record) : open_content(direction, record);
  take_opened(direction, record, content);
}

void Connection::State::take_opened(Direction direction, const Record& record,
                                    const ParseResult<ByteView>& content) {
  Side& from = side(direction);
  if (!content) {
    count_closed(direction, record);
    record_failed(direction, content.error(), record.at, from.keys_proven);
    return;
  }
  if (content->size() > kMaxPlaintext) {
    problem(
        direction, "tls record",
        fmt::format("a record holds {} bytes, more than the 2^14 that TLS allows", grouped(content->size())),
        record.at);
  }
  ++from.opened;
  from.keys_proven = true;
  from.last_header = record.header;
  from.last_content = content->size();
  if (from.key_log.made() && !from.key_log->master_to_tell.secret.empty()) {
    tell_master_secret(direction, record.at);
  }
  take_content(direction, record.header, *content, record.at, true);
}

ParseResult<ByteView> Connection::State::open_content(Direction direction, const Record& record) {
  Side& from = side(direction);
  auto content =
      from.cut_before ? open_content_behind_cut(direction, record) : open_content_in_turn(from, record);
  if (content && from.inflater) return from.inflater->inflate(*content);
  if (from.inflater) from.inflater->lose();
  return content;
}

ParseResult<ByteView> Connection::State::open_content_in_turn(Side& from, const Record& record) {
  RecordOpener& opener = *from.opener;
  const std::uint64_t sequence = from.sequence++;
  Bytes& out = environment_->scratch;
  if (const auto taken = opener.ahead().take(sequence, record.header, record.fragment, out)) {
    opener.opened_elsewhere(sequence, record.fragment);
    return ByteView(out).first(taken->size);
  }
  auto content = opener.open(sequence, record.header, record.fragment, out);
  if (content && environment_->records_ahead != nullptr) {
    opener.ahead().missed(*environment_->records_ahead, record.fragment.size(),
                          {from.sequence, from.framer.behind_record()},
                          [&] { return make_ahead_opener(opener); });
  }
  return content;
}

// The record in front of it was cut by a hole while the keys were not known yet.
ParseResult<ByteView> Connection::State::open_content_behind_cut(Direction direction, const Record& record) {
  Side& from = side(direction);
  const CutRecord cut = *std::exchange(from.cut_before, std::nullopt);
  auto content = from.opener->open_behind({cut.length, cut.tail}, from.sequence++, record.header,
                                          record.fragment, environment_->scratch);
  if (content) return *content;
  return tl::unexpected(ParseError{"it does not verify behind a record that was cut by a hole", 0});
}

// The first record of whichever direction comes first decides among several secrets that may be the one.
ParseResult<ByteView> Connection::State::open_first_content(Direction direction, const Record& record) {
  Side& from = side(direction);
  Side& opposite = side(other(direction));
  const Boxed<CutRecord> cut = from.cut_before;
  auto content = open_content(direction, record);
  while (!content && handshake().use_other_keys()) {
    decision_told_ = false;
    install_opener(direction, record.at);
    if (cut) {
      from.cut_before = cut;
      ++from.sequence;
    }
    if (opposite.keys_untried) install_opener(other(direction), record.at);
    content = open_content(direction, record);
  }
  from.keys_untried = false;
  if (content) {
    handshake().keys_are_proven();
    tell_keys(record.at);
  }
  return content;
}

}  // namespace tlspeel::tls
