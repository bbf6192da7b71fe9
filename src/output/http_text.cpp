#include "output/http_text.hpp"

#include <algorithm>
#include <optional>

#include "tlspeel/output/safe_text.hpp"

#include "output/body_text.hpp"
#include "output/grpc_status.hpp"
#include "output/holes_text.hpp"

namespace tlspeel::output {

namespace {

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

// A character that was cut in two by the limit is left out.
std::string_view shown_text(const Bytes& shown, std::uint64_t size) {
  const std::string_view text = as_text(shown);
  return shown.size() < size ? text.substr(0, whole_characters(text)) : text;
}

void append_text_around_holes(Lines& lines, std::string_view text, const std::vector<event::HoleAt>& holes) {
  append_around_holes(lines, as_bytes(text), holes, [&](std::size_t, ByteView piece) {
    append_safe_lines(lines.out(), as_text(piece), kTextColumn);
  });
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

// "[gRPC status 5 (NOT_FOUND): no such thing]". That all went well the field says.
void append_grpc_status(Lines& lines, const HttpMessage& message) {
  const std::optional<GrpcStatus> status = grpc_status(message);
  if (!status || status->code.value == 0) return;
  std::string text = fmt::format("[gRPC status {}", status->code.value);
  if (!status->code.name.empty()) append_format(text, " ({})", status->code.name);
  if (!status->message.empty()) append_format(text, ": {}", safe_line(status->message));
  lines.note(text + "]", Ink::warning);
}

}  // namespace

void append_http_fields(Lines& lines, const HttpFields& fields) {
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

void append_http_message(Lines& lines, const HttpMessage& message) {
  lines.begin(message.first);
  lines.inked(direction_ink(message.direction), start_line(message));
  lines.out() += '\n';
  append_http_fields(lines, message.fields);
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
    append_http_fields(lines, message.trailers);
  }
  append_grpc_status(lines, message);
}

void append_opaque(Lines& lines, const event::OpaqueData& data) {
  lines.begin(data.first);
  lines.inked(direction_ink(data.direction), direction_name(data.direction));
  append_format(lines.out(), "  {}{}{} of {}", data.protocol, data.protocol.empty() ? "" : ", ",
                size_text(data.size), data.text ? "text" : "binary data");
  if (lines.options().verbose) append_format(lines.out(), " (from packet {})", data.first.number);
  lines.out() += '\n';
  if (data.text) {
    append_text_around_holes(lines, shown_text(data.shown, data.size), data.holes);
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
    append_safe_lines(lines.out(), shown_text(text.shown, text.size), kTextColumn);
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
