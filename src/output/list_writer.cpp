#include "output/list_writer.hpp"

#include <utility>
#include <variant>

#include "tlspeel/output/safe_text.hpp"

#include "output/exchange_url.hpp"
#include "output/json_line.hpp"
#include "output/lines.hpp"

namespace tlspeel::output {
namespace {

constexpr std::size_t kBufferSize = std::size_t{64} * 1024;

constexpr int kDateAndTime = 26;
constexpr int kDate = 11;
constexpr int kClient = 21;
constexpr int kDuration = 9;
constexpr int kType = 24;
constexpr int kGap = 2;  // between columns

// "2026-11-22 08:23:10.000123", or without the date.
std::string time_text(std::int64_t time_ns, bool date) {
  std::string out;
  append_time(out, time_ns);
  out.resize(kDateAndTime);
  out[out.find('T')] = ' ';
  return date ? out : out.substr(kDate);
}

// "0.9 ms", "12.3 s".
std::string duration_text(std::int64_t ns) {
  constexpr double kMillisecond = 1e6;
  constexpr double kSecond = 1e9;
  const auto value = static_cast<double>(ns);
  return value < kSecond ? fmt::format("{:.1f} ms", value / kMillisecond)
                         : fmt::format("{:.1f} s", value / kSecond);
}

std::string_view or_none(std::string_view text) {
  return text.empty() ? "-" : text;
}

Ink status_ink(unsigned status) {
  if (status == 0 || status >= 500) return Ink::bad;
  return status >= 400 ? Ink::warning : Ink::plain;
}

// Bodies that are not all that was sent, or was to be sent.
std::string_view remark(const HttpExchange& exchange) {
  const auto cut = [](const event::HttpMessage* message) {
    return message != nullptr && !message->body.complete;
  };
  return cut(exchange.response)  ? " [incomplete]"
         : cut(exchange.request) ? " [request incomplete]"
                                 : std::string_view();
}

}  // namespace

ListWriter::ListWriter(TextOptions options, ByteSink& sink)
    : options_(std::move(options)),
      sink_(sink),
      columns_(columns_for(options_.width)),
      book_([this](const HttpExchange& exchange) { add(exchange); }, 0) {}

ListWriter::Columns ListWriter::columns_for(unsigned width) {
  constexpr int kOfAll = 128;
  constexpr int kForUrl = 32;
  Columns columns;
  int taken = width == 0 ? 0 : kOfAll + kForUrl;
  const auto leave_out = [&](bool& column, int its_width) {
    if (taken <= static_cast<int>(width)) return;
    column = false;
    taken -= its_width;
  };
  leave_out(columns.type, kType + kGap);
  leave_out(columns.client, kClient + kGap);
  leave_out(columns.date, kDate);
  leave_out(columns.duration, kDuration + kGap);
  return columns;
}

void ListWriter::write(const event::Placed& placed) {
  totals_.add(placed.event);
  book_.write(placed);
  const auto* const summary = std::get_if<event::RunSummary>(&placed.event);
  if (summary == nullptr) return;
  book_.finish();
  if (headed_) buffer_ += '\n';
  totals_.render(buffer_, options_, *summary);
}

void ListWriter::flush() {
  write_out();
  sink_.flush();
}

void ListWriter::finish() {
  book_.finish();
  flush();
}

void ListWriter::add(const HttpExchange& exchange) {
  if (!std::exchange(headed_, true)) {
    put({"TIME (UTC)", "#", "CLIENT", "METHOD", "STATUS", "SIZE", "DURATION", "TYPE"}, Ink::plain);
    buffer_ += "URL\n";
  }
  const event::HttpMessage* const request = exchange.request;
  const event::HttpMessage* const response = exchange.response;
  const std::int64_t begin = (request != nullptr ? request : response)->first.time_ns;
  const unsigned status = response != nullptr ? response->status : 0;
  // Of a stream that was reset there may be a response with nothing in it.
  const bool answered = status != 0 || (response != nullptr && response->body.size != 0);
  put({time_text(begin, columns_.date), fmt::to_string(exchange.connection),
       exchange.facts->client.to_string(), safe_line(or_none(request != nullptr ? request->method : "")),
       status != 0 ? fmt::to_string(status) : "-", answered ? size_text(response->body.size) : "-",
       answered && request != nullptr ? duration_text(response->last.time_ns - begin) : "-",
       safe_line(or_none(response != nullptr ? response->body.media_type : ""))},
      status_ink(status));
  append_safe_line(buffer_, request != nullptr
                                ? request_url(*request, exchange.facts->server_name, exchange.facts->server)
                                : "[the request was not captured]");
  buffer_ += remark(exchange);
  buffer_ += '\n';
  if (buffer_.size() >= kBufferSize) write_out();
}

void ListWriter::put(const Row& row, Ink status_ink) {
  const auto left = [&](std::string_view text, int width) {
    append_format(buffer_, "{:<{}}  ", text, width);
  };
  const auto right = [&](std::string_view text, int width) {
    append_format(buffer_, "{:>{}}  ", text, width);
  };
  left(row.time, columns_.date ? kDateAndTime : kDateAndTime - kDate);
  left(row.number, 5);
  if (columns_.client) left(row.client, kClient);
  left(row.method, 7);
  append_inked(buffer_, options_.color, status_ink, fmt::format("{:>6}", row.status));
  buffer_.append(kGap, ' ');
  right(row.size, 12);
  if (columns_.duration) right(row.duration, kDuration);
  if (columns_.type) left(row.type, kType);
}

void ListWriter::write_out() {
  if (!buffer_.empty()) sink_.write(buffer_);
  buffer_.clear();
}

}  // namespace tlspeel::output
