#include "output/json_body.hpp"

#include <string>

#include "tlspeel/event/body_parts.hpp"
#include "tlspeel/output/safe_text.hpp"

#include "output/body_text.hpp"
#include "output/readable_text.hpp"

namespace tlspeel::output {

using event::BodyFraming;
using event::BodyPart;
using event::ContentKind;
using event::GrpcMessage;
using event::HoleAt;
using event::HttpBody;
using event::HttpField;
using event::HttpFields;

void content(JsonLine& json, const Bytes& shown, bool cut, bool text) {
  ByteView bytes = shown;
  // A character that was cut in two by the limit is left out, so that the rest stays text.
  if (text && cut) bytes = bytes.first(whole_characters(as_text(bytes)));
  json.number("shown", bytes.size());
  if (bytes.empty()) return;
  if (text && is_utf8(as_text(bytes))) {
    json.text("body_text", as_text(bytes));
  } else {
    json.base64("body_base64", bytes);
  }
}

void fields(JsonLine& json, std::string_view key, const HttpFields& list) {
  json.open_list(key);
  for (const HttpField& field : list) {
    json.open();
    json.text("name", field.name);
    json.text("value", field.value);
    json.close();
  }
  json.close_list();
}

void holes(JsonLine& json, const std::vector<HoleAt>& list) {
  if (list.empty()) return;
  json.open_list("holes");
  for (const HoleAt& at : list) {
    json.open();
    json.number("position", at.position);
    if (at.hole.length) json.number("length", *at.hole.length);
    json.flag("exact", at.hole.exact);
    json.close();
  }
  json.close_list();
}

namespace {

std::string_view framing_name(BodyFraming framing) {
  switch (framing) {
    case BodyFraming::none:
      return "none";
    case BodyFraming::content_length:
      return "content_length";
    case BodyFraming::chunked:
      return "chunked";
    case BodyFraming::until_close:
      return "until_close";
    case BodyFraming::data_frames:
      return "data_frames";
  }
  return "none";
}

void grpc_messages(JsonLine& json, const HttpBody& b) {
  if (b.grpc_messages.empty()) return;
  json.open_list("grpc_messages");
  for (const GrpcMessage& message : b.grpc_messages) {
    json.open();
    json.number("length", message.length);
    json.flag("compressed", message.compressed);
    json.close();
  }
  json.close_list();
  if (b.further_grpc_messages != 0) json.number("further_grpc_messages", b.further_grpc_messages);
}

void found(JsonLine& json, const ContentKind& kind) {
  if (kind.media_type.empty()) return;
  json.open("found");
  json.text("media_type", kind.media_type);
  if (kind.width != 0 && kind.height != 0) {
    json.number("width", kind.width);
    json.number("height", kind.height);
  }
  json.close();
}

// Text as UTF-8, where it can be.
void readable_content(JsonLine& json, const ReadableText& readable, ByteView bytes, bool cut) {
  std::string room;
  json.text("converted_from", readable.converted_from());
  json.number("shown", bytes.size());
  json.text("body_text", readable.piece(bytes, cut, room));
}

void body_content(JsonLine& json, const HttpBody& b, bool cut) {
  if (!b.text || b.parts) return content(json, b.shown, cut, b.text);
  const ReadableText readable(b.shown, b.charset, b.media_type);
  if (readable.converted_from().empty()) return content(json, b.shown, cut, true);
  readable_content(json, readable, b.shown, cut);
}

void part_text(JsonLine& json, const HttpBody& b, const BodyPart& part, bool cut) {
  const ByteView bytes =
      ByteView(b.shown).subspan(static_cast<std::size_t>(part.position), static_cast<std::size_t>(part.size));
  const ReadableText readable(bytes, part.charset, part.media_type);
  if (!readable.converted_from().empty()) json.text("converted_from", readable.converted_from());
  std::string room;
  const std::string_view text = readable.piece(bytes, cut, room);
  if (is_utf8(text)) json.text("body_text", text);
}

void parts(JsonLine& json, const HttpBody& b, bool cut) {
  if (!b.parts) return;
  json.open_list("parts");
  for (const BodyPart& part : b.parts->parts) {
    json.open();
    json.number("depth", part.depth);
    fields(json, "fields", part.fields);
    if (!part.note.empty()) json.text("note", part.note);
    if (!part.media_type.empty()) json.text("media_type", part.media_type);
    if (!part.charset.empty()) json.text("charset", part.charset);
    json.number("position", part.position);
    json.number("size", part.size);
    json.flag("complete", part.complete);
    json.flag("is_text", part.text);
    found(json, part.found);
    if (part.text && !part.multipart) part_text(json, b, part, cut && !part.complete);
    json.close();
  }
  json.close_list();
  if (b.parts->further != 0) json.number("further_parts", b.parts->further);
}

}  // namespace

void body(JsonLine& json, const HttpBody& b) {
  json.open("body");
  json.text("framing", framing_name(b.framing));
  json.number("size", b.size);
  json.number("missing", b.missing);
  json.flag("complete", b.complete);
  json.flag("is_text", b.text);
  if (!b.media_type.empty()) json.text("media_type", b.media_type);
  if (!b.charset.empty()) json.text("charset", b.charset);
  if (!b.coding.empty()) json.text("coding", b.coding);
  if (b.decoded) json.flag("decoded", true);
  if (b.decoded_size) json.number("decoded_size", *b.decoded_size);
  if (!b.coding_note.empty()) json.text("coding_note", b.coding_note);
  found(json, b.found);
  const bool cut = is_cut(b);
  body_content(json, b, cut);
  parts(json, b, cut);
  grpc_messages(json, b);
  holes(json, b.holes);
  json.close();
}

}  // namespace tlspeel::output
