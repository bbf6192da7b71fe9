// Reads testdata/vectors/crypto/*.txt: "name = value" lines, one case a paragraph, '#' for comments.
#pragma once

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"

namespace tlspeel::crypto {

class Case {
 public:
  void set(const std::string& name, const std::string& value) { values_[name] = value; }
  bool empty() const { return values_.empty(); }
  std::string text(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) ADD_FAILURE() << "a case lacks " << name;
    return found == values_.end() ? std::string() : found->second;
  }
  Bytes bytes(const std::string& name) const {
    const auto bytes = from_hex(text(name));
    if (!bytes) ADD_FAILURE() << name << " is not hex";
    return bytes.value_or(Bytes());
  }

 private:
  std::map<std::string, std::string> values_;
};

inline std::vector<Case> read_cases(const std::string& name) {
  std::ifstream file(TLSPEEL_TESTDATA "/vectors/crypto/" + name);
  std::vector<Case> cases;
  Case current;
  std::string line;
  while (std::getline(file, line)) {
    const auto equals = line.find(" =");
    if (line.empty() && !current.empty()) {
      cases.push_back(current);
      current = {};
    } else if (!line.starts_with('#') && equals != std::string::npos) {
      current.set(line.substr(0, equals), line.size() > equals + 3 ? line.substr(equals + 3) : "");
    }
  }
  if (!current.empty()) cases.push_back(current);
  EXPECT_FALSE(cases.empty()) << name;
  return cases;
}

inline Bytes read_test_file(const std::string& path) {
  std::ifstream file(TLSPEEL_TESTDATA "/" + path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return to_bytes(as_bytes(text));
}

}  // namespace tlspeel::crypto
