#include "output/ladder.hpp"

#include <algorithm>

namespace tlspeel::output {

namespace {

constexpr std::size_t kLeftBar = 14;
constexpr std::size_t kInside = 58;  // between the bars
constexpr std::size_t kFactsIndent = 4;

}  // namespace

void Ladder::rung(PacketRef at, Direction direction, std::string_view name, std::string_view facts) {
  if (!begun_) {
    begun_ = true;
    out_ += '\n';
    out_.append(kLeftBar - 2, ' ');
    append_inked(out_, options_.color, Ink::client, "client");
    out_.append(kInside + 1 - 7 + 2, ' ');
    append_inked(out_, options_.color, Ink::server, "server");
    out_ += '\n';
  } else {
    bars("");
  }
  times_.begin(at);
  out_ += times_.take();
  times_.out().clear();
  out_.append(kLeftBar - kTextColumn, ' ');
  // A name from a registry is shorter than the ladder is wide.
  const std::string_view shown = name.substr(0, kInside - 8);
  const std::string dashes(kInside - shown.size() - 6, '-');
  std::string arrow = "|";
  if (direction == Direction::client) {
    append_format(arrow, "--- {} {}>", shown, dashes);
  } else {
    append_format(arrow, "<{} {} ---", dashes, shown);
  }
  append_inked(out_, options_.color, direction_ink(direction), arrow + "|");
  out_ += '\n';
  if (facts.empty()) return;
  std::string broken;
  append_wrapped(broken, facts, kInside - kFactsIndent - 1, 0);
  for (std::string_view rest = broken; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    bars(line);
  }
}

void Ladder::end() {
  if (begun_) bars("");
}

void Ladder::bars(std::string_view between) {
  out_.append(kLeftBar, ' ');
  out_ += '|';
  const std::size_t used = between.empty() ? 0 : kFactsIndent + display_width(between);
  if (!between.empty()) {
    out_.append(kFactsIndent, ' ');
    out_ += between;
  }
  out_.append(used < kInside ? kInside - used : 0, ' ');
  out_ += "|\n";
}

}  // namespace tlspeel::output
