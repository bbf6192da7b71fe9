#include "tlspeel/http/multipart.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "tlspeel/http/content_kind.hpp"
#include "tlspeel/http/media_type.hpp"
#include "tlspeel/http/plain_look.hpp"
#include "tlspeel/http/text_look.hpp"

#include "syntax.hpp"

namespace tlspeel::http {
namespace {

using event::BodyPart;
using event::BodyParts;

// RFC 2046 section 5.1.1 allows 70; some programs make longer ones.
constexpr std::size_t kMaxBoundary = 200;

struct Delimiter {
  std::size_t begin = 0;  // the line end before it included, which belongs to it
  std::size_t end = 0;    // behind its own line end
  bool last = false;
};

// Where the next line that is the delimiter stands, from `from` on, which is the beginning of a line. cut:
// more of the text followed, so that a line without an end may become another one.
std::optional<Delimiter> find_delimiter(std::string_view text, std::string_view dashed, std::size_t from,
                                        bool cut) {
  for (std::size_t at = text.find(dashed, from); at != std::string_view::npos;
       at = text.find(dashed, at + 1)) {
    if (at != from && text[at - 1] != '\n') continue;
    Delimiter found{at, at + dashed.size(), text.substr(at + dashed.size()).starts_with("--")};
    if (found.last) found.end += 2;
    const std::size_t line_end = std::min(text.find('\n', found.end), text.size());
    std::string_view padding = text.substr(found.end, line_end - found.end);
    if (padding.ends_with('\r')) padding.remove_suffix(1);
    if (!trim(padding).empty() || (cut && line_end == text.size())) continue;
    found.end = std::min(line_end + 1, text.size());
    if (found.begin > from) --found.begin;
    if (found.begin > from && text[found.begin - 1] == '\r') --found.begin;
    return found;
  }
  return std::nullopt;
}

// Takes a line with its end. nullopt: its end is missing.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class Parser {
 public:
  Parser(ByteView content, std::span<const event::HoleAt> holes, bool cut)
      : text_(as_text(content)),
        content_(content),
        holes_(holes),
        cut_(cut),
        parts_(std::make_shared<BodyParts>()) {}

  std::shared_ptr<const BodyParts> parse(std::string_view boundary) {
    return parse_within(boundary, 0, text_.size(), 0) ? parts_ : nullptr;
  }

 private:
  bool parse_within(std::string_view boundary, std::size_t begin, std::size_t end, unsigned depth);
  // The part that lies there; complete: its delimiter was seen.
  void add_part(std::size_t begin, std::size_t end, bool complete, unsigned depth);
  // Takes the header, and answers where the content begins.
  std::size_t take_fields(BodyPart& part, std::size_t begin, std::size_t end);
  bool take_field(BodyPart& part, std::string_view line);
  void look_at_content(BodyPart& part) const;

  std::string_view text_;
  ByteView content_;
  std::span<const event::HoleAt> holes_;
  bool cut_;
  std::size_t fields_ = 0;
  std::shared_ptr<BodyParts> parts_;
};

bool Parser::parse_within(std::string_view boundary, std::size_t begin, std::size_t end, unsigned depth) {
  const std::string dashed = "--" + std::string(boundary);
  const std::string_view text = text_.substr(0, end);
  const bool cut = cut_ && end == text_.size();
  std::optional<Delimiter> before = find_delimiter(text, dashed, begin, cut);
  if (!before) return false;
  if (depth == 0) parts_->preamble = before->begin - begin;
  while (!before->last) {
    const std::optional<Delimiter> behind = find_delimiter(text, dashed, before->end, cut);
    // Behind a delimiter that is the last byte there is nothing yet.
    if (!behind && before->end == end) return true;
    add_part(before->end, behind ? behind->begin : end, behind.has_value(), depth);
    if (!behind) return true;
    before = behind;
  }
  if (depth == 0) {
    parts_->closed = true;
    parts_->epilogue = end - before->end;
  }
  return true;
}

void Parser::add_part(std::size_t begin, std::size_t end, bool complete, unsigned depth) {
  if (parts_->parts.size() == kMaxParts) {
    ++parts_->further;
    return;
  }
  BodyPart part;
  part.depth = depth;
  part.complete = complete;
  part.position = take_fields(part, begin, end);
  part.size = end - part.position;
  const auto type = std::ranges::find_if(part.fields, [](const event::HttpField& field) {
    return equals_ignoring_case(field.name, "Content-Type");
  });
  std::string inner;
  if (type != part.fields.end()) {
    part.media_type = media_type_of(type->value);
    part.charset = to_lower(parameter_of(type->value, "charset"));
    if (depth + 1 < kMaxPartDepth) inner = boundary_of(type->value);
  }
  look_at_content(part);
  const std::size_t at = parts_->parts.size();
  const std::size_t content = part.position;
  parts_->parts.push_back(std::move(part));
  if (!inner.empty()) parts_->parts[at].multipart = parse_within(inner, content, end, depth + 1);
}

std::size_t Parser::take_fields(BodyPart& part, std::size_t begin, std::size_t end) {
  std::string_view left = text_.substr(begin, end - begin);
  while (!left.empty()) {
    std::string_view behind = left;
    const std::optional<std::string_view> line = take_line(behind);
    if (line && line->empty()) return end - behind.size();
    if (!line) {
      part.note = "its header has no end";
      return end - left.size();
    }
    if (!take_field(part, *line)) {
      part.note = "its header is damaged";
      return end - left.size();
    }
    left = behind;
  }
  return end;
}

bool Parser::take_field(BodyPart& part, std::string_view line) {
  // RFC 5322 section 2.2.3: it goes on in the next line.
  if (line.front() == ' ' || line.front() == '\t') {
    if (part.fields.empty()) return false;
    part.fields.back().value += line;
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return false;
  if (++fields_ > kMaxPartFields) return false;
  part.fields.push_back({std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
  return true;
}

void Parser::look_at_content(BodyPart& part) const {
  const ByteView content = content_.subspan(part.position, part.size);
  std::vector<event::HoleAt> holes;
  for (const event::HoleAt& at : holes_) {
    if (at.position >= part.position && at.position <= part.position + part.size)
      holes.push_back({at.position - part.position, at.hole});
  }
  const TextByType type = text_by_type(part.media_type);
  part.text = type == TextByType::text;
  if (type == TextByType::unknown) part.text = looks_like_text(content, holes, !part.complete && cut_);
  const bool at_beginning = holes.empty() || holes.front().position > 2;
  const bool plain = is_doubted_plain(part.media_type, part.charset);
  if (plain) part.text = !plain_is_binary(content, at_beginning);
  if (!part.text) part.found = content_kind(content);
  if (!part.text && plain && part.found.media_type.empty()) part.found.media_type = kAnyBinary;
}

}  // namespace

std::string boundary_of(std::string_view content_type) {
  if (!media_type_of(content_type).starts_with("multipart/")) return {};
  std::string boundary = parameter_of(content_type, "boundary");
  return boundary.size() > kMaxBoundary ? std::string() : boundary;
}

std::shared_ptr<const BodyParts> parse_multipart(ByteView content, std::span<const event::HoleAt> holes,
                                                 std::string_view boundary, bool cut) {
  return Parser(content, holes, cut).parse(boundary);
}

}  // namespace tlspeel::http
