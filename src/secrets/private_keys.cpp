#include "tlspeel/secrets/private_keys.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/secret_bytes.hpp"

#include "file_bytes.hpp"

namespace tlspeel::secrets {
namespace {

constexpr std::size_t kMaxWarnings = 16;  // a folder of encrypted keys must not fill the terminal

}  // namespace

Result<void> PrivateKeys::add_path(const std::string& path, const crypto::PasswordSource& password) {
  if (path.empty()) return fail("the name of a key file is empty");
  std::error_code error;
  const bool folder = std::filesystem::is_directory(path, error);
  const bool uri =
      !folder && crypto::PrivateKey::looks_like_uri(path) && !std::filesystem::exists(path, error);
  // What does not exist, or may not be looked at, is told by opening it.
  Result<void> added = folder ? add_folder(path, password)
                       : uri  ? add_uri(path, password)
                              : add_file(path, password);
  update_labels();
  return added;
}

Result<void> PrivateKeys::add_uri(const std::string& uri, const crypto::PasswordSource& password) {
  auto keys = crypto::PrivateKey::from_uri(uri, password);
  if (!keys) return tl::unexpected<Error>(keys.error());
  add(std::move(*keys), crypto::PrivateKey::shown_uri(uri));
  return {};
}

Result<void> PrivateKeys::add_file(const std::string& path, const crypto::PasswordSource& password) {
  const Result<SecretBytes> file = read_secret_file(path, crypto::kMaxKeyFileSize, "a key file");
  if (!file) return tl::unexpected<Error>(file.error());
  auto keys = crypto::PrivateKey::from_file_bytes(file->view(), path, password);
  if (!keys) return tl::unexpected<Error>(keys.error());
  add(std::move(*keys), path);
  return {};
}

Result<void> PrivateKeys::add_folder(const std::string& path, const crypto::PasswordSource& password) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) files.push_back(entry->path().string());
  }
  if (error) return fail(path + ": " + error.message());
  std::ranges::sort(files);

  bool found = false;
  std::string first_problem;
  for (const std::string& file : files) {
    const Result<void> added = add_file(file, password);
    found = found || added.has_value();
    if (added) continue;
    if (first_problem.empty()) first_problem = added.error().message;
    const bool locked = added.error().message.find("encrypted") != std::string::npos ||
                        added.error().message.find("password") != std::string::npos;
    if (locked && warnings_.size() < kMaxWarnings) warnings_.push_back(added.error().message);
  }
  if (found) return {};
  if (files.empty()) return fail(path + ": the folder holds no files");
  return fail(path + ": none of the files in this folder is a usable private key (" + first_problem + ")");
}

void PrivateKeys::add(std::vector<crypto::PrivateKey> keys, const std::string& path) {
  for (crypto::PrivateKey& key : keys) {
    const bool known = std::ranges::any_of(
        keys_, [&key](const LoadedKey& loaded) { return loaded.key.spki_sha256() == key.spki_sha256(); });
    if (!known) keys_.push_back({std::move(key), path, {}});
  }
}

void PrivateKeys::update_labels() {
  const auto name_of = [](const LoadedKey& loaded) {
    return std::filesystem::path(loaded.path).filename().string();
  };
  std::map<std::string, std::size_t> in_file;
  for (LoadedKey& loaded : keys_) {
    const std::string name = name_of(loaded);
    const bool ambiguous = std::ranges::any_of(
        keys_, [&](const LoadedKey& other) { return other.path != loaded.path && name_of(other) == name; });
    loaded.label = ambiguous || name.empty() ? loaded.path : name;
    if (const std::size_t nth = ++in_file[loaded.path]; nth > 1) loaded.label += fmt::format(", key {}", nth);
  }
}

}  // namespace tlspeel::secrets
