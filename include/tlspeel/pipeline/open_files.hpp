// Descriptors of files that are written in turns. Of those that are open the one that was used least lately
// is closed where there would be too many. Not thread safe.
#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>
#include <utility>

namespace tlspeel::pipeline {

class OpenFiles {
 public:
  OpenFiles() = default;
  ~OpenFiles();
  OpenFiles(OpenFiles&& other) noexcept;
  OpenFiles& operator=(OpenFiles&&) = delete;

  // -1: it is not open (any longer).
  int find(const std::string& name);
  // Takes the descriptor, which is valid until the next add() or close().
  void add(const std::string& name, int descriptor);
  // 0, or the errno of the failure; 0 also where it is not open.
  int close(const std::string& name);

 private:
  // Two for each of some dozens of connections at once; the rest is reopened when it is their turn.
  static constexpr std::size_t kMaxOpen = 128;

  using List = std::list<std::pair<std::string, int>>;
  List open_;  // the one used last in front
  std::unordered_map<std::string, List::iterator> by_name_;
};

}  // namespace tlspeel::pipeline
