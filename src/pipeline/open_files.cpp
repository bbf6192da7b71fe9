#include "tlspeel/pipeline/open_files.hpp"

#include <cerrno>

#include <unistd.h>

namespace tlspeel::pipeline {

OpenFiles::OpenFiles(OpenFiles&& other) noexcept
    : open_(std::move(other.open_)), by_name_(std::move(other.by_name_)) {
  other.open_.clear();
  other.by_name_.clear();
}

OpenFiles::~OpenFiles() {
  for (const auto& [name, descriptor] : open_) ::close(descriptor);
}

int OpenFiles::find(const std::string& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return -1;
  open_.splice(open_.begin(), open_, found->second);
  return found->second->second;
}

void OpenFiles::add(const std::string& name, int descriptor) {
  if (open_.size() >= kMaxOpen) {
    ::close(open_.back().second);
    by_name_.erase(open_.back().first);
    open_.pop_back();
  }
  open_.emplace_front(name, descriptor);
  by_name_[name] = open_.begin();
}

int OpenFiles::close(const std::string& name) {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return 0;
  const int error = ::close(found->second->second) == 0 ? 0 : errno;
  open_.erase(found->second);
  by_name_.erase(found);
  return error;
}

}  // namespace tlspeel::pipeline
