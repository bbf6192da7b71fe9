#include "output/text_writer.hpp"

#include <algorithm>
#include <vector>

#include "tlspeel/output/safe_text.hpp"

namespace tlspeel::output {

namespace {

constexpr std::size_t kBufferSize = 256U * 1024;

}  // namespace

void TextWriter::write(const event::Placed& placed) {
  totals_.add(placed.event);
  if (placed.connection == 0) {
    write_run_event(placed);
  } else {
    write_connection_event(placed);
  }
}

void TextWriter::flush() {
  write_out();
  sink_.flush();
}

void TextWriter::finish() {
  // A run that was broken off: its connections have no end.
  std::vector<std::uint64_t> numbers;
  numbers.reserve(connections_.size());
  for (const auto& [number, entry] : connections_) numbers.push_back(number);
  std::sort(numbers.begin(), numbers.end());
  for (const std::uint64_t number : numbers) end_connection(number, connections_.at(number));
  connections_.clear();
  flush();
}

void TextWriter::write_run_event(const event::Placed& placed) {
  if (const auto* problem = std::get_if<event::CaptureProblem>(&placed.event)) {
    std::string text = "capture: ";
    append_safe_line(text, problem->message);
    if (placed.at.number != 0) append_format(text, " (packet {})", placed.at.number);
    std::string line;
    append_inked(line, options_.color, Ink::bad, text);
    if (anything_ && last_connection_ != 0) put("\n");
    put(line + "\n");
    last_connection_ = 0;
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
  if (found == connections_.end()) {
    const auto* const start = std::get_if<event::ConnectionStart>(&placed.event);
    // Without a start there is nobody to name; producers always send one first.
    const event::ConnectionStart unknown;
    ConnectionText text(options_, placed.connection, start != nullptr ? *start : unknown, placed.at);
    found = connections_.emplace(placed.connection, Entry{std::move(text), 0, false}).first;
  }
  Entry& entry = found->second;
  const std::size_t before = entry.text.waiting_bytes();
  entry.text.add(placed.at, placed.event);
  if (std::holds_alternative<event::ConnectionEnd>(placed.event)) {
    waiting_bytes_ -= before;
    oldest_.erase(entry.waiting_since);
    end_connection(placed.connection, entry);
    connections_.erase(found);
    return;
  }
  if (options_.order == Order::time) {
    print_blocks(placed.connection, entry, entry.text.take_complete());
  }
  account(placed.connection, entry, before);
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
    account(number, entry, before);
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
               last_kind_ == BlockKind::opaque) {
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
