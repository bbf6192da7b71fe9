#include "output/notices.hpp"

#include <algorithm>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/base/hex.hpp"
#include "tlspeel/output/safe_text.hpp"

#include "output/message_detail.hpp"
#include "output/message_summary.hpp"

namespace tlspeel::output {

namespace {

using event::ConnectionOutcome;
using event::DirectionCounts;

// ": a sentence." becomes part of a line.
std::string_view without_full_stop(std::string_view sentence) {
  if (sentence.ends_with('.')) sentence.remove_suffix(1);
  return sentence;
}

void append_direction(std::string& out, std::optional<Direction> direction) {
  if (direction) append_format(out, "{}: ", direction_name(*direction));
}

std::string count_text(const DirectionCounts& counts) {
  std::string out;
  append_counted(out, counts.packets, "packet");
  append_format(out, ", {} of TCP", size_text(counts.tcp_bytes));
  if (counts.clear_bytes != 0) append_format(out, ", {} of them in clear", size_text(counts.clear_bytes));
  if (counts.retransmitted_bytes != 0)
    append_format(out, ", {} sent again", size_text(counts.retransmitted_bytes));
  if (counts.lost_bytes != 0) append_format(out, ", {} lost", size_text(counts.lost_bytes));
  out += "; ";
  append_counted(out, counts.records, "record");
  if (counts.records_closed != 0) {
    append_format(out, ", {} of them not opened ({})", grouped(counts.records_closed),
                  size_text(counts.closed_bytes));
  }
  append_format(out, "; {} inside TLS", size_text(counts.application_bytes));
  return out;
}

void append_conflicts(Lines& lines, const event::ConnectionEnd& end) {
  for (const Direction direction : {Direction::client, Direction::server}) {
    const DirectionCounts& counts = end.counts[index(direction)];
    if (counts.conflicting_bytes != 0) {
      lines.note(fmt::format("{}: {} came twice with different content; the first copy was used",
                             direction_name(direction), size_text(counts.conflicting_bytes)),
                 Ink::bad);
    }
  }
}

void append_unused(Lines& lines, const event::ConnectionEnd& end) {
  for (const Direction direction : {Direction::client, Direction::server}) {
    const std::uint64_t packets = end.counts[index(direction)].unused_packets;
    if (packets == 0) continue;
    lines.note(
        fmt::format("{}: {} not used: the sequence numbers cannot be of this stream, or lie behind its end",
                    direction_name(direction), counted(packets, "packet")),
        Ink::bad);
  }
}

// "5,000 to 7,120": the last byte is one of them.
void append_range(std::string& out, const event::ByteRange& range) {
  append_count(out, range.begin);
  if (range.end <= range.begin + 1) return;
  out += " to ";
  append_count(out, range.end - 1);
}

// "client: bytes 0 to 1,203 and 5,000 to 7,120 of 9,000 not opened"
std::string closed_ranges_text(Direction direction, const DirectionCounts& counts, bool all) {
  constexpr std::size_t kShown = 4;
  const std::vector<event::ByteRange>& ranges = counts.closed_ranges;
  const std::size_t shown = all ? ranges.size() : std::min(ranges.size(), kShown);
  std::uint64_t within = 0;
  for (const event::ByteRange& range : ranges) within += range.end - range.begin;
  const bool one = ranges.size() == 1 && within == 1;
  std::string out = fmt::format("{}: {} ", direction_name(direction), one ? "byte" : "bytes");
  for (std::size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == ranges.size();
    if (i != 0) out += last ? " and " : ", ";
    // The last one stands for several where there were too many.
    if (last && within > counts.closed_bytes) out += "some of ";
    append_range(out, ranges[i]);
  }
  if (shown < ranges.size()) {
    out += " and in ";
    append_counted(out, ranges.size() - shown, "more place");
  }
  // They count from the first byte of TLS.
  const std::uint64_t stream =
      std::max(counts.tcp_bytes - counts.clear_bytes + counts.lost_bytes, ranges.back().end);
  out += " of ";
  append_count(out, stream);
  return out + " not opened";
}

// Of a connection that stayed closed as a whole they say nothing new.
void append_closed_ranges(Lines& lines, const event::ConnectionEnd& end) {
  const bool all = lines.options().verbose;
  if (end.outcome != ConnectionOutcome::partly_opened && !all) return;
  for (const Direction direction : {Direction::client, Direction::server}) {
    const DirectionCounts& counts = end.counts[index(direction)];
    if (counts.closed_ranges.empty()) continue;
    lines.note(closed_ranges_text(direction, counts, all), Ink::warning);
  }
}

std::string end_line(const event::ConnectionEnd& end) {
  std::string line = heading_status(end.outcome, end.cause, opened_with_text(end)).second;
  const auto& client = end.counts[index(Direction::client)];
  const auto& server = end.counts[index(Direction::server)];
  if (client.application_bytes + server.application_bytes != 0) {
    append_format(line, "; client {}, server {} inside TLS", size_text(client.application_bytes),
                  size_text(server.application_bytes));
  }
  append_format(line, "; {}", tcp_end_text(end.tcp_end));
  if (end.first.number != 0) append_format(line, "; packets {} to {}", end.first.number, end.last.number);
  return line;
}

}  // namespace

std::pair<Ink, std::string> heading_status(std::optional<ConnectionOutcome> outcome,
                                           std::optional<event::ClosedCause> cause,
                                           std::string_view opened_with) {
  const std::string with = opened_with.empty() ? std::string() : " with " + safe_line(opened_with);
  const std::string why = cause ? fmt::format(" ({})", closed_cause_text(*cause)) : std::string();
  if (!outcome) {
    if (cause) return {Ink::warning, "closed" + why};
    return {Ink::good, opened_with.empty() ? std::string() : "opened" + with};
  }
  switch (*outcome) {
    case ConnectionOutcome::opened:
      return {Ink::good, "opened" + with};
    case ConnectionOutcome::partly_opened:
      return {Ink::warning, "partly opened" + with + why};
    case ConnectionOutcome::closed:
      return {Ink::warning, "closed" + why};
    case ConnectionOutcome::no_data:
      return {Ink::plain, "nothing to open" + why};
  }
  return {Ink::plain, ""};
}

std::string closed_text(PacketRef at, const event::Closed& closed) {
  std::string out;
  if (closed.direction) append_format(out, "{}'s side ", direction_name(*closed.direction));
  out += "closed";
  if (at.number != 0) append_format(out, " (packet {})", at.number);
  out += ": ";
  out += without_full_stop(closed.explanation.empty() ? closed_cause_text(closed.cause) : closed.explanation);
  return out;
}

std::string remedy_text(const event::Closed& closed) {
  if (closed.remedy.empty()) return "";
  return fmt::format("what helps: {}", without_full_stop(closed.remedy));
}

std::string gap_text(PacketRef at, const event::StreamGap& gap) {
  std::string out = fmt::format("{}: {} ", direction_name(gap.direction), size_text(gap.length));
  append_format(out, "{} not in the capture, from byte {} of the stream", gap.length == 1 ? "is" : "are",
                grouped(gap.offset));
  if (gap.cut_packet != 0) {
    append_format(out, ": cut off by the snap length (packet {})", gap.cut_packet);
  } else if (at.number != 0) {
    append_format(out, " (packet {})", at.number);
  }
  return out;
}

std::string resumed_text(PacketRef at, const event::Resumed& resumed) {
  std::string out = fmt::format("{}: goes on with the record at byte {} of the stream",
                                direction_name(resumed.direction), grouped(resumed.offset));
  if (resumed.records_lost) {
    out += ", behind ";
    append_counted(out, *resumed.records_lost, "lost record");
  }
  if (resumed.hole.length) {
    append_format(out, " with {}{} of data", exactness(resumed.hole), size_text(*resumed.hole.length));
  }
  if (at.number != 0) append_format(out, " (packet {})", at.number);
  return out;
}

// "server: GOAWAY, NO_ERROR, last stream 5: shutting down (packet 20)".
std::string goaway_text(PacketRef at, const event::HttpGoaway& goaway) {
  std::string out = fmt::format("{}: GOAWAY, {}, last stream {}", direction_name(goaway.direction),
                                name_text(goaway.error, 8), goaway.last_stream);
  if (!goaway.debug.empty()) out += ": " + safe_line(as_text(goaway.debug));
  if (goaway.debug.size() < goaway.debug_size)
    append_format(out, " [showing the first {} of {}]", size_text(goaway.debug.size()),
                  size_text(goaway.debug_size));
  if (at.number != 0) append_format(out, " (packet {})", at.number);
  return out;
}

// "client: SETTINGS, ENABLE_PUSH 0, INITIAL_WINDOW_SIZE 65535 (packet 5)".
std::string http_frame_text(PacketRef at, const event::HttpFrame& frame) {
  std::string out = fmt::format("{}: {}", direction_name(frame.direction), name_text(frame.type, 2));
  if (frame.stream != 0) append_format(out, " [stream {}]", frame.stream);
  if (frame.acknowledges) out += ", acknowledged";
  for (const event::HttpSetting& setting : frame.settings)
    append_format(out, ", {} {}", name_text(setting.name, 4), setting.value);
  if (frame.further_settings != 0) append_format(out, " and {} more", frame.further_settings);
  if (frame.increment != 0) out += ", " + size_text(frame.increment) + " more";
  if (!frame.data.empty()) {
    out += ", ";
    append_hex(out, frame.data);
  }
  if (at.number != 0) append_format(out, " (packet {})", at.number);
  return out;
}

std::string problem_text(PacketRef at, const event::Problem& problem) {
  std::string out = fmt::format("{}: ", problem.layer);
  append_direction(out, problem.direction);
  out += without_full_stop(problem.message);
  if (at.number != 0) append_format(out, " (packet {})", at.number);
  return out;
}

void append_keys(Lines& lines, PacketRef at, const event::KeysEstablished& keys) {
  lines.begin(at);
  lines.inked(Ink::good, fmt::format("keys established with {}", safe_line(keys.opened_with)));
  lines.out() += '\n';
  if (lines.options().verbose) {
    lines.note(fmt::format("packet {}", at.number), Ink::faint);
    lines.field("version", code_text(keys.version, 4));
    lines.field("cipher suite", code_text(keys.cipher_suite, 4));
    lines.field("key exchange", keys.key_exchange);
    lines.field("bulk cipher", keys.bulk_cipher);
    lines.field("MAC", keys.mac);
    if (is_tls13(keys.version)) {
      lines.field("key derivation", keys.prf);
    } else {
      lines.field("PRF", keys.prf);
      lines.field("extended master secret", keys.extended_master_secret ? "yes" : "no");
      lines.field("encrypt-then-MAC", keys.encrypt_then_mac ? "yes" : "no");
    }
  }
  if (lines.options().show_secrets && keys.secrets != nullptr) append_secrets(lines, *keys.secrets);
}

void append_secrets(Lines& lines, const event::RevealedSecrets& secrets) {
  lines.hex_field("premaster secret", secrets.premaster_secret.view());
  lines.hex_field("master secret", secrets.master_secret.view());
  for (const auto& [name, part] : secrets.key_block) lines.hex_field(name, part.view());
}

void append_key_log(Lines& lines, const event::SecretsRecovered& secrets) {
  if (secrets.lines == nullptr) return;
  for (const event::KeyLogLine& line : *secrets.lines)
    lines.note(fmt::format("{} {} {}", line.label, to_hex(line.id), to_hex(line.secret.view())));
}

std::string opened_with_text(const event::ConnectionEnd& end) {
  constexpr std::size_t kNamed = 4;
  const std::vector<std::string>& labels = end.secrets_used;
  if (labels.empty()) return end.opened_with;
  std::string out;
  for (std::size_t i = 0; i < std::min(labels.size(), kNamed); ++i) {
    if (i != 0) out += i + 1 == labels.size() ? " and " : ", ";
    out += labels[i];
  }
  if (labels.size() > kNamed) append_format(out, " and {} more", labels.size() - kNamed);
  return out;
}

void append_connection_end(Lines& lines, PacketRef at, const event::ConnectionEnd& end) {
  if (lines.options().order == Order::time || lines.options().verbose) {
    lines.begin(at);
    lines.wrapped(kTextColumn, end_line(end), Ink::faint);
  }
  append_closed_ranges(lines, end);
  append_conflicts(lines, end);
  append_unused(lines, end);
  if (!lines.options().verbose) return;
  if (!end.server_name.empty()) lines.field("server name", safe_line(end.server_name));
  for (const Direction direction : {Direction::client, Direction::server}) {
    lines.field(direction_name(direction), count_text(end.counts[index(direction)]));
  }
  const auto verified = [](bool yes) { return yes ? "verified" : "not verified"; };
  lines.field("Finished", fmt::format("client {}, server {}", verified(end.finished_verified_client),
                                      verified(end.finished_verified_server)));
}

}  // namespace tlspeel::output
