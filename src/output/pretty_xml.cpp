#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "output/pretty.hpp"

namespace tlspeel::output {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

enum class Kind : std::uint8_t { begin, end, empty, other, blanks, text };

struct Token {
  Kind kind = Kind::text;
  std::string_view text;
  bool verbatim = false;  // of begin: what is in it is mixed with text, and stays as it is
};

// The end of a tag: a '>' outside of quotes. npos: none.
std::size_t tag_end(std::string_view text) {
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

std::size_t behind(std::string_view text, std::string_view end) {
  const std::size_t at = text.find(end);
  return at == std::string_view::npos ? at : at + end.size();
}

std::string_view name_of(std::string_view tag) {
  tag.remove_prefix(tag.starts_with("</") ? 2 : 1);
  return tag.substr(0, tag.find_first_of(" \t\r\n/>"));
}

class Layout {
 public:
  Layout(std::string_view text, bool cut) : left_(text), cut_(cut) {}

  std::optional<std::string> run() {
    while (!left_.empty()) {
      if (!take_token()) return std::nullopt;
    }
    const bool any = std::ranges::any_of(
        tokens_, [](const Token& token) { return token.kind == Kind::begin || token.kind == Kind::empty; });
    if (!any || (!open_.empty() && !cut_)) return std::nullopt;
    return lay_out();
  }

 private:
  bool take_token() {
    const std::size_t length = token_length();
    if (length == 0) return false;
    if (length == std::string_view::npos) {
      // The end of the tag was cut off.
      tokens_.push_back({Kind::other, std::exchange(left_, {})});
      return cut_;
    }
    const std::string_view text = left_.substr(0, length);
    left_.remove_prefix(length);
    return text.front() == '<' && !text.starts_with("<![CDATA[") ? take_tag(text) : take_text(text);
  }

  // 0: what is not taken on. npos: its end is missing.
  std::size_t token_length() const {
    if (left_.front() != '<') return std::min(left_.find('<'), left_.size());
    if (left_.starts_with("<!--")) return behind(left_, "-->");
    if (left_.starts_with("<![CDATA[")) return behind(left_, "]]>");
    if (left_.starts_with("<?")) return behind(left_, "?>");
    const std::size_t end = tag_end(left_);
    // A document type with declarations in it has tags in tags.
    if (left_.starts_with("<!") && left_.substr(0, end).find('[') != std::string_view::npos) return 0;
    return end;
  }

  bool take_text(std::string_view text) {
    if (text.find_first_not_of(kBlanks) == std::string_view::npos) {
      tokens_.push_back({Kind::blanks, text});
      return true;
    }
    if (open_.empty()) return false;
    tokens_[open_.back()].verbatim = true;
    tokens_.push_back({Kind::text, text});
    return true;
  }

  bool take_tag(std::string_view tag) {
    if (tag.starts_with("<!") || tag.starts_with("<?")) {
      tokens_.push_back({Kind::other, tag});
      return true;
    }
    if (name_of(tag).empty()) return false;
    if (tag.starts_with("</")) {
      if (open_.empty() || name_of(tokens_[open_.back()].text) != name_of(tag)) return false;
      // Blanks that are all there is are what it holds.
      if (tokens_.back().kind == Kind::blanks && tokens_.size() == open_.back() + 2)
        tokens_[open_.back()].verbatim = true;
      open_.pop_back();
      tokens_.push_back({Kind::end, tag});
      return true;
    }
    const bool empty = tag.ends_with("/>");
    if (!empty) {
      if (open_.size() == kMaxPrettyDepth) return false;
      open_.push_back(tokens_.size());
    }
    tokens_.push_back(
        {empty ? Kind::empty : Kind::begin, tag, tag.find("xml:space") != std::string_view::npos});
    return true;
  }

  std::string lay_out() {
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      const Token& token = tokens_[at];
      if (token.kind == Kind::blanks) continue;
      if (token.kind == Kind::end) --depth_;
      const bool follows_its_begin =
          token.kind == Kind::end && at != 0 && tokens_[at - 1].kind == Kind::begin;
      if (!follows_its_begin) new_line();
      out_ += token.text;
      if (token.kind != Kind::begin) continue;
      if (token.verbatim) {
        at = copy_element(at);
      } else {
        ++depth_;
      }
    }
    out_ += '\n';
    return std::move(out_);
  }

  // What is in the element that begins there, and its end; answers where that is.
  std::size_t copy_element(std::size_t at) {
    for (std::size_t depth = 1; depth != 0 && at + 1 < tokens_.size();) {
      const Token& token = tokens_[++at];
      if (token.kind == Kind::begin) ++depth;
      if (token.kind == Kind::end) --depth;
      out_ += token.text;
    }
    return at;
  }

  void new_line() {
    if (!out_.empty()) out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  std::string_view left_;
  bool cut_;
  std::vector<Token> tokens_;
  std::vector<std::size_t> open_;  // tokens that begin elements, the innermost last
  std::size_t depth_ = 0;
  std::string out_;
};

}  // namespace

std::optional<std::string> pretty_xml(std::string_view text, bool cut) {
  return Layout(text, cut).run();
}

}  // namespace tlspeel::output
