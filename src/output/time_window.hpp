// Puts records in the order of their times, as far as a window of some memory reaches: what is held goes out,
// the earliest first, when there is more than that. Records of the same time keep their order. Single
// threaded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

class TimeWindow {
 public:
  TimeWindow(ByteSink& sink, std::size_t most) : sink_(sink), most_(most) {}

  void add(std::int64_t time_ns, std::string record) {
    held_bytes_ += record.size() + kBesideRecord;
    held_.emplace(time_ns, std::move(record));
    while (held_bytes_ > most_) let_go();
  }
  void empty() {
    while (!held_.empty()) let_go();
  }

 private:
  static constexpr std::size_t kBesideRecord = 96;  // what a map and a string take

  void let_go() {
    const auto first = held_.begin();
    held_bytes_ -= first->second.size() + kBesideRecord;
    sink_.write(first->second);
    held_.erase(first);
  }

  ByteSink& sink_;
  std::size_t most_;
  std::multimap<std::int64_t, std::string> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace tlspeel::output
