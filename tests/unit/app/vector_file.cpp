#include "vector_file.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "tlspeel/base/hex.hpp"

namespace tlspeel::app::test {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

// One escape at the front of text; removes it. False: there is no such escape.
bool take_escape(std::string_view& text, std::string& out) {
  const char kind = text.size() > 1 ? text[1] : '\0';
  constexpr std::string_view kKinds = "rnt\\";
  constexpr std::string_view kBytes = "\r\n\t\\";
  if (const auto plain = kKinds.find(kind); plain != std::string_view::npos) {
    out += kBytes[plain];
    text.remove_prefix(2);
    return true;
  }
  if (kind == 'x') {
    const auto byte = from_hex(text.substr(2, 2));
    if (!byte || byte->empty()) return false;
    out += as_text(*byte);
    text.remove_prefix(4);
    return true;
  }
  // \{1000*text}
  const std::size_t star = text.find('*');
  const std::size_t close = text.find('}');
  if (kind != '{' || star == std::string_view::npos || close == std::string_view::npos || close < star)
    return false;
  const auto count = number(text.substr(2, star - 2));
  if (!count) return false;
  for (std::uint64_t i = 0; i < *count; ++i) out += text.substr(star + 1, close - star - 1);
  text.remove_prefix(close + 1);
  return true;
}

std::optional<Bytes> unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.front() != '\\') {
      out += text.front();
      text.remove_prefix(1);
    } else if (!take_escape(text, out)) {
      return std::nullopt;
    }
  }
  return to_bytes(as_bytes(out));
}

bool add_step(Case& c, Direction direction, std::string_view text) {
  Step step;
  step.direction = direction;
  if (text == "(end)") {
    step.kind = Step::Kind::end;
  } else if (text.starts_with("(gap ") && text.ends_with(")")) {
    step.kind = Step::Kind::gap;
    std::string_view length = text.substr(5, text.size() - 6);
    step.hole.exact = length != "?" && !length.starts_with('~');
    if (length.starts_with('~')) length.remove_prefix(1);
    step.hole.length = number(length);
    if (!step.hole.length && length != "?") return false;
  } else {
    auto bytes = unescape(text);
    if (!bytes) return false;
    step.bytes = std::move(*bytes);
  }
  c.steps.push_back(std::move(step));
  return true;
}

bool add_line(Case& c, std::string_view line) {
  if (line.starts_with("> ")) return add_step(c, Direction::client, line.substr(2));
  if (line.starts_with("< ")) return add_step(c, Direction::server, line.substr(2));
  if (line.starts_with("= ")) {
    c.expected.emplace_back(line.substr(2));
    return true;
  }
  if (line == "alpn") {
    c.alpn.clear();
    return true;
  }
  if (line.starts_with("alpn ")) {
    c.alpn = line.substr(5);
    return true;
  }
  if (line.starts_with("max_body ")) {
    const auto value = number(line.substr(9));
    c.max_body = value.value_or(0);
    return value.has_value();
  }
  return false;
}

void read_file(const std::filesystem::path& path, std::vector<Case>& cases) {
  std::ifstream stream(path, std::ios::binary);
  const std::size_t first = cases.size();
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("case ")) {
      cases.emplace_back().name = path.stem().string() + "/" + line.substr(5);
    } else if (cases.size() == first) {
      cases.emplace_back().problem = path.string() + " does not begin with a case";
    } else if (!add_line(cases.back(), line)) {
      cases.back().problem = "cannot be read: " + line;
    }
  }
}

}  // namespace

std::vector<Case> read_vectors(const std::string& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Case> cases;
  for (const auto& file : files) read_file(file, cases);
  return cases;
}

}  // namespace tlspeel::app::test
