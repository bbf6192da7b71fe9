// Both sides of an HTTP/2 connection, said to the parser that ALPN chooses.
#pragma once

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/app/parser.hpp"

#include "../http2/frames.hpp"
#include "event_text.hpp"

namespace tlspeel::app::test {

using http2::FrameType;
using http2::test::data;
using http2::test::Deflater;
using http2::test::FieldList;
using http2::test::frame;
using http2::test::kPreface;
using http2::test::reset;
using http2::test::settings;
using http2::test::settings_ack;
using http2::test::operator<<;

inline FieldList get(std::string_view path) {
  return {{":method", "GET"}, {":scheme", "https"}, {":authority", "example.com"}, {":path", path}};
}
inline FieldList ok(std::string_view type = "text/plain") {
  return {{":status", "200"}, {"content-type", type}};
}

class Talk {
 public:
  explicit Talk(Options options = {}) : parser_(make_parser("h2", options, sink)) {}

  // Preface and SETTINGS of both sides.
  void begin() {
    say(Direction::client, http2::test::bytes(kPreface) << settings());
    say(Direction::server, settings() << settings_ack());
    say(Direction::client, settings_ack());
  }
  void client(const Bytes& bytes) { say(Direction::client, bytes); }
  void server(const Bytes& bytes) { say(Direction::server, bytes); }
  void say(Direction from, ByteView bytes) {
    ++at_.number;
    parser_->push(from, at_, bytes);
  }
  void hole(Direction from, const event::Hole& hole) {
    ++at_.number;
    parser_->gap(from, at_, hole);
  }
  void end(Direction from) {
    ++at_.number;
    parser_->end(from, at_);
  }
  void finish() {
    ++at_.number;
    parser_->finish(at_);
  }

  std::vector<const event::HttpMessage*> messages() const {
    std::vector<const event::HttpMessage*> out;
    for (const event::Event& each : sink.events) {
      if (const auto* message = std::get_if<event::HttpMessage>(&each)) out.push_back(message);
    }
    return out;
  }
  std::vector<std::string> problems() const {
    std::vector<std::string> out;
    for (const event::Event& each : sink.events) {
      if (const auto* problem = std::get_if<event::Problem>(&each)) out.push_back(problem->message);
    }
    return out;
  }
  // Everything that was said, a line each; emptied.
  std::string told() {
    std::string out;
    for (const std::string& line : sink.lines) out += line + "\n";
    sink.lines.clear();
    return out;
  }

  TextSink sink;
  Deflater from_client;
  Deflater from_server;

 private:
  std::unique_ptr<Parser> parser_;
  PacketRef at_;
};

}  // namespace tlspeel::app::test
