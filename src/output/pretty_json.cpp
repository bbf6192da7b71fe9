#include <algorithm>
#include <cstdint>

#include "output/pretty.hpp"

namespace tlspeel::output {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

// RFC 8259 section 6.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t whole = digits(text);
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  text.remove_prefix(whole);
  if (text.starts_with('.')) {
    const std::size_t fraction = digits(text.substr(1));
    if (fraction == 0) return false;
    text.remove_prefix(1 + fraction);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    const std::size_t exponent = digits(text);
    if (exponent == 0) return false;
    text.remove_prefix(exponent);
  }
  return text.empty();
}

bool is_word(std::string_view text) {
  return text == "true" || text == "false" || text == "null" || is_number(text);
}

class Layout {
 public:
  Layout(std::string_view text, bool cut) : left_(text), cut_(cut) {}

  std::optional<std::string> run() {
    for (skip_blanks(); !left_.empty(); skip_blanks()) {
      if (!step()) return std::nullopt;
    }
    const bool whole = expected_ == Expected::nothing;
    if (!whole && (!cut_ || out_.empty())) return std::nullopt;
    if (!out_.ends_with('\n')) out_ += '\n';
    return std::move(out_);
  }

 private:
  enum class Expected : std::uint8_t { value, value_or_end, key, key_or_end, colon, comma_or_end, nothing };

  bool step() {
    const char c = left_.front();
    switch (expected_) {
      case Expected::value:
      case Expected::value_or_end:
        if (c == ']' && expected_ == Expected::value_or_end) return close(c);
        return value(c);
      case Expected::key:
      case Expected::key_or_end:
        if (c == '}' && expected_ == Expected::key_or_end) return close(c);
        if (c != '"') return false;
        begin_item();
        expected_ = Expected::colon;
        return take_string();
      case Expected::colon:
        if (c != ':') return false;
        take(1);
        out_ += ' ';
        expected_ = Expected::value;
        return true;
      case Expected::comma_or_end:
        if (c != ',') return close(c);
        take(1);
        expected_ = open_.back() == '{' ? Expected::key : Expected::value;
        return true;
      case Expected::nothing:
        return false;
    }
    return false;
  }

  bool value(char c) {
    begin_item();
    if (c == '{' || c == '[') {
      if (open_.size() == kMaxPrettyDepth) return false;
      open_ += c;
      take(1);
      expected_ = c == '{' ? Expected::key_or_end : Expected::value_or_end;
      return true;
    }
    expected_ = open_.empty() ? Expected::nothing : Expected::comma_or_end;
    return c == '"' ? take_string() : take_word();
  }

  bool close(char c) {
    if (open_.empty() || c != (open_.back() == '{' ? '}' : ']')) return false;
    const bool empty = expected_ == Expected::value_or_end || expected_ == Expected::key_or_end;
    open_.pop_back();
    if (!empty) new_line();
    take(1);
    expected_ = open_.empty() ? Expected::nothing : Expected::comma_or_end;
    return true;
  }

  // In an object the value stands behind its name.
  void begin_item() {
    if (open_.empty() || (open_.back() == '{' && expected_ == Expected::value)) return;
    new_line();
  }

  void new_line() {
    out_ += '\n';
    out_.append(2 * open_.size(), ' ');
  }

  void take(std::size_t count) {
    out_ += left_.substr(0, count);
    left_.remove_prefix(count);
  }

  bool take_string() {
    for (std::size_t at = 1; at < left_.size(); ++at) {
      const char c = left_[at];
      if (c == '"') {
        take(at + 1);
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') ++at;
    }
    take(left_.size());
    return cut_;
  }

  bool take_word() {
    const std::size_t end = std::min(left_.find_first_of(" \t\r\n,:]}[{\""), left_.size());
    const bool may_be_cut = cut_ && end == left_.size();
    if (end == 0 || (!may_be_cut && !is_word(left_.substr(0, end)))) return false;
    take(end);
    return true;
  }

  void skip_blanks() { left_.remove_prefix(std::min(left_.find_first_not_of(" \t\r\n"), left_.size())); }

  std::string_view left_;
  bool cut_;
  Expected expected_ = Expected::value;
  std::string open_;  // '{' and '[', the innermost last
  std::string out_;
};

}  // namespace

std::optional<std::string> pretty_json(std::string_view text, bool cut) {
  return Layout(text, cut).run();
}

}  // namespace tlspeel::output
