#include "output/har_writer.hpp"

#include <utility>
#include <variant>

#include "output/har_entry.hpp"

namespace tlspeel::output {
namespace {

using Json = nlohmann::ordered_json;

std::string dump(const Json& value) {
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

HarWriter::HarWriter(TextOptions options, ByteSink& sink)
    : options_(std::move(options)),
      sink_(sink),
      book_([this](const HttpExchange& exchange) { add(exchange); }, options_.archived_body) {}

void HarWriter::write(const event::Placed& placed) {
  totals_.add(placed.event);
  book_.write(placed);
  if (const auto* const summary = std::get_if<event::RunSummary>(&placed.event)) {
    TextOptions plain;
    totals_.render(comment_, plain, *summary);
    if (comment_.ends_with('\n')) comment_.pop_back();
  }
}

// A file that is being written is no archive yet; nobody reads it line by line.
void HarWriter::flush() {
  sink_.flush();
}

void HarWriter::finish() {
  if (std::exchange(over_, true)) return;
  book_.finish();
  begin();
  sink_.write(R"(
],"comment":)" +
              dump(comment_) + "}}\n");
  sink_.flush();
}

void HarWriter::begin() {
  if (std::exchange(begun_, true)) return;
  const Json creator = {{"name", "tlspeel"}, {"version", options_.version}};
  sink_.write(R"({"log":{"version":"1.2","creator":)" + dump(creator) + R"(,"entries":[)");
}

void HarWriter::add(const HttpExchange& exchange) {
  begin();
  sink_.write((entries_++ == 0 ? "\n" : ",\n") + dump(har_entry(exchange)));
}

}  // namespace tlspeel::output
