#include "output/parts_text.hpp"

#include <string>
#include <vector>

#include "tlspeel/event/body_parts.hpp"
#include "tlspeel/output/safe_text.hpp"

#include "output/content_name.hpp"
#include "output/holes_text.hpp"
#include "output/http_text.hpp"
#include "output/shown_text.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {
namespace {

using event::BodyPart;
using event::HttpBody;

// Counts the parts: "2", and within it "2.1".
class Numbers {
 public:
  std::string next(unsigned depth) {
    counts_.resize(depth + 1);
    ++counts_[depth];
    std::string out;
    for (const unsigned count : counts_) append_format(out, "{}{}", out.empty() ? "" : ".", count);
    return out;
  }

 private:
  std::vector<unsigned> counts_;
};

// Holes are in what was sent, and where that was decoded not behind any of them.
std::vector<event::HoleAt> holes_of(const HttpBody& body, const BodyPart& part) {
  std::vector<event::HoleAt> out;
  if (body.decoded) return out;
  for (const event::HoleAt& at : body.holes) {
    if (at.position >= part.position && at.position <= part.position + part.size)
      out.push_back({at.position - part.position, at.hole});
  }
  return out;
}

// "[image/png, 60 x 40, 7,266 bytes, not shown]"
void append_binary(Lines& lines, const BodyPart& part, const std::vector<event::HoleAt>& holes) {
  const std::string name = content_name(part.media_type, part.found);
  lines.note(fmt::format("[{}, {}{}, not shown]", name.empty() ? "binary data" : name,
                         part.complete ? "" : "the first ", size_text(part.size)),
             Ink::faint);
  for (const event::HoleAt& at : holes) lines.note(hole_text(at.hole), Ink::bad);
}

void append_part(Lines& lines, const HttpBody& body, const BodyPart& part, const std::string& number,
                 bool cut) {
  std::string heading = "[part " + number;
  if (!part.note.empty()) append_format(heading, ": {}", part.note);
  lines.note(heading + "]", part.note.empty() ? Ink::faint : Ink::bad);
  append_http_fields(lines, part.fields);
  if (part.multipart) return;
  lines.out() += '\n';
  const std::vector<event::HoleAt> holes = holes_of(body, part);
  const ByteView content =
      ByteView(body.shown)
          .subspan(static_cast<std::size_t>(part.position), static_cast<std::size_t>(part.size));
  if (part.text) {
    append_shown_text(lines, {content, holes, part.charset, part.media_type, cut && !part.complete});
  } else {
    append_binary(lines, part, holes);
  }
}

}  // namespace

void append_parts(Lines& lines, const HttpBody& body, bool cut) {
  const event::BodyParts& parts = *body.parts;
  if (parts.preamble != 0)
    lines.note(fmt::format("[{} before the first part, not shown]", size_text(parts.preamble)), Ink::faint);
  Numbers numbers;
  for (const BodyPart& part : parts.parts) append_part(lines, body, part, numbers.next(part.depth), cut);
  if (parts.further != 0) {
    std::string text = "[";
    append_counted(text, parts.further, "further part");
    lines.note(text + ", not shown]", Ink::warning);
  }
  if (parts.epilogue != 0)
    lines.note(fmt::format("[{} behind the last part, not shown]", size_text(parts.epilogue)), Ink::faint);
  if (!parts.closed && !cut && body.complete)
    lines.note("[the boundary behind the last part is missing]", Ink::bad);
}

}  // namespace tlspeel::output
