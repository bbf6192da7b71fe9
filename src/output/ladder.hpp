// Messages between client and server as arrows, in plain ASCII, at most 78 columns.
#pragma once

#include <string>
#include <string_view>

#include "output/lines.hpp"

namespace tlspeel::output {

class Ladder {
 public:
  Ladder(std::string& out, const TextOptions& options, std::int64_t start_ns)
      : out_(out), options_(options), times_(options, start_ns) {}

  // An arrow with the message's name, and below it the facts. Both must be safe for a terminal.
  void rung(PacketRef at, Direction direction, std::string_view name, std::string_view facts);
  void end();  // nothing at all where there was no rung

 private:
  void bars(std::string_view between);

  std::string& out_;
  const TextOptions& options_;
  Lines times_;
  bool begun_ = false;
};

}  // namespace tlspeel::output
