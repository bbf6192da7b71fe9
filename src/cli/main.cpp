// The command: options, then configuration, then objects, then the run, then the exit status.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tlspeel/output/formats.hpp"
#include "tlspeel/output/stream_saver.hpp"
#include "tlspeel/pipeline/file_output.hpp"
#include "tlspeel/pipeline/run.hpp"
#include "tlspeel/secrets/passwords.hpp"
#include "tlspeel/secrets/store.hpp"

#include "exit_codes.hpp"
#include "options.hpp"

namespace tlspeel::cli {
namespace {

void complain(std::string_view message) {
  fmt::print(stderr, "tlspeel: {}\n", message);
}

bool color_wanted(const Options& options) {
  if (options.color != ColorWhen::automatic) return options.color == ColorWhen::always;
  const char* no_color = std::getenv("NO_COLOR");
  return options.output.empty() && isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
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

pipeline::RunConfig run_config(const Options& options) {
  pipeline::RunConfig config;
  config.captures = options.captures;
  config.filter = options.filter;
  config.threads = options.threads;
  config.max_body = options.max_body;
  config.application_data = options.show_http;
  config.plaintext = !options.save_streams.empty();
  config.reveal_secrets = options.show_secrets;
  return config;
}

int exit_code(const pipeline::RunReport& report, bool output_failed) {
  if (output_failed || report.capture_problems != 0) return kProblem;
  const bool needed = report.connections_closed != 0 && report.connections_opened == 0;
  return report.secrets_given && needed ? kNothingOpened : kAllRead;
}

Result<secrets::Store> load_secrets(const Options& options) {
  secrets::Config config;
  config.key_paths = options.keys;
  config.keylog_paths = options.keylogs;
  config.psks = options.psks;
  config.psk_paths = options.psk_files;
  config.ticket_key_paths = options.ticket_keys;
  auto passwords = secrets::make_password_source({options.password_file, options.password_env, true});
  if (!passwords) return tl::unexpected<Error>(passwords.error());
  config.password = *std::move(passwords);
  return secrets::Store::load(config);
}

int run(const Options& options) {
  auto store = load_secrets(options);
  if (!store) {
    complain(store.error().message);
    return kCouldNotRun;
  }
  std::optional<pipeline::DirectoryStore> directory;
  if (!options.save_streams.empty()) {
    auto opened = pipeline::DirectoryStore::open(options.save_streams);
    if (!opened) {
      complain(opened.error().message);
      return kCouldNotRun;
    }
    directory.emplace(*std::move(opened));
  }
  auto sink = options.output.empty() ? Result<pipeline::FileSink>(pipeline::FileSink::standard_output())
                                     : pipeline::FileSink::create(options.output);
  if (!sink) {
    complain(sink.error().message);
    return kCouldNotRun;
  }
  const auto writer = output::find_format(options.format)->make(text_options(options), *sink);
  std::optional<output::StreamSaver> saver;
  if (directory) saver.emplace(*directory);
  const auto stopped = [&] { return sink->stopped() || (directory && directory->failure()); };
  const auto report =
      pipeline::run(run_config(options), *store, {writer.get(), saver ? &*saver : nullptr, stopped});
  if (!report) {
    complain(report.error().message);
    return kCouldNotRun;
  }
  sink->close();
  for (const std::string& problem : report->problems) complain(problem);
  if (sink->failure()) complain(*sink->failure());
  if (directory && directory->failure()) complain(*directory->failure());
  return exit_code(*report,
                   sink->failure().has_value() || (directory && directory->failure().has_value()));
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
