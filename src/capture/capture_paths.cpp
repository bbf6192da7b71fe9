#include "tlspeel/capture/capture_paths.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/byte_source.hpp"
#include "capture/capture_file.hpp"

namespace tlspeel::capture {
namespace {

// A note that names more is longer than what it is read for.
constexpr std::size_t kNamesInNote = 3;

class Finder {
 public:
  Result<void> add(const std::string& argument);
  Result<CapturePaths> take();

 private:
  Result<void> add_folder(const std::string& folder);
  void add_file(const std::string& path);

  CapturePaths found_;
  std::vector<std::string> broken_;  // why, of captures in folders
  std::set<std::pair<dev_t, ino_t>> seen_;
};

Result<std::vector<std::string>> names_in(const std::string& folder);
std::string left_out_note(const std::string& folder, const std::vector<std::string>& names);

}  // namespace

Result<CapturePaths> find_captures(const std::vector<std::string>& arguments) {
  Finder finder;
  for (const std::string& argument : arguments) {
    const auto added = finder.add(argument);
    if (!added) return fail(added.error().message);
  }
  return finder.take();
}

namespace {

Result<void> Finder::add(const std::string& argument) {
  struct stat status {};
  if (argument != "-" && ::stat(argument.c_str(), &status) == 0 && S_ISDIR(status.st_mode))
    return add_folder(argument);
  add_file(argument);
  return {};
}

Result<CapturePaths> Finder::take() {
  if (found_.paths.empty() && broken_.size() == 1) return fail(broken_.front());
  if (found_.paths.empty() && !broken_.empty())
    return fail(fmt::format("{} (and {} more cannot be read either)", broken_.front(), broken_.size() - 1));
  for (const std::string& why : broken_) found_.problems.push_back(why + "; it was left out");
  return std::move(found_);
}

Result<void> Finder::add_folder(const std::string& folder) {
  const auto names = names_in(folder);
  if (!names) return fail(names.error().message);
  std::vector<std::string> left_out;
  bool any = false;
  for (const std::string& name : *names) {
    const std::string path = std::filesystem::path(folder) / name;
    struct stat status {};
    // Opening a pipe would wait for somebody who writes to it.
    const bool regular = ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
    const auto capture = regular ? CaptureFile::is_capture(path) : Result<bool>(false);
    any = any || !capture || *capture;
    if (!capture) {
      // The others may be all that there is of a time: one that broke must not keep them from being read.
      broken_.push_back(capture.error().message);
    } else if (*capture) {
      add_file(path);
    } else {
      left_out.push_back(name);
    }
  }
  if (!any) return fail(fmt::format("{}: is a folder without a capture in it", folder));
  if (!left_out.empty()) found_.notes.push_back(left_out_note(folder, left_out));
  return {};
}

// Standard input is the same as a file only where nothing was taken from it yet.
void Finder::add_file(const std::string& path) {
  struct stat status {};
  const bool input = path == "-";
  const int failed = input ? ::fstat(STDIN_FILENO, &status) : ::stat(path.c_str(), &status);
  const bool known =
      failed == 0 && S_ISREG(status.st_mode) && (!input || ::lseek(STDIN_FILENO, 0, SEEK_CUR) == 0);
  if (known && !seen_.emplace(status.st_dev, status.st_ino).second) {
    found_.notes.push_back(fmt::format("{}: was given more than once, and is read once", input_name(path)));
    return;
  }
  found_.paths.push_back(path);
}

Result<std::vector<std::string>> names_in(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (!name.starts_with('.')) names.push_back(std::move(name));
  }
  if (error) return fail(fmt::format("{}: {}", folder, error.message()));
  std::ranges::sort(names);
  return names;
}

std::string left_out_note(const std::string& folder, const std::vector<std::string>& names) {
  std::string list = names.front();
  for (std::size_t n = 1; n < std::min(names.size(), kNamesInNote); ++n) list += ", " + names[n];
  if (names.size() > kNamesInNote) list += fmt::format(" and {} more", names.size() - kNamesInNote);
  return fmt::format("{}: left out what is no capture: {}", folder, list);
}

}  // namespace

}  // namespace tlspeel::capture
