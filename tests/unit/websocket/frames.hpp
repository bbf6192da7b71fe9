// WebSocket as it is on the wire, for tests, and what is said about it as lines.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <zlib.h>

#include "tlspeel/websocket/websocket.hpp"

namespace tlspeel::websocket::test {

// first: FIN, reserved bits and opcode.
inline Bytes frame(std::uint8_t first, std::string_view payload, bool masked) {
  Bytes out{first};
  const auto mask_bit = static_cast<std::uint8_t>(masked ? 0x80 : 0);
  const std::uint64_t size = payload.size();
  const unsigned width = size < 126 ? 0 : size < 65'536 ? 2 : 8;
  out.push_back(static_cast<std::uint8_t>(mask_bit | (width == 0 ? size : width == 2 ? 126 : 127)));
  for (unsigned i = width; i > 0; --i) out.push_back(static_cast<std::uint8_t>(size >> (8 * (i - 1))));
  constexpr std::array<std::uint8_t, 4> kMask{0x12, 0x34, 0x56, 0x78};
  if (masked) out.insert(out.end(), kMask.begin(), kMask.end());
  for (std::size_t i = 0; i < payload.size(); ++i)
    out.push_back(static_cast<std::uint8_t>(payload[i]) ^ (masked ? kMask.at(i % 4) : std::uint8_t{0}));
  return out;
}

// What permessage-deflate makes of messages, one after the other.
class Deflater {
 public:
  explicit Deflater(int window_bits) {
    deflateInit2(&stream_, 9, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY);
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void reset() { deflateReset(&stream_); }
  std::string message(std::string_view text) {
    std::string out(deflateBound(&stream_, text.size()) + 64, '\0');
    stream_.next_in = const_cast<Bytef*>(as_bytes(text).data());
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    deflate(&stream_, Z_SYNC_FLUSH);
    out.resize(out.size() - stream_.avail_out - 4);
    return out;
  }

 private:
  z_stream stream_{};
};

// Both directions of a connection.
class Talk final : public event::EventSink, public http::Remainder {
 public:
  explicit Talk(std::string extensions = "")
      : connection_(opening(std::move(extensions)), 65'536, *this, *this) {}

  void say(Direction from, ByteView bytes) {
    ++at_.number;
    for (std::size_t i = 0; i < bytes.size(); i += split)
      connection_.push(from, at_, bytes.subspan(i, std::min(split, bytes.size() - i)));
  }
  void say(Direction from, const Bytes& bytes) { say(from, ByteView(bytes)); }
  void say(Direction from, std::initializer_list<std::uint8_t> bytes) { say(from, Bytes(bytes)); }
  void hole(Direction from, const event::Hole& hole) { connection_.gap(from, at_, hole); }
  void end(Direction from) { connection_.end(from, at_); }
  std::vector<std::string> finish() {
    connection_.finish(at_);
    return lines;
  }

  void emit(PacketRef /*at*/, event::Event&& event) override {
    if (auto* const message = std::get_if<event::WebSocketMessage>(&event)) {
      lines.push_back(line(*message));
      messages.push_back(std::move(*message));
    } else if (const auto* const problem = std::get_if<event::Problem>(&event)) {
      lines.push_back(problem->message);
    }
  }
  void push(Direction from, PacketRef /*at*/, ByteView bytes) override {
    rest.at(index(from)) += as_text(bytes);
  }
  void gap(Direction from, PacketRef /*at*/, const event::Hole& /*hole*/) override {
    rest.at(index(from)) += "<hole>";
  }
  void end(Direction from, PacketRef /*at*/) override { rest.at(index(from)) += "<end>"; }
  void turn_over(Direction /*from*/, PacketRef /*at*/) override {}

  std::size_t split = 1'000'000;
  std::vector<std::string> lines;
  std::vector<event::WebSocketMessage> messages;
  std::array<std::string, 2> rest;

 private:
  static event::HttpMessage opening(std::string extensions) {
    event::HttpMessage message;
    message.request = false;
    message.status = 101;
    message.exchange = 1;
    if (!extensions.empty()) message.fields.push_back({"Sec-WebSocket-Extensions", std::move(extensions)});
    return message;
  }
  static std::string line(const event::WebSocketMessage& m) {
    std::string out = fmt::format("{} {} {} {}", m.direction == Direction::client ? "client" : "server",
                                  m.opcode.value, m.text ? "text" : "binary", m.size);
    if (m.frames != 1) out += fmt::format(" in {}", m.frames);
    if (m.decoded_size) out += fmt::format(" of {}", *m.decoded_size);
    if (m.missing != 0) out += fmt::format(" missing {}", m.missing);
    if (!m.complete) out += " cut";
    out += fmt::format(" '{}'", as_text(m.shown));
    if (m.close_code) out += fmt::format(" {} {}", m.close_code->value, m.close_code->name);
    for (const event::HoleAt& at : m.holes) out += fmt::format(" hole at {}", at.position);
    if (!m.note.empty()) out += fmt::format(" [{}]", m.note);
    return out;
  }

  WebSocketConnection connection_;
  PacketRef at_{1, 0};
};

}  // namespace tlspeel::websocket::test
