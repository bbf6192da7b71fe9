#include "unit/tls/messages/vector_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tlspeel/base/hex.hpp"

namespace tlspeel::tls::test {
namespace {

void read_file(const std::filesystem::path& path, std::vector<VectorCase>& cases);
void read_line(const std::string& key, const std::string& value, VectorCase& out);

}  // namespace

std::vector<VectorCase> read_vector_folder(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<VectorCase> cases;
  for (const auto& file : files) read_file(file, cases);
  return cases;
}

namespace {

void read_file(const std::filesystem::path& path, std::vector<VectorCase>& cases) {
  std::ifstream stream(path);
  std::string line;
  while (std::getline(stream, line)) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos)
      throw std::runtime_error(path.string() + ": not a line of a case: " + line);
    const std::string key = line.substr(0, colon);
    if (key == "name") {
      cases.emplace_back();
      cases.back().file = path.filename().string();
    }
    if (cases.empty()) throw std::runtime_error(path.string() + ": a case begins with its name");
    read_line(key, line.substr(colon + 2), cases.back());
  }
}

Bytes hex_value(const std::string& text) {
  std::string digits = text.substr(0, text.find('#'));
  digits.erase(std::remove(digits.begin(), digits.end(), ' '), digits.end());
  const auto bytes = from_hex(digits);
  if (!bytes) throw std::runtime_error("not hex: " + text);
  return *bytes;
}

std::uint16_t hex_number(const std::string& text) {
  return static_cast<std::uint16_t>(std::stoul(text, nullptr, 16));
}

void read_line(const std::string& key, const std::string& value, VectorCase& out) {
  if (key == "name") {
    out.name = value;
  } else if (key == "message") {
    out.message = value;
  } else if (key == "version") {
    out.version = hex_number(value);
  } else if (key == "suite") {
    out.suite = hex_number(value);
    out.has_suite = true;
  } else if (key == "tls13") {
    out.tls13 = value == "yes";
  } else if (key == "hex") {
    append(out.body, hex_value(value));
  } else if (key == "valid at") {
    std::istringstream numbers(value);
    for (std::size_t length = 0; numbers >> length;) out.valid_at.insert(length);
  } else if (key == "open ended") {
    out.open_ended = value == "yes";
  } else if (key == "expect") {
    out.expected.push_back(value);
  } else {
    throw std::runtime_error("unknown key: " + key);
  }
}

}  // namespace
}  // namespace tlspeel::tls::test
