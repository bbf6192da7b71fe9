#include "output/text_writer.hpp"

#include "tlspeel/output/safe_text.hpp"

namespace tlspeel::output {

namespace {

constexpr std::size_t kBufferSize = std::size_t{256} * 1024;

}  // namespace

void TextWriter::write(const event::Placed& placed) {
  // They may be all that there is of a connection, which is not shown then.
  const bool of_bodies = std::holds_alternative<event::BodyPiece>(placed.event) ||
                         std::holds_alternative<event::LeftOut>(placed.event);
  if (of_bodies) return;
  totals_.add(placed.event);
  if (placed.connection == 0) {
    write_run_event(placed);
  } else {
    write_connection_event(placed);
  }
}

void TextWriter::flush() {
  print_ended(0);
  write_out();
  sink_.flush();
}

void TextWriter::finish() {
  // A run that was broken off: its connections have no end.
  for (auto& [number, entry] : connections_) end_connection(number, entry);
  connections_.clear();
  ended_.clear();
  held_bytes_ = 0;
  put_capture_problems();
  flush();
}

// Between connections that are told one after the other they would have no place of their own.
void TextWriter::put_capture_problems() {
  if (capture_problems_.empty()) return;
  if (anything_ && last_connection_ != 0) put("\n");
  put(capture_problems_);
  capture_problems_.clear();
  last_connection_ = 0;
}

void TextWriter::write_run_event(const event::Placed& placed) {
  if (const auto* problem = std::get_if<event::CaptureProblem>(&placed.event)) {
    std::string text = "capture: ";
    append_safe_line(text, problem->message);
    if (placed.at.number != 0) append_format(text, " (packet {})", placed.at.number);
    std::string line;
    append_inked(line, options_.color, Ink::bad, text);
    capture_problems_ += line + "\n";
    if (options_.order == Order::time) put_capture_problems();
  } else if (const auto* summary = std::get_if<event::RunSummary>(&placed.event)) {
    // Whatever has not ended by now is told before the closing lines.
    finish();
    if (anything_) put("\n");
    std::string text;
    totals_.render(text, options_, *summary);
    put(text);
    last_connection_ = 0;
    flush();
  }
}

void TextWriter::write_connection_event(const event::Placed& placed) {
  auto found = connections_.find(placed.connection);
  const bool fresh = found == connections_.end();
  if (fresh) {
    const auto* const start = std::get_if<event::ConnectionStart>(&placed.event);
    // Without a start there is nobody to name; producers always send one first.
    const event::ConnectionStart unknown;
    ConnectionText text(options_, placed.connection, start != nullptr ? *start : unknown, placed.at);
    found = connections_.emplace(placed.connection, Entry{std::move(text), 0, false}).first;
  }
  Entry& entry = found->second;
  // What a connection says of its start waits from its beginning.
  const std::size_t before = fresh ? 0 : entry.text.waiting_bytes();
  entry.text.add(placed.at, placed.event);
  const bool ended = std::holds_alternative<event::ConnectionEnd>(placed.event);
  if (options_.order == Order::time && !ended) {
    print_blocks(placed.connection, entry, entry.text.take_complete());
  }
  account(placed.connection, entry, before);
  if (ended) {
    ended_.insert(placed.connection);
    held_bytes_ += entry.text.waiting_bytes();
    print_ended(options_.order == Order::time ? 0 : kMaxHeld);
  }
  if (waiting_bytes_ > max_waiting_) relieve();
}

void TextWriter::account(std::uint64_t number, Entry& entry, std::size_t bytes_before) {
  waiting_bytes_ = waiting_bytes_ - bytes_before + entry.text.waiting_bytes();
  if (entry.waiting_since == 0 && entry.text.has_waiting()) {
    entry.waiting_since = ++arrivals_;
    oldest_.emplace(entry.waiting_since, number);
  }
}

void TextWriter::relieve() {
  while (waiting_bytes_ > max_waiting_ && !oldest_.empty()) {
    const std::uint64_t number = oldest_.begin()->second;
    Entry& entry = connections_.at(number);
    const std::size_t before = entry.text.waiting_bytes();
    oldest_.erase(oldest_.begin());
    entry.waiting_since = 0;
    std::list<Block> blocks = entry.text.take_complete();
    // Nothing but unfinished blocks: memory comes first.
    if (blocks.empty()) blocks = entry.text.take_all();
    print_blocks(number, entry, blocks);
    if (ended_.count(number) != 0) held_bytes_ -= before - entry.text.waiting_bytes();
    account(number, entry, before);
  }
}

// Whoever has nobody before it goes out; of the others, the first ones while more than may_stay bytes are
// held.
void TextWriter::print_ended(std::size_t may_stay) {
  while (!ended_.empty()) {
    const std::uint64_t number = *ended_.begin();
    if (number != connections_.begin()->first && held_bytes_ <= may_stay) return;
    Entry& entry = connections_.at(number);
    waiting_bytes_ -= entry.text.waiting_bytes();
    held_bytes_ -= entry.text.waiting_bytes();
    oldest_.erase(entry.waiting_since);
    end_connection(number, entry);
    connections_.erase(number);
    ended_.erase(ended_.begin());
  }
}

void TextWriter::end_connection(std::uint64_t number, Entry& entry) {
  const std::list<Block> blocks = entry.text.take_all();
  const bool name_it = options_.order == Order::connection && !entry.printed && blocks.empty();
  if (!name_it) {
    print_blocks(number, entry, blocks);
    return;
  }
  if (anything_) put("\n");
  put(entry.text.heading(false));
  last_connection_ = number;
}

void TextWriter::print_blocks(std::uint64_t number, Entry& entry, const std::list<Block>& blocks) {
  for (const Block& block : blocks) {
    const bool under_heading = last_connection_ != number;
    if (under_heading) {
      if (anything_) put("\n");
      put(entry.text.heading(entry.printed && options_.order == Order::connection));
      entry.printed = true;
      last_connection_ = number;
    } else if (block.kind != BlockKind::line || last_kind_ == BlockKind::exchange ||
               last_kind_ == BlockKind::opaque || (options_.explain && last_kind_ == BlockKind::handshake)) {
      put("\n");
    }
    put(block.lines.text());
    last_kind_ = block.kind;
  }
}

void TextWriter::put(std::string_view text) {
  anything_ = true;
  if (buffer_.size() + text.size() > kBufferSize) write_out();
  if (text.size() > kBufferSize) {
    sink_.write(text);
  } else {
    buffer_ += text;
  }
}

void TextWriter::write_out() {
  if (!buffer_.empty()) sink_.write(buffer_);
  buffer_.clear();
}

}  // namespace tlspeel::output
