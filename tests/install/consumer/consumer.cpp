// A program of somebody else: prints the address of each server that was asked for something, and what was
// asked.
//   consumer CAPTURE KEY
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <variant>

#include "tlspeel/event/event.hpp"
#include "tlspeel/pipeline/run.hpp"
#include "tlspeel/secrets/store.hpp"

namespace {

class RequestPrinter : public tlspeel::output::Writer {
 public:
  void write(const tlspeel::event::Placed& placed) override {
    if (const auto* start = std::get_if<tlspeel::event::ConnectionStart>(&placed.event)) {
      servers_[placed.connection] = start->server.to_string();
    } else if (const auto* http = std::get_if<tlspeel::event::HttpMessage>(&placed.event)) {
      if (http->request) {
        std::printf("%s: %s %s\n", servers_[placed.connection].c_str(), http->method.c_str(),
                    http->target.c_str());
      }
    }
  }
  void flush() override {}
  void finish() override {}

 private:
  std::map<std::uint64_t, std::string> servers_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto keys = tlspeel::secrets::Store::load({.key_paths = {argv[2]}});
  if (!keys) return std::fprintf(stderr, "%s\n", keys.error().message.c_str()), 2;
  RequestPrinter printer;
  const auto report = tlspeel::pipeline::run({.captures = {argv[1]}}, *keys, {.writers = {&printer}});
  if (!report) return std::fprintf(stderr, "%s\n", report.error().message.c_str()), 2;
  return report->connections_opened > 0 ? 0 : 3;
}
