// The JSON Lines format: one object for each event, in the order of the events;
// testdata/schema/tlspeel.schema.json describes it. Plaintext events are left out: their content is in the
// HTTP and opaque events, and whole in --save-streams. Secrets are written only with --show-secrets.
#pragma once

#include <string>
#include <utility>

#include "tlspeel/output/writer.hpp"

#include "output/run_outcomes.hpp"

namespace tlspeel::output {

class JsonWriter final : public Writer {
 public:
  JsonWriter(TextOptions options, ByteSink& sink) : options_(std::move(options)), sink_(sink) {}

  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override { flush(); }

 private:
  bool wanted(const event::Event& event) const;

  TextOptions options_;
  RunOutcomes outcomes_;
  ByteSink& sink_;
  std::string buffer_;
};

}  // namespace tlspeel::output
