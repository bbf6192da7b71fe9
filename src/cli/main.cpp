// The command: options, then configuration, then objects, then the run, then the exit status.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tlspeel/capture/capture_paths.hpp"
#include "tlspeel/output/figures_text.hpp"
#include "tlspeel/output/formats.hpp"
#include "tlspeel/pipeline/run.hpp"
#include "tlspeel/secrets/store.hpp"

#include "destinations.hpp"
#include "exit_codes.hpp"
#include "interrupt.hpp"
#include "load_secrets.hpp"
#include "options.hpp"
#include "progress_line.hpp"
#include "version.hpp"

namespace tlspeel::cli {
namespace {

// Where standard error is gone nobody is left to tell; fmt::print would throw.
void tell(std::string_view text) {
  (void)std::fwrite(text.data(), 1, text.size(), stderr);
}

void complain(std::string_view message) {
  tell(fmt::format("tlspeel: {}\n", message));
}

bool color_wanted(const Options& options) {
  if (options.color != When::automatic) return options.color == When::always;
  const char* no_color = std::getenv("NO_COLOR");
  return options.output.empty() && isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

// Like curl: results on the terminal would be torn up by it, and show by themselves how far the run is.
bool progress_wanted(const Options& options) {
  if (options.progress != When::automatic) return options.progress == When::always;
  return isatty(STDERR_FILENO) == 1 && (!options.output.empty() || isatty(STDOUT_FILENO) == 0);
}

unsigned terminal_width(const Options& options) {
  winsize size{};
  const bool terminal = options.output.empty() && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0;
  return terminal ? size.ws_col : 0U;
}

output::Order order_of(const Options& options) {
  if (options.order == OrderChoice::connection) return output::Order::connection;
  if (options.order == OrderChoice::time) return output::Order::time;
  const bool live =
      std::find(options.captures.begin(), options.captures.end(), "-") != options.captures.end();
  return live ? output::Order::time : output::Order::connection;
}

output::TextOptions text_options(const Options& options) {
  output::TextOptions text;
  text.order = order_of(options);
  text.verbose = options.verbose;
  text.color = color_wanted(options);
  text.show_handshake = options.show_handshake;
  text.show_http = options.show_http;
  text.explain = options.explain;
  text.show_secrets = options.show_secrets;
  text.pretty = options.pretty;
  text.width = terminal_width(options);
  text.max_body = options.max_body;
  if (options.max_body_given) text.archived_body = options.max_body;
  text.version = kVersion;
  return text;
}

pipeline::RunConfig run_config(const Options& options, capture::CapturePaths captures) {
  pipeline::RunConfig config;
  config.captures = std::move(captures.paths);
  config.problems = std::move(captures.problems);
  config.filter = options.filter;
  config.threads = options.threads;
  config.max_body = options.max_body;
  config.body_pieces =
      !options.har.empty() || options.format == output::kHarFormat || !options.save_bodies.empty();
  config.application_data = options.show_http || config.body_pieces ||
                            options.format == output::kListFormat || options.choice.of_exchanges();
  config.http2_frames = options.verbose || options.format == "json";
  config.plaintext = !options.save_streams.empty() || !options.decrypted_pcap.empty();
  config.reveal_secrets = options.show_secrets;
  config.keylog_lines = options.show_secrets || !options.keylog_out.empty() || !options.with_secrets.empty();
  config.fingerprints = options.verbose || options.format == output::kJsonFormat;
  return config;
}

int exit_code(const pipeline::RunReport& report, bool output_failed) {
  if (output_failed || report.capture_problems != 0) return kProblem;
  const bool needed = report.connections_closed != 0 && report.connections_opened == 0;
  return report.secrets_given && needed ? kNothingOpened : kAllRead;
}

// Says those that were not said before; a capture with many odd secrets must not fill the terminal.
class Warnings {
 public:
  void say(const std::vector<std::string>& warnings) {
    for (const std::string& warning : warnings) {
      if (!said_.insert(warning).second) continue;
      if (said_.size() <= kMost) complain(warning);
      if (said_.size() == kMost + 1) complain("there are more warnings about secrets");
    }
  }

 private:
  static constexpr std::size_t kMost = 64;
  std::set<std::string> said_;
};

// The line is gone before anything else is said.
Result<pipeline::RunReport> run_showing_progress(const Options& options, const pipeline::RunConfig& config,
                                                 secrets::Store& store, pipeline::Outputs outputs) {
  std::optional<ProgressLine> line;
  if (progress_wanted(options)) {
    line.emplace(options.progress == When::always);
    outputs.progress = [&line](const event::Progress& progress) { line->show(progress); };
  }
  return pipeline::run(config, store, outputs);
}

int run(const Options& options) {
  auto captures = capture::find_captures(options.captures);
  if (!captures) {
    complain(captures.error().message);
    return kCouldNotRun;
  }
  for (const std::string& note : captures->notes) complain(note);
  auto store = load_secrets(options, true);
  if (!store) {
    complain(store.error().message);
    return kCouldNotRun;
  }
  Warnings warnings;
  // A key log beside standard input may still be empty: who is watched is still to begin.
  if (std::ranges::find(captures->paths, "-") == captures->paths.end()) warnings.say(store->warnings());
  Destinations to(options);
  if (const auto opened = to.open(text_options(options)); !opened) {
    complain(opened.error().message);
    return kCouldNotRun;
  }
  outlive_first_interrupt(captures->paths);
  const auto report =
      run_showing_progress(options, run_config(options, *std::move(captures)), *store, to.outputs());
  if (!report) {
    complain(report.error().message);
    return kCouldNotRun;
  }
  const std::vector<std::string> failures = to.close();
  for (const std::string& failure : failures) complain(failure);
  warnings.say(store->warnings());
  for (const std::string& problem : report->problems) complain(problem);
  if (options.stats) tell(output::figures_text(report->figures));
  return exit_code(*report, !failures.empty());
}

}  // namespace
}  // namespace tlspeel::cli

int main(int argc, char** argv) {
  using namespace tlspeel::cli;
  (void)std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away shows as EPIPE, which is a normal end
  try {
    const auto parsed = parse_options(argc, argv);
    if (const auto* exit = std::get_if<Exit>(&parsed)) {
      (void)std::fputs(exit->text.c_str(), exit->code == kAllRead ? stdout : stderr);
      return exit->code;
    }
    return run(std::get<Options>(parsed));
  } catch (const std::exception& error) {
    complain(error.what());
    return kCouldNotRun;
  }
}
