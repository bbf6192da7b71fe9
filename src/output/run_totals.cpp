#include "output/run_totals.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/output/safe_text.hpp"

#include "output/lines.hpp"

namespace tlspeel::output {

namespace {

using event::ClosedCause;
using event::ConnectionOutcome;
using event::RunSummary;
using event::SecretUse;

// Of a folder of keys or a list of pre-shared keys; -v names all.
constexpr std::size_t kSecretsNamed = 10;
constexpr std::string_view kKeyLog = "key log";  // a SecretUse's kind
constexpr std::size_t kDetailIndent = 2;

class Closing {
 public:
  Closing(std::string& out, const TextOptions& options) : out_(out), options_(options) {}

  void line(std::string_view text, Ink ink = Ink::plain, std::size_t indent = 0) {
    out_.append(indent, ' ');
    const bool wrap = options_.width != 0 && indent + display_width(text) > options_.width;
    std::string broken;
    // Continued further to the right, so that a list of lines stays one.
    if (wrap) append_wrapped(broken, text, options_.width - indent - kDetailIndent, indent + kDetailIndent);
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

std::string_view outcome_words(ConnectionOutcome outcome) {
  switch (outcome) {
    case ConnectionOutcome::opened:
      return "opened";
    case ConnectionOutcome::partly_opened:
      return "partly opened";
    case ConnectionOutcome::closed:
      return "closed";
    case ConnectionOutcome::no_data:
      return "with nothing to open";
  }
  return "";
}

// "12.3 kB": of what was opened the content, of what stayed closed the records.
std::string bytes_text(const OutcomeGroup& group) {
  if (group.outcome == ConnectionOutcome::partly_opened) {
    return fmt::format("{} opened, {} not", size_text(group.application_bytes),
                       size_text(group.closed_bytes));
  }
  const std::uint64_t bytes =
      group.outcome == ConnectionOutcome::opened ? group.application_bytes : group.closed_bytes;
  return bytes == 0 ? std::string() : size_text(bytes);
}

// " (no key given; 264 bytes)"
void append_facts(std::string& out, std::string_view cause, std::string_view bytes) {
  if (cause.empty() && bytes.empty()) return;
  append_format(out, " ({}{}{})", cause, cause.empty() || bytes.empty() ? "" : "; ", bytes);
}

void close_outcomes(Closing& closing, const RunOutcomes& outcomes) {
  std::vector<OutcomeGroup> with_cause = outcomes.groups();
  std::erase_if(with_cause, [](const OutcomeGroup& group) { return !group.cause; });
  std::string text;
  append_counted(text, outcomes.connections(), "connection");
  char before = ':';
  for (const auto outcome : {ConnectionOutcome::opened, ConnectionOutcome::partly_opened,
                             ConnectionOutcome::closed, ConnectionOutcome::no_data}) {
    const OutcomeGroup group = outcomes.total(outcome);
    if (group.connections == 0) continue;
    text += before;
    before = ',';
    text += ' ';
    append_count(text, group.connections);
    append_format(text, " {}", outcome_words(outcome));
    const bool only = with_cause.size() == 1 && with_cause.front().outcome == outcome;
    append_facts(text, only ? closed_cause_text(*with_cause.front().cause) : std::string_view(),
                 bytes_text(group));
  }
  closing.line(text, Ink::heading);
  if (with_cause.size() < 2) return;
  for (const OutcomeGroup& group : with_cause) {
    std::string line;
    append_count(line, group.connections);
    append_format(line, " {}: {}", outcome_words(group.outcome), closed_cause_text(*group.cause));
    append_facts(line, "", bytes_text(group));
    closing.line(line, Ink::warning, kDetailIndent);
  }
}

// " (3 not IP, 9 not TCP)": what there is instead of TCP.
void append_others(std::string& out, const RunSummary& run) {
  std::string others;
  for (const auto& [packets, what] :
       {std::pair(run.packets_not_ip, "not IP"), std::pair(run.packets_not_tcp, "not TCP")}) {
    if (packets == 0) continue;
    if (!others.empty()) others += ", ";
    append_count(others, packets);
    append_format(others, " {}", what);
  }
  if (!others.empty()) append_format(out, " ({})", others);
}

void close_without_tls(Closing& closing, const RunSummary& run) {
  if (run.packets == 0) {
    closing.line("no packets in this capture");
    return;
  }
  const std::uint64_t looked_at = run.packets - run.packets_left_out;
  std::string text;
  if (looked_at == 0) {
    text = "the filter matches none of the ";
    append_counted(text, run.packets, "packet");
    closing.line(text + " of this capture");
    return;
  }
  text = run.packets_left_out == 0 ? "no TLS in this capture: " : "no TLS in what the filter matches: ";
  append_counted(text, looked_at, "packet");
  if (run.tcp_connections == 0) {
    text += ", and no TCP connection among them";
    append_others(text, run);
  } else {
    text += ", ";
    append_counted(text, run.tcp_connections, "TCP connection");
    text += " without it (plain HTTP or another protocol)";
  }
  closing.line(text);
}

// "3 of 1,204 requests chosen".
void close_chosen(Closing& closing, const RunSummary::Chosen& chosen) {
  std::string text;
  append_count(text, chosen.exchanges);
  text += " of ";
  append_counted(text, chosen.of_exchanges, "request");
  closing.line(text + " chosen", Ink::heading);
}

// No connection has a number that was asked for, and so there is nothing else to be said of any.
void close_no_such_number(Closing& closing, const RunSummary& run) {
  const std::uint64_t count = run.chosen_connections->of_connections;
  std::string text = "no connection has such a number: ";
  append_counted(text, count, "connection");
  text += run.packets_left_out == 0 ? " in this capture, #1" : " in what the filter matches, #1";
  if (count > 1) append_format(text, " to #{}", count);
  closing.line(text);
}

void close_connections(Closing& closing, const RunSummary& run, const RunOutcomes& outcomes) {
  const auto& numbers = run.chosen_connections;
  const bool no_such_number = numbers && numbers->connections == 0 && numbers->of_connections != 0;
  if (no_such_number) {
    close_no_such_number(closing, run);
  } else if (run.chosen) {
    close_chosen(closing, *run.chosen);
  } else if (outcomes.connections() == 0) {
    close_without_tls(closing, run);
    return;
  }
  if (outcomes.connections() != 0) close_outcomes(closing, outcomes);
  closing.counted(run.connections_without_tls, "TCP connection", " without TLS");
}

std::string secret_name(const SecretUse& secret) {
  std::string out = safe_line(secret.label);
  if (!secret.description.empty()) append_format(out, " ({})", safe_line(secret.description));
  return out;
}

void close_secrets_used(Closing& closing, const TextOptions& options, const RunSummary& run) {
  std::uint64_t named = 0;
  std::uint64_t left_out = 0;
  for (const SecretUse& secret : run.secrets) {
    if (secret.connections == 0) continue;
    if (++named > kSecretsNamed && !options.verbose) {
      ++left_out;
      continue;
    }
    std::string text = secret_name(secret) + " opened ";
    append_counted(text, secret.connections, "connection");
    closing.line(text);
  }
  if (left_out == 0) return;
  std::string text;
  append_counted(text, left_out, "more secret");
  closing.line(text + " opened connections as well (-v names them)");
}

void close_secrets_unused(Closing& closing, const TextOptions& options, const RunSummary& run,
                          bool logs_miss_something) {
  std::uint64_t named = 0;
  std::uint64_t left_out = 0;
  for (const SecretUse& secret : run.secrets) {
    if (secret.connections != 0) continue;
    if (++named > kSecretsNamed && !options.verbose) {
      ++left_out;
      continue;
    }
    const bool hint = secret.kind == kKeyLog && logs_miss_something && !secret.description.starts_with("0 ");
    closing.line(fmt::format("{} opened no connection of this capture{}", secret_name(secret),
                             hint ? ": it seems to be of another day, another client or another server" : ""),
                 Ink::warning);
  }
  closing.counted(left_out, "more secret", " opened no connection of this capture (-v names them)");
}

// "1,290 packets of other protocols than IP: EtherType 0x8909 (1,287), 0x22e5 (3)".
void close_other_protocols(Closing& closing, const RunSummary::OtherProtocols& other) {
  std::string types;
  for (const RunSummary::EtherType& type : other.most) {
    append_format(types, "{} 0x{:04x} (", types.empty() ? "" : ",", type.number);
    append_count(types, type.packets);
    types += ')';
  }
  if (other.more) types += " and others";
  closing.counted(other.packets, "packet", " of other protocols than IP: EtherType" + types);
}

void close_packets(Closing& closing, const TextOptions& options, const RunSummary& run) {
  closing.counted(run.quic_packets, "QUIC packet",
                  " on UDP port 443 (HTTP/3): not read, only TLS over TCP is");
  close_other_protocols(closing, run.other_protocols);
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
  text += " not TCP";
  if (run.packets_left_out != 0) {
    text += ", ";
    append_count(text, run.packets_left_out);
    text += " left out by the filter";
  }
  text += "; ";
  append_counted(text, run.tcp_connections, "TCP connection");
  closing.line(text);
}

}  // namespace

void RunTotals::add(const event::Event& event) {
  if (const auto* end = std::get_if<event::ConnectionEnd>(&event)) {
    outcomes_.add(*end);
  } else if (std::holds_alternative<event::Problem>(event)) {
    ++problems_;
  } else if (std::holds_alternative<event::CaptureProblem>(event)) {
    ++capture_problems_;
  } else if (const auto* gap = std::get_if<event::StreamGap>(&event)) {
    gap_bytes_ += gap->length;
  }
}

void RunTotals::render(std::string& out, const TextOptions& options, const RunSummary& run) const {
  Closing closing(out, options);
  close_connections(closing, run, outcomes_);
  close_secrets_used(closing, options, run);
  close_secrets_unused(closing, options, run, outcomes_.with_cause(ClosedCause::not_in_key_log) != 0);
  closing.counted(gap_bytes_, "byte", " of TCP streams not in the capture");
  closing.counted(problems_, "place", " in connections could not be read, told above");
  closing.counted(capture_problems_, "problem", " with the capture itself, told above");
  close_packets(closing, options, run);
}

}  // namespace tlspeel::output
