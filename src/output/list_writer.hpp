// The list format: one line for each exchange, when it is complete, and the closing lines of a run. Columns
// are as wide as most of what stands in them; the URL, which may be long, is the last. Times are UTC, and
// those of packets. What peers sent is made safe for a terminal.
#pragma once

#include <string>

#include "tlspeel/output/writer.hpp"

#include "output/exchange_book.hpp"
#include "output/run_totals.hpp"

namespace tlspeel::output {

class ListWriter final : public Writer {
 public:
  ListWriter(TextOptions options, ByteSink& sink);

  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override;

 private:
  void add(const HttpExchange& exchange);
  void write_out();

  TextOptions options_;
  ByteSink& sink_;
  RunTotals totals_;
  ExchangeBook book_;
  bool headed_ = false;
  std::string buffer_;
};

}  // namespace tlspeel::output
