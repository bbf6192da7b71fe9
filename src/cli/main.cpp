// The command: options, then configuration, then objects, then the run, then the exit status.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
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
#include "tlspeel/output/key_log_saver.hpp"
#include "tlspeel/output/stream_saver.hpp"
#include "tlspeel/pipeline/file_output.hpp"
#include "tlspeel/pipeline/run.hpp"
#include "tlspeel/secrets/store.hpp"

#include "exit_codes.hpp"
#include "load_secrets.hpp"
#include "options.hpp"
#include "progress_line.hpp"

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
  text.width = terminal_width(options);
  text.max_body = options.max_body;
  return text;
}

pipeline::RunConfig run_config(const Options& options, std::vector<std::string> captures) {
  pipeline::RunConfig config;
  config.captures = std::move(captures);
  config.filter = options.filter;
  config.threads = options.threads;
  config.max_body = options.max_body;
  config.application_data = options.show_http;
  config.plaintext = !options.save_streams.empty();
  config.reveal_secrets = options.show_secrets;
  config.keylog_lines = options.show_secrets || !options.keylog_out.empty();
  return config;
}

int exit_code(const pipeline::RunReport& report, bool output_failed) {
  if (output_failed || report.capture_problems != 0) return kProblem;
  const bool needed = report.connections_closed != 0 && report.connections_opened == 0;
  return report.secrets_given && needed ? kNothingOpened : kAllRead;
}

// The key log must not replace what the run still reads, least of all a key log with more in it.
Result<void> check_overwrites_nothing(const Options& options, std::string_view option,
                                      const std::string& path, const std::string& other_output) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found) return {};
  std::vector<std::string> others{other_output, options.password_file};
  for (const auto* paths :
       {&options.captures, &options.keys, &options.keylogs, &options.psk_files, &options.ticket_keys}) {
    others.insert(others.end(), paths->begin(), paths->end());
  }
  const auto target = std::filesystem::weakly_canonical(path, ignored);
  for (const std::string& other : others) {
    if (other.empty()) continue;
    const auto read = std::filesystem::weakly_canonical(other, ignored);
    const bool in_folder = std::filesystem::is_directory(read, ignored) && target.parent_path() == read;
    if (target == read || in_folder || std::filesystem::equivalent(path, other, ignored)) {
      return fail(fmt::format("{}: {} would overwrite what another option names", path, option));
    }
  }
  return {};
}

// Where the run writes to. Lives as long as what writes.
struct Destinations {
  std::optional<pipeline::DirectoryStore> streams;
  std::optional<pipeline::FileSink> key_log;
  std::optional<pipeline::FileSink> output;

  Result<void> open(const Options& options);
  bool stopped() const {
    return output->stopped() || (streams && streams->failure()) || (key_log && key_log->failure());
  }
  // Closes, and says what could not be written; true: something.
  bool complain_about_failures();
};

Result<void> Destinations::open(const Options& options) {
  if (!options.save_streams.empty()) {
    auto opened = pipeline::DirectoryStore::open(options.save_streams);
    if (!opened) return tl::unexpected<Error>(opened.error());
    streams.emplace(*std::move(opened));
  }
  if (!options.keylog_out.empty()) {
    if (auto checked = check_overwrites_nothing(options, "--keylog-out", options.keylog_out, options.output);
        !checked) {
      return checked;
    }
    auto opened = pipeline::FileSink::create_for_secrets(options.keylog_out);
    if (!opened) return tl::unexpected<Error>(opened.error());
    key_log.emplace(*std::move(opened));
  }
  if (!options.output.empty()) {
    if (auto checked = check_overwrites_nothing(options, "--output", options.output, options.keylog_out);
        !checked) {
      return checked;
    }
  }
  auto opened = options.output.empty() ? Result<pipeline::FileSink>(pipeline::FileSink::standard_output())
                : options.show_secrets ? pipeline::FileSink::create_for_secrets(options.output)
                                       : pipeline::FileSink::create(options.output);
  if (!opened) return tl::unexpected<Error>(opened.error());
  output.emplace(*std::move(opened));
  return {};
}

bool Destinations::complain_about_failures() {
  output->close();
  if (key_log) key_log->close();
  const std::optional<std::string> none;
  bool failed = false;
  for (const auto& failure :
       {output->failure(), streams ? streams->failure() : none, key_log ? key_log->failure() : none}) {
    if (!failure) continue;
    complain(*failure);
    failed = true;
  }
  return failed;
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
  warnings.say(store->warnings());
  Destinations to;
  if (const auto opened = to.open(options); !opened) {
    complain(opened.error().message);
    return kCouldNotRun;
  }
  const auto writer = output::find_format(options.format)->make(text_options(options), *to.output);
  std::vector<output::Writer*> writers{writer.get()};
  std::optional<output::StreamSaver> saver;
  if (to.streams) writers.push_back(&saver.emplace(*to.streams));
  std::optional<output::KeyLogSaver> key_log;
  if (to.key_log) writers.push_back(&key_log.emplace(*to.key_log));
  const auto report = run_showing_progress(options, run_config(options, std::move(captures->paths)), *store,
                                           {std::move(writers), [&to] { return to.stopped(); }});
  if (!report) {
    complain(report.error().message);
    return kCouldNotRun;
  }
  const bool failed = to.complain_about_failures();
  warnings.say(store->warnings());
  for (const std::string& problem : report->problems) complain(problem);
  if (options.stats) tell(output::figures_text(report->figures));
  return exit_code(*report, failed);
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
