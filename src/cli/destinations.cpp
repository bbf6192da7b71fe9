#include "destinations.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/output/formats.hpp"
#include "tlspeel/output/key_log_saver.hpp"
#include "tlspeel/output/stream_saver.hpp"

namespace tlspeel::cli {
namespace {

std::vector<output::Writer*> pointers(const std::vector<std::unique_ptr<output::Writer>>& writers) {
  std::vector<output::Writer*> out;
  for (const auto& each : writers) out.push_back(each.get());
  return out;
}

}  // namespace

Result<void> Destinations::open(const output::TextOptions& text) {
  for (const auto& step :
       {std::function([&] { return open_output(text); }), std::function([&] { return open_har(text); }),
        std::function([&] { return open_streams(); }), std::function([&] { return open_key_log(); })}) {
    if (auto opened = step(); !opened) return opened;
  }
  if (!options_.choice.empty()) {
    chosen_only_ = std::make_unique<output::ChosenOnly>(options_.choice, pointers(exchange_writers_),
                                                        pointers(connection_writers_));
  }
  return {};
}

std::vector<output::Writer*> Destinations::writers() const {
  if (chosen_only_) return {chosen_only_.get()};
  std::vector<output::Writer*> out = pointers(exchange_writers_);
  const std::vector<output::Writer*> others = pointers(connection_writers_);
  out.insert(out.end(), others.begin(), others.end());
  return out;
}

bool Destinations::stopped() const {
  return std::ranges::any_of(files_, [](const auto& file) { return file->stopped(); }) ||
         std::ranges::any_of(directories_, [](const auto& each) { return each->failure().has_value(); });
}

std::vector<std::string> Destinations::close() {
  std::vector<std::string> failures;
  for (const auto& file : files_) {
    file->close();
    if (file->failure()) failures.push_back(*file->failure());
  }
  for (const auto& each : directories_) {
    if (each->failure()) failures.push_back(*each->failure());
  }
  return failures;
}

Result<void> Destinations::open_output(const output::TextOptions& text) {
  pipeline::FileSink* sink = nullptr;
  if (options_.output.empty()) {
    sink = files_.emplace_back(std::make_unique<pipeline::FileSink>(pipeline::FileSink::standard_output()))
               .get();
  } else {
    const auto opened =
        open_file("--output", options_.output, options_.show_secrets ? Privacy::secrets : Privacy::content);
    if (!opened) return tl::unexpected<Error>(opened.error());
    sink = *opened;
  }
  exchange_writers_.push_back(output::find_format(options_.format)->make(text, *sink));
  return {};
}

Result<void> Destinations::open_har(const output::TextOptions& text) {
  if (options_.har.empty()) return {};
  const auto opened = open_file("--har", options_.har, Privacy::content);
  if (!opened) return tl::unexpected<Error>(opened.error());
  exchange_writers_.push_back(output::find_format(output::kHarFormat)->make(text, **opened));
  return {};
}

Result<void> Destinations::open_streams() {
  if (options_.save_streams.empty()) return {};
  const auto opened = open_directory(options_.save_streams);
  if (!opened) return tl::unexpected<Error>(opened.error());
  connection_writers_.push_back(std::make_unique<output::StreamSaver>(**opened));
  return {};
}

Result<void> Destinations::open_key_log() {
  if (options_.keylog_out.empty()) return {};
  const auto opened = open_file("--keylog-out", options_.keylog_out, Privacy::secrets);
  if (!opened) return tl::unexpected<Error>(opened.error());
  connection_writers_.push_back(std::make_unique<output::KeyLogSaver>(**opened));
  return {};
}

Result<pipeline::FileSink*> Destinations::open_file(std::string_view option, const std::string& path,
                                                    Privacy privacy) {
  if (const auto checked = check_overwrites_nothing(option, path); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  auto opened = privacy == Privacy::secrets ? pipeline::FileSink::create_for_secrets(path)
                                            : pipeline::FileSink::create(path);
  if (!opened) return tl::unexpected<Error>(opened.error());
  return files_.emplace_back(std::make_unique<pipeline::FileSink>(*std::move(opened))).get();
}

Result<pipeline::DirectoryStore*> Destinations::open_directory(const std::string& path) {
  auto opened = pipeline::DirectoryStore::open(path);
  if (!opened) return tl::unexpected<Error>(opened.error());
  return directories_.emplace_back(std::make_unique<pipeline::DirectoryStore>(*std::move(opened))).get();
}

// What the run still reads, least of all a key log with more in it, or writes itself, must not be replaced.
Result<void> Destinations::check_overwrites_nothing(std::string_view option, const std::string& path) const {
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found) return {};
  std::vector<std::string> others{options_.password_file};
  for (const auto* const paths :
       {&options_.captures, &options_.keys, &options_.keylogs, &options_.psk_files, &options_.ticket_keys}) {
    others.insert(others.end(), paths->begin(), paths->end());
  }
  for (const auto& [name, other] : std::array<std::pair<std::string_view, const std::string*>, 3>{
           {{"--output", &options_.output},
            {"--har", &options_.har},
            {"--keylog-out", &options_.keylog_out}}}) {
    if (name != option) others.push_back(*other);
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

}  // namespace tlspeel::cli
