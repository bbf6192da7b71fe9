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

// "2026-11-22 08:23:10.000123".
std::string time_text(std::int64_t time_ns) {
  constexpr std::size_t kMicroseconds = 26;
  std::string out;
  append_time(out, time_ns);
  out.resize(kMicroseconds);
  out[out.find('T')] = ' ';
  return out;
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

}  // namespace

ListWriter::ListWriter(TextOptions options, ByteSink& sink)
    : options_(std::move(options)),
      sink_(sink),
      book_([this](const HttpExchange& exchange) { add(exchange); }, 0) {}

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
    append_format(buffer_, "{:<26}  {:<5}  {:<21}  {:<7}  {:>6}  {:>12}  {:>9}  {:<24}  {}\n", "TIME (UTC)",
                  "#", "CLIENT", "METHOD", "STATUS", "SIZE", "DURATION", "TYPE", "URL");
  }
  const event::HttpMessage* const request = exchange.request;
  const event::HttpMessage* const response = exchange.response;
  const std::int64_t begin = (request != nullptr ? request : response)->first.time_ns;
  const bool both = request != nullptr && response != nullptr;
  const unsigned status = response != nullptr ? response->status : 0;
  append_format(buffer_, "{}  {:<5}  {:<21}  {:<7}  ", time_text(begin), exchange.connection,
                exchange.facts->client.to_string(),
                safe_line(or_none(request != nullptr ? request->method : "")));
  append_inked(buffer_, options_.color, status_ink(status),
               fmt::format("{:>6}", status != 0 ? fmt::to_string(status) : "-"));
  append_format(buffer_, "  {:>12}  {:>9}  {:<24}  ",
                response != nullptr ? size_text(response->body.size) : "-",
                both ? duration_text(response->last.time_ns - begin) : "-",
                safe_line(or_none(response != nullptr ? response->body.media_type : "")));
  append_safe_line(buffer_, request != nullptr
                                ? request_url(*request, exchange.facts->server_name, exchange.facts->server)
                                : "[the request was not captured]");
  buffer_ += '\n';
  if (buffer_.size() >= kBufferSize) write_out();
}

void ListWriter::write_out() {
  if (!buffer_.empty()) sink_.write(buffer_);
  buffer_.clear();
}

}  // namespace tlspeel::output
