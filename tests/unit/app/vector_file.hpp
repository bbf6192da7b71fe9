// Reads testdata/vectors/http1/*.txt. The format is described in testdata/vectors/http1/README.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/event/hole.hpp"

namespace tlspeel::app::test {

struct Step {
  enum class Kind : std::uint8_t { bytes, gap, end } kind = Kind::bytes;
  Direction direction = Direction::client;
  Bytes bytes;
  event::Hole hole;
};

struct Case {
  std::string name;  // "<file>/<case>"
  std::string alpn = "http/1.1";
  std::uint64_t max_body = 65536;
  std::vector<Step> steps;
  std::vector<std::string> expected;
  std::string problem;  // what is wrong with the vector itself
};
inline void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

std::vector<Case> read_vectors(const std::string& directory);

}  // namespace tlspeel::app::test
