// The har format: an HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/) of the exchanges of a
// run, for the network panel of a browser. Entries are written when they are complete, which need not be the
// order in which they began: the format leaves sorting to its readers. Wants RunConfig::body_pieces: a body
// is archived without its codings, text as text, anything else in base64, up to TextOptions::archived_body
// bytes. Everything beyond ASCII is written as \u escapes.
#pragma once

#include <string>

#include "tlspeel/output/writer.hpp"

#include "output/exchange_book.hpp"
#include "output/run_totals.hpp"

namespace tlspeel::output {

class HarWriter final : public Writer {
 public:
  HarWriter(TextOptions options, ByteSink& sink);

  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override;

 private:
  void begin();
  void add(const HttpExchange& exchange);

  TextOptions options_;
  ByteSink& sink_;
  RunTotals totals_;
  ExchangeBook book_;
  std::string comment_;
  std::uint64_t entries_ = 0;
  bool begun_ = false;
  bool over_ = false;
};

}  // namespace tlspeel::output
