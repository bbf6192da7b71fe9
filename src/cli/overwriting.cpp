#include "overwriting.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace tlspeel::cli {
namespace {

std::vector<std::string> named_by_others(const Options& options, std::string_view option) {
  std::vector<std::string> paths{options.password_file};
  for (const auto* read :
       {&options.captures, &options.keys, &options.keylogs, &options.psk_files, &options.ticket_keys}) {
    paths.insert(paths.end(), read->begin(), read->end());
  }
  const std::vector<std::pair<std::string_view, const std::string*>> written{
      {"--output", &options.output},
      {"--har", &options.har},
      {"--keylog-out", &options.keylog_out},
      {"--decrypted-pcap", &options.decrypted_pcap},
      {"--with-secrets", &options.with_secrets},
  };
  for (const auto& [name, path] : written) {
    if (name != option) paths.push_back(*path);
  }
  return paths;
}

}  // namespace

Result<void> check_overwrites_nothing(const Options& options, std::string_view option,
                                      const std::string& path) {
  std::error_code ignored;
  const auto kind = std::filesystem::status(path, ignored).type();
  if (kind != std::filesystem::file_type::regular && kind != std::filesystem::file_type::not_found) return {};
  const auto target = std::filesystem::weakly_canonical(path, ignored);
  for (const std::string& other : named_by_others(options, option)) {
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
