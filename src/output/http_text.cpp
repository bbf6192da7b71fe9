#include "output/http_text.hpp"

#include <algorithm>

#include "tlspeel/output/safe_text.hpp"

namespace tlspeel::output {

namespace {

using event::HttpBody;
using event::HttpFields;
using event::HttpMessage;

constexpr std::size_t kHexColumn = 4;

// HTTP/2 has messages whose head is not known: the frame that held it was lost.
std::string or_unknown(const std::string& text, std::string_view what) {
  return text.empty() ? fmt::format("[no {}]", what) : text;
}

std::string start_line(const HttpMessage& m) {
  std::string line = m.request       ? fmt::format("{} {} {}", or_unknown(m.method, "method"),
                                                   or_unknown(m.target, "target"), m.version)
                     : m.status == 0 ? fmt::format("{} [no status]", m.version)
                                     : fmt::format("{} {:03} {}", m.version, m.status, m.reason);
  while (line.ends_with(' ')) line.pop_back();
  line = safe_line(line);
  if (m.stream != 0) append_format(line, " [stream {}]", m.stream);
  return line;
}

void append_fields(Lines& lines, const HttpFields& fields) {
  for (const event::HttpField& field : fields) {
    std::string& out = lines.out();
    out.append(kTextColumn, ' ');
    const std::size_t begin = out.size();
    append_safe_line(out, field.name);
    out += ": ";
    append_safe_line(out, field.value);
    while (out.size() > begin && out.back() == ' ') out.pop_back();
    out += '\n';
  }
}

// "[image/png, 12.3 kB, not shown]", "[gzip, 1,234 bytes of text/html, not decoded]". Nothing was decoded, or
// it is not shown.
std::string unshown_body(const HttpBody& body) {
  const std::string media = safe_line(body.media_type);
  if (!body.coding.empty()) {
    return fmt::format("[{}, {}{}{}, not {}{}{}]", safe_line(body.coding), size_text(body.size),
                       media.empty() ? "" : " of ", media, body.decoded ? "shown" : "decoded",
                       body.coding_note.empty() ? "" : ": ", safe_line(body.coding_note));
  }
  if (media.empty())
    return fmt::format("[{} of {}, not shown]", size_text(body.size), body.text ? "text" : "binary data");
  return fmt::format("[{}, {}, not shown]", media, size_text(body.size));
}

std::string_view shown_of(const Bytes& shown, std::uint64_t size) {
  return shown_text(shown, shown.size() < size);
}

// "[1,234 bytes of gzip, 5,678 bytes decoded]".
std::string decoded_text(const HttpBody& body) {
  std::string out = fmt::format("[{} of {}, {} decoded", size_text(body.size), safe_line(body.coding),
                                size_text(body.shown.size()));
  if (!body.coding_note.empty()) append_format(out, "; {}", safe_line(body.coding_note));
  return out + "]";
}

void append_decoded(Lines& lines, const HttpBody& body) {
  const std::string_view text = shown_text(body.shown, !body.decoded_size);
  append_safe_lines(lines.out(), text, kTextColumn);
  if (body.decoded_size || !body.coding_note.empty() || !body.complete) {
    lines.note(decoded_text(body), body.coding_note.empty() ? Ink::faint : Ink::bad);
  } else {
    lines.note(fmt::format("[showing the first {}, decoded from {} of {}; --max-body]",
                           size_text(text.size()), size_text(body.size), safe_line(body.coding)),
               Ink::faint);
  }
}

// "[1,448 bytes were not captured]".
std::string hole_text(const event::Hole& hole) {
  if (!hole.length) return "[an unknown number of bytes was not captured]";
  return fmt::format("[{}{} {} not captured]", exactness(hole), size_text(*hole.length),
                     *hole.length == 1 ? "was" : "were");
}

// Calls show(offset, piece) for what is between the holes, and says the holes at their places.
template <class Show>
void append_around_holes(Lines& lines, ByteView shown, const std::vector<event::HoleAt>& holes, Show show) {
  std::size_t begin = 0;
  for (const event::HoleAt& at : holes) {
    if (at.position > shown.size()) break;
    const auto end = static_cast<std::size_t>(at.position);
    if (end > begin) show(begin, shown.subspan(begin, end - begin));
    lines.note(hole_text(at.hole), Ink::bad);
    begin = end;
  }
  if (begin < shown.size()) show(begin, shown.subspan(begin));
}

}  // namespace

std::string_view shown_text(const Bytes& shown, bool cut) {
  const std::string_view text = as_text(shown);
  return cut ? text.substr(0, whole_characters(text)) : text;
}

void append_text_around_holes(Lines& lines, std::string_view text, const std::vector<event::HoleAt>& holes) {
  append_around_holes(lines, as_bytes(text), holes, [&](std::size_t, ByteView piece) {
    append_safe_lines(lines.out(), as_text(piece), kTextColumn);
  });
}

namespace {

// Whether the holes that are said at their places are all that is missing.
bool holes_say_what_is_missing(const HttpBody& body) {
  std::uint64_t said = 0;
  for (const event::HoleAt& at : body.holes) {
    if (!body.decoded && at.position <= body.shown.size()) said += at.hole.length.value_or(0);
  }
  return said == body.missing;
}

// "[3 gRPC messages of 7, 1,200 (compressed) and 12 bytes]".
std::string grpc_text(const HttpBody& body) {
  std::string out = "[";
  const std::size_t count = body.grpc_messages.size();
  append_counted(out, count + body.further_grpc_messages, "gRPC message");
  out += " of ";
  for (std::size_t i = 0; i < count; ++i) {
    if (i != 0) out += i + 1 == count && body.further_grpc_messages == 0 ? " and " : ", ";
    append_count(out, body.grpc_messages[i].length);
    if (body.grpc_messages[i].compressed) out += " (compressed)";
  }
  if (body.further_grpc_messages != 0) out += ", ...";
  return out + " bytes]";
}

void append_body(Lines& lines, const HttpBody& body) {
  if (body.size != 0) {
    lines.out() += '\n';
    if (body.shown.empty()) {
      std::string text = unshown_body(body);
      // Text of which nothing was kept is left out by --max-body 0 alone.
      if (body.text && (body.coding.empty() || body.decoded) && !body.decoded_size)
        text.insert(text.size() - 1, "; --max-body");
      lines.note(text, Ink::faint);
    } else if (body.decoded) {
      append_decoded(lines, body);
    } else {
      append_text_around_holes(lines, shown_of(body.shown, body.size), body.holes);
      if (body.shown.size() < body.size) {
        lines.note(fmt::format("[showing the first {} of {}; --max-body]",
                               size_text(shown_of(body.shown, body.size).size()), size_text(body.size)),
                   Ink::faint);
      }
    }
  }
  if (!body.grpc_messages.empty()) lines.note(grpc_text(body), Ink::faint);
  if (body.missing != 0 && (body.shown.empty() || !holes_say_what_is_missing(body)))
    lines.note(fmt::format("[{} missing]", size_text(body.missing)), Ink::bad);
  if (!body.complete) lines.note("[incomplete]", Ink::bad);
}

void append_packets(std::string& out, PacketRef first, PacketRef last) {
  if (last.number == 0 || last.number == first.number) {
    append_format(out, "packet {}", first.number);
  } else {
    append_format(out, "packets {} to {}", first.number, last.number);
  }
}

std::string_view framing_text(event::BodyFraming framing) {
  switch (framing) {
    case event::BodyFraming::none:
      return "no body";
    case event::BodyFraming::content_length:
      return "Content-Length";
    case event::BodyFraming::chunked:
      return "chunked";
    case event::BodyFraming::until_close:
      return "until close";
    case event::BodyFraming::data_frames:
      return "DATA frames";
  }
  return "";
}

}  // namespace

void append_http_message(Lines& lines, const HttpMessage& message) {
  lines.begin(message.first);
  lines.inked(direction_ink(message.direction), start_line(message));
  lines.out() += '\n';
  append_fields(lines, message.fields);
  if (!message.note.empty()) lines.note(fmt::format("[{}]", message.note), Ink::warning);
  if (lines.options().verbose) {
    std::string where = "[";
    append_packets(where, message.first, message.last);
    append_format(where, "; exchange {}; {}", message.exchange, framing_text(message.body.framing));
    if (message.body.framing != event::BodyFraming::none) where += ", " + size_text(message.body.size);
    lines.note(where + "]", Ink::faint);
  }
  append_body(lines, message.body);
  if (!message.trailers.empty()) {
    lines.note("[trailers]", Ink::faint);
    append_fields(lines, message.trailers);
  }
}

void append_opaque(Lines& lines, const event::OpaqueData& data) {
  lines.begin(data.first);
  lines.inked(direction_ink(data.direction), direction_name(data.direction));
  append_format(lines.out(), "  {} of {}", size_text(data.size), data.text ? "text" : "binary data");
  if (lines.options().verbose) append_format(lines.out(), " (from packet {})", data.first.number);
  lines.out() += '\n';
  if (data.text) {
    append_text_around_holes(lines, shown_of(data.shown, data.size), data.holes);
  } else {
    append_around_holes(lines, data.shown, data.holes, [&](std::size_t offset, ByteView piece) {
      append_hex_dump(lines.out(), piece, kHexColumn, offset);
    });
  }
  if (data.shown.size() < data.size) {
    lines.note(fmt::format("[showing the first {} of {}; --max-body]", size_text(data.shown.size()),
                           size_text(data.size)),
               Ink::faint);
  }
}

void append_clear_text(Lines& lines, const event::ClearText& text) {
  lines.begin(text.first);
  lines.inked(direction_ink(text.direction), direction_name(text.direction));
  append_format(lines.out(), "  in clear, {}{}{}", text.protocol, text.protocol.empty() ? "" : ": ",
                size_text(text.size));
  if (text.proxied) {
    append_format(lines.out(), ", for {} -> {}", text.proxied->source.to_string(),
                  text.proxied->destination.to_string());
  }
  if (lines.options().verbose) append_format(lines.out(), " (from packet {})", text.first.number);
  lines.out() += '\n';
  if (text.text) {
    append_safe_lines(lines.out(), shown_of(text.shown, text.size), kTextColumn);
  } else {
    append_hex_dump(lines.out(), text.shown, kHexColumn);
  }
  if (text.shown.size() < text.size) {
    lines.note(
        fmt::format("[showing the first {} of {}]", size_text(text.shown.size()), size_text(text.size)),
        Ink::faint);
  }
}

void append_hex_dump(std::string& out, ByteView bytes, std::size_t indent, std::size_t first_offset) {
  static constexpr std::size_t kRow = 16;
  static constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t offset = 0; offset < bytes.size(); offset += kRow) {
    const ByteView row = bytes.subspan(offset, std::min(kRow, bytes.size() - offset));
    out.append(indent, ' ');
    append_format(out, "{:06x}  ", first_offset + offset);
    for (std::size_t i = 0; i < kRow; ++i) {
      if (i == kRow / 2) out += ' ';
      if (i < row.size()) {
        out += kDigits[row[i] >> 4U];
        out += kDigits[row[i] & 15U];
        out += ' ';
      } else {
        out += "   ";
      }
    }
    out += ' ';
    for (const std::uint8_t byte : row) out += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    out += '\n';
  }
}

}  // namespace tlspeel::output
