// The list format: one line for each exchange, when it is complete, and the closing lines of a run. Columns
// are as wide as most of what stands in them; the URL, which may be long, is the last. A terminal that is too
// narrow for all gets those that tell most. Times are UTC, and those of packets. What peers sent is made safe
// for a terminal.
#pragma once

#include <string>

#include "tlspeel/output/writer.hpp"

#include "output/exchange_book.hpp"
#include "output/lines.hpp"
#include "output/run_totals.hpp"

namespace tlspeel::output {

class ListWriter final : public Writer {
 public:
  ListWriter(TextOptions options, ByteSink& sink);

  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override;

 private:
  // What a line has room for.
  struct Columns {
    bool type = true;
    bool client = true;
    bool date = true;
    bool duration = true;
  };
  struct Row {
    std::string time, number, client, method, status, size, duration, type;
  };

  static Columns columns_for(unsigned width);
  void add(const HttpExchange& exchange);
  void put(const Row& row, Ink status_ink);  // all but the URL
  void write_out();

  TextOptions options_;
  ByteSink& sink_;
  Columns columns_;
  RunTotals totals_;
  ExchangeBook book_;
  bool headed_ = false;
  std::string buffer_;
};

}  // namespace tlspeel::output
