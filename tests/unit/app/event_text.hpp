// Events of application data as lines of text, every field of them, so that tests can state what they expect.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "tlspeel/app/parser.hpp"

namespace tlspeel::app::test {

// Printable ASCII as it is; everything else as \r, \n, \t, \\ or \xHH.
inline std::string escape(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\r') {
      result += "\\r";
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (c == '\\') {
      result += "\\\\";
    } else if (byte < 0x20 || byte > 0x7E) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

inline std::string_view side_of(Direction direction) {
  return direction == Direction::client ? "client" : "server";
}

// Long contents only by their size and ends: vectors stay readable.
inline std::string content(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  if (text.size() <= 80) return fmt::format("\"{}\"", escape(text));
  return fmt::format("{} bytes \"{}...{}\"", text.size(), escape(text.substr(0, 8)),
                     escape(text.substr(text.size() - 8)));
}

inline std::string_view framing_name(event::BodyFraming framing) {
  switch (framing) {
    case event::BodyFraming::none:
      return "none";
    case event::BodyFraming::content_length:
      return "content-length";
    case event::BodyFraming::chunked:
      return "chunked";
    case event::BodyFraming::until_close:
      return "until-close";
    case event::BodyFraming::data_frames:
      return "data";
  }
  return "?";
}

// " holes=3+7,10+~5,12+?": after 3 bytes 7 are missing, after 10 about 5, after 12 nobody knows how many.
inline std::string holes_text(const std::vector<event::HoleAt>& holes) {
  std::string text;
  for (const event::HoleAt& at : holes) {
    text += text.empty() ? " holes=" : ",";
    text += fmt::format("{}+", at.position);
    text += !at.hole.length ? "?" : fmt::format("{}{}", at.hole.exact ? "" : "~", *at.hole.length);
  }
  return text;
}

inline void add_lines(std::vector<std::string>& out, PacketRef at, const event::HttpMessage& m) {
  const std::string packets = fmt::format("@{} ({}-{})", at.number, m.first.number, m.last.number);
  out.push_back(m.request ? fmt::format("{} #{} {} {} {} {}", packets, m.exchange, side_of(m.direction),
                                        m.method, escape(m.target), m.version)
                          : fmt::format("{} #{} {} {} {} {}{}", packets, m.exchange, side_of(m.direction),
                                        m.version, m.status, escape(m.reason), m.interim ? " interim" : ""));
  if (m.stream != 0) out.back() += fmt::format(" stream={}", m.stream);
  for (const auto& field : m.fields) out.push_back(fmt::format("  {}: {}", field.name, escape(field.value)));
  const event::HttpBody& b = m.body;
  if (b.framing != event::BodyFraming::none || !b.complete || b.size != 0 || b.missing != 0 ||
      !b.shown.empty()) {
    std::string line = fmt::format("  body {} size={}", framing_name(b.framing), b.size);
    if (b.missing != 0) line += fmt::format(" missing={}", b.missing);
    line += holes_text(b.holes);
    if (!b.complete) line += " cut";
    if (!b.media_type.empty()) line += " " + escape(b.media_type);
    if (!b.coding.empty()) line += " coded=" + escape(b.coding);
    if (b.decoded) line += b.decoded_size ? fmt::format(" decoded={}", *b.decoded_size) : " decoded";
    if (!b.coding_note.empty()) line += fmt::format(" [{}]", b.coding_note);
    if (b.size != 0) {
      line += b.text ? " text " + content(b.shown)
                     : std::string(b.shown.empty() ? " binary" : " binary BUT SHOWN");
    }
    for (const event::GrpcMessage& each : b.grpc_messages)
      line += fmt::format(" grpc={}{}", each.length, each.compressed ? "c" : "");
    if (b.further_grpc_messages != 0) line += fmt::format(" grpc+{}", b.further_grpc_messages);
    out.push_back(line);
  }
  for (const auto& field : m.trailers)
    out.push_back(fmt::format("  trailer {}: {}", field.name, escape(field.value)));
  if (!m.note.empty()) out.push_back(fmt::format("  note {}", m.note));
}

inline void add_lines(std::vector<std::string>& out, PacketRef at, const event::Event& event) {
  if (const auto* message = std::get_if<event::HttpMessage>(&event)) {
    add_lines(out, at, *message);
  } else if (const auto* frame = std::get_if<event::WebSocketMessage>(&event)) {
    out.push_back(fmt::format(
        "@{} ({}-{}) #{} {} websocket {} {} size={}{}{}{} {}{}", at.number, frame->first.number,
        frame->last.number, frame->exchange, side_of(frame->direction), frame->opcode.value,
        frame->text ? "text" : "binary", frame->size,
        frame->missing == 0 ? "" : fmt::format(" missing={}", frame->missing),
        frame->decoded_size ? fmt::format(" decoded={}", *frame->decoded_size) : "", holes_text(frame->holes),
        content(frame->shown), frame->note.empty() ? "" : " [" + frame->note + "]"));
  } else if (const auto* opaque = std::get_if<event::OpaqueData>(&event)) {
    out.push_back(fmt::format("@{} opaque {} from {} size={}{} {} {}", at.number, side_of(opaque->direction),
                              opaque->first.number, opaque->size, holes_text(opaque->holes),
                              opaque->text ? "text" : "binary", content(opaque->shown)));
  } else if (const auto* goaway = std::get_if<event::HttpGoaway>(&event)) {
    out.push_back(fmt::format("@{} goaway {} {} {} last={} size={} {}", at.number, side_of(goaway->direction),
                              goaway->error.value, goaway->error.name, goaway->last_stream,
                              goaway->debug_size, content(goaway->debug)));
  } else if (const auto* control = std::get_if<event::HttpFrame>(&event)) {
    std::string text = fmt::format("@{} frame {} {} {} stream={}{}", at.number, side_of(control->direction),
                                   control->type.value, control->type.name, control->stream,
                                   control->acknowledges ? " ack" : "");
    for (const event::HttpSetting& each : control->settings)
      text += fmt::format(" {}:{}={}", each.name.value, each.name.name, each.value);
    if (control->further_settings != 0) text += fmt::format(" +{}", control->further_settings);
    if (control->increment != 0) text += fmt::format(" increment={}", control->increment);
    out.push_back(text + (control->data.empty() ? "" : " " + content(control->data)));
  } else if (const auto* problem = std::get_if<event::Problem>(&event)) {
    out.push_back(fmt::format("@{} problem {} {}: {}", at.number,
                              problem->direction ? side_of(*problem->direction) : "both", problem->layer,
                              problem->message));
  } else {
    out.emplace_back("an event that no application parser may emit");
  }
}

// What was handed on of each body, put together again: holes are dots.
class Pieces {
 public:
  void add(const event::BodyPiece& piece) {
    std::string& body = bodies_[{piece.direction, piece.exchange}];
    if (piece.data.empty() || piece.data.size() > 65536 || piece.offset < body.size()) body += "<NO PIECE>";
    body.resize(std::max<std::size_t>(body.size(), piece.offset), '.');
    body += as_text(piece.data);
  }
  std::string take(const event::HttpMessage& message) {
    const auto found = bodies_.find({message.direction, message.exchange});
    if (found == bodies_.end()) return {};
    return bodies_.extract(found).mapped();
  }
  bool empty() const { return bodies_.empty(); }

 private:
  std::map<std::pair<Direction, std::uint32_t>, std::string> bodies_;
};

class TextSink final : public event::EventSink {
 public:
  void emit(PacketRef at, event::Event&& event) override {
    if (at.number < last_at_) lines.emplace_back("THE ORDER OF PACKETS WENT BACK");
    last_at_ = at.number;
    if (const auto* piece = std::get_if<event::BodyPiece>(&event)) {
      pieces_.add(*piece);
      return;
    }
    add_lines(lines, at, event);
    if (const auto* message = std::get_if<event::HttpMessage>(&event)) handed_on(*message);
    events.push_back(std::move(event));
  }
  std::vector<std::string> lines;
  std::vector<event::Event> events;
  std::vector<std::string> bodies;  // that were handed on, one for each message that had one
  bool pieces_left() const { return !pieces_.empty(); }

 private:
  void handed_on(const event::HttpMessage& message) {
    if (message.interim) return;
    std::string body = pieces_.take(message);
    const auto& how = message.body.handed_on;
    if (!how) {
      if (!body.empty()) lines.emplace_back("PIECES THAT NO MESSAGE SAYS");
      return;
    }
    // A hole at the end has no piece behind it.
    body.resize(std::max<std::size_t>(body.size(), std::min<std::uint64_t>(how->size, 1U << 20U)), '.');
    // A bomb is stopped within a few kilobytes, which depends on how it is split.
    const bool stopped = how->note.starts_with("not decoded further");
    lines.push_back(stopped
                        ? "  handed on until it was too much"
                        : fmt::format("  handed on {}{}{} {}{}", how->size, how->decoded ? " decoded" : "",
                                      how->complete ? "" : " cut", content(as_bytes(body)),
                                      how->note.empty() ? "" : " [" + how->note + "]"));
    if (how->size < (1U << 20U) && body.size() != how->size) lines.emplace_back("ITS SIZE IS ANOTHER ONE");
    bodies.push_back(std::move(body));
  }

  Pieces pieces_;
  std::uint64_t last_at_ = 0;
};

}  // namespace tlspeel::app::test
