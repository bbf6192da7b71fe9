#include "output/body_text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "tlspeel/output/safe_text.hpp"

#include "output/content_name.hpp"
#include "output/holes_text.hpp"
#include "output/parts_text.hpp"
#include "output/shown_text.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {
namespace {

using event::HttpBody;

// "[image/png, 60 x 40, 12.3 kB, not shown]", "[gzip, 1,234 bytes of text/html, not decoded]". Nothing was
// decoded, or it is not shown.
std::string unshown_body(const HttpBody& body) {
  const std::string media = content_name(body.media_type, body.found);
  const bool decoded = body.decoded || !body.found.media_type.empty();
  if (!body.coding.empty()) {
    return fmt::format("[{}, {}{}{}, not {}{}{}]", safe_line(body.coding), size_text(body.size),
                       media.empty() ? "" : " of ", media, decoded ? "shown" : "decoded",
                       body.coding_note.empty() ? "" : ": ", safe_line(body.coding_note));
  }
  if (media.empty())
    return fmt::format("[{} of {}, not shown]", size_text(body.size), body.text ? "text" : "binary data");
  return fmt::format("[{}, {}, not shown]", media, size_text(body.size));
}

// "[1,234 bytes of gzip, 5,678 bytes decoded]".
std::string decoded_text(const HttpBody& body) {
  std::string out = fmt::format("[{} of {}, {} decoded", size_text(body.size), safe_line(body.coding),
                                size_text(body.shown.size()));
  if (!body.coding_note.empty()) append_format(out, "; {}", safe_line(body.coding_note));
  return out + "]";
}

void append_shown(Lines& lines, const HttpBody& body) {
  std::size_t shown = body.shown.size();
  if (body.parts) {
    append_parts(lines, body, is_cut(body));
  } else {
    // Holes are in what was sent, and where that was decoded not behind any of them.
    shown = append_shown_text(lines, {body.shown, body.decoded ? std::vector<event::HoleAt>() : body.holes,
                                      body.charset, body.media_type, is_cut(body)});
  }
  if (body.decoded && (body.decoded_size || !body.coding_note.empty() || !body.complete)) {
    lines.note(decoded_text(body), body.coding_note.empty() ? Ink::faint : Ink::bad);
  } else if (body.decoded) {
    lines.note(fmt::format("[showing the first {}, decoded from {} of {}; --max-body]", size_text(shown),
                           size_text(body.size), safe_line(body.coding)),
               Ink::faint);
  } else if (is_cut(body)) {
    lines.note(
        fmt::format("[showing the first {} of {}; --max-body]", size_text(shown), size_text(body.size)),
        Ink::faint);
  }
}

// Whether the holes that are said at their places are all that is missing.
bool holes_say_what_is_missing(const HttpBody& body) {
  return !body.shown.empty() &&
         (body.decoded ? 0 : missing_at_holes(body.holes, body.shown.size())) == body.missing;
}

// "[3 gRPC messages of 7, 1,200 (compressed) and 12 bytes]", "[1 compressed gRPC message of 30 bytes]".
std::string grpc_text(const HttpBody& body) {
  constexpr std::size_t kLengths = 16;  // JSON has more of them
  const std::size_t count = std::min(body.grpc_messages.size(), kLengths);
  const std::uint64_t further = body.grpc_messages.size() - count + body.further_grpc_messages;
  const bool compressed = body.further_grpc_messages == 0 &&
                          std::ranges::all_of(body.grpc_messages, &event::GrpcMessage::compressed);
  std::string out = "[";
  append_counted(out, count + further, compressed ? "compressed gRPC message" : "gRPC message");
  out += " of ";
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out += i + 1 == count && further == 0 ? " and " : ", ";
    append_count(out, body.grpc_messages[i].length);
    if (body.grpc_messages[i].compressed && !compressed) out += " (compressed)";
  }
  if (further != 0) out += ", ...";
  return out + " bytes]";
}

void append_content(Lines& lines, const HttpBody& body) {
  lines.out() += '\n';
  if (!body.shown.empty()) return append_shown(lines, body);
  std::string text = unshown_body(body);
  // Text of which nothing was kept is left out by --max-body 0 alone.
  if (body.text && (body.coding.empty() || body.decoded) && !body.decoded_size)
    text.insert(text.size() - 1, "; --max-body");
  lines.note(text, Ink::faint);
}

}  // namespace

bool is_cut(const HttpBody& body) {
  return body.decoded ? !body.decoded_size : body.shown.size() < body.size;
}

void append_body(Lines& lines, const HttpBody& body) {
  if (body.size != 0) append_content(lines, body);
  if (!body.grpc_messages.empty()) lines.note(grpc_text(body), Ink::faint);
  if (body.missing != 0 && !holes_say_what_is_missing(body))
    lines.note(fmt::format("[{} missing]", size_text(body.missing)), Ink::bad);
  if (!body.complete) lines.note("[incomplete]", Ink::bad);
}

}  // namespace tlspeel::output
