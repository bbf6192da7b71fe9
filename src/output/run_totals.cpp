#include "output/run_totals.hpp"

#include <algorithm>
#include <vector>

#include "tlspeel/output/safe_text.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

namespace {

using event::ClosedCause;
using event::RunSummary;

static_assert(static_cast<std::size_t>(ClosedCause::limit_reached) == 21,
              "RunTotals::Group::causes counts by cause");

class Closing {
 public:
  Closing(std::string& out, const TextOptions& options) : out_(out), options_(options) {}

  void line(std::string_view text, Ink ink = Ink::plain) {
    const bool wrap = options_.width != 0 && display_width(text) > options_.width;
    std::string broken;
    if (wrap) append_wrapped(broken, text, options_.width, 0);
    append_inked(out_, options_.color, ink, wrap ? std::string_view(broken) : text);
    out_ += '\n';
  }
  // "3 packets <text>", left out for none.
  void counted(std::uint64_t n, std::string_view noun, std::string_view text) {
    if (n == 0) return;
    std::string out;
    append_counted(out, n, noun);
    out += text;
    line(out, Ink::warning);
  }

 private:
  std::string& out_;
  const TextOptions& options_;
};

void close_without_tls(Closing& closing, const RunSummary& run) {
  if (run.packets == 0) {
    closing.line("no packets in this capture");
    return;
  }
  std::string text = "no TLS in this capture: ";
  append_counted(text, run.packets, "packet");
  text += ", ";
  append_counted(text, run.tcp_connections, "TCP connection");
  closing.line(text);
}

void close_keys(Closing& closing, const RunSummary& run) {
  for (const event::SecretUse& key : run.secrets) {
    if (key.connections != 0) continue;
    closing.line(fmt::format("{} ({}) opened no connection of this capture", safe_line(key.label),
                             safe_line(key.description)),
                 Ink::warning);
  }
}

void close_packets(Closing& closing, const TextOptions& options, const RunSummary& run) {
  closing.counted(run.quic_packets, "QUIC packet",
                  " (HTTP/3 over UDP port 443): not readable, only TLS over TCP is");
  closing.counted(run.packets_cut, "packet", " cut short when capturing: tcpdump -s 0 cures it");
  closing.counted(run.packets_malformed, "packet", " with malformed headers");
  closing.counted(run.fragments_incomplete, "IP packet", " of which not all fragments are in the capture");
  if (!options.verbose) return;
  std::string text;
  append_counted(text, run.packets, "packet");
  text += " (";
  append_size(text, run.bytes);
  text += "): ";
  append_count(text, run.packets_not_ip);
  text += " not IP, ";
  append_count(text, run.packets_not_tcp);
  text += " not TCP; ";
  append_counted(text, run.tcp_connections, "TCP connection");
  closing.line(text);
  for (const event::SecretUse& key : run.secrets) {
    if (key.connections == 0) continue;
    std::string use = fmt::format("{} ({}) opened ", safe_line(key.label), safe_line(key.description));
    append_counted(use, key.connections, "connection");
    closing.line(use);
  }
}

}  // namespace

void RunTotals::add(const event::Event& event) {
  if (const auto* end = std::get_if<event::ConnectionEnd>(&event)) {
    Group& group = groups_[static_cast<std::size_t>(end->outcome)];
    ++group.connections;
    for (const event::DirectionCounts& counts : end->counts) group.bytes += counts.application_bytes;
    if (end->cause) ++group.causes[static_cast<std::size_t>(*end->cause)];
  } else if (std::holds_alternative<event::Problem>(event)) {
    ++problems_;
  } else if (std::holds_alternative<event::CaptureProblem>(event)) {
    ++capture_problems_;
  } else if (const auto* gap = std::get_if<event::StreamGap>(&event)) {
    gap_bytes_ += gap->length;
  }
}

void RunTotals::render(std::string& out, const TextOptions& options, const RunSummary& run) const {
  static constexpr std::array<std::string_view, 4> kWords{"opened", "partly opened", "closed",
                                                          "with nothing to open"};
  Closing closing(out, options);
  std::uint64_t connections = 0;
  for (const Group& group : groups_) connections += group.connections;
  if (connections == 0) {
    close_without_tls(closing, run);
  } else {
    std::string text;
    append_counted(text, connections, "connection");
    text += ':';
    for (std::size_t i = 0; i < groups_.size(); ++i) append_group(text, groups_[i], kWords[i]);
    text.pop_back();  // the last comma
    closing.line(text, Ink::heading);
    closing.counted(run.connections_without_tls, "TCP connection", " without TLS");
  }
  close_keys(closing, run);
  closing.counted(gap_bytes_, "byte", " of TCP streams not in the capture");
  closing.counted(problems_, "problem", " while reading connections, told above");
  closing.counted(capture_problems_, "problem", " with the capture itself, told above");
  close_packets(closing, options, run);
}

void RunTotals::append_group(std::string& out, const Group& group, std::string_view what) {
  if (group.connections == 0) return;
  out += ' ';
  append_count(out, group.connections);
  append_format(out, " {}", what);
  std::vector<std::string> facts;
  if (group.bytes != 0) facts.push_back(size_text(group.bytes));
  const auto kinds =
      std::count_if(group.causes.begin(), group.causes.end(), [](std::uint64_t n) { return n != 0; });
  for (std::size_t i = 0; i < group.causes.size(); ++i) {
    if (group.causes[i] == 0) continue;
    const std::string_view cause = closed_cause_text(static_cast<ClosedCause>(i));
    facts.push_back(kinds == 1 ? std::string(cause) : fmt::format("{} {}", group.causes[i], cause));
  }
  if (!facts.empty()) append_format(out, " ({})", fmt::join(facts, ", "));
  out += ',';
}

}  // namespace tlspeel::output
