// One JSON object (RFC 8259), built member by member in the order of the calls and written as a line when it
// is closed. Strings are UTF-8; what a peer sent that is not UTF-8 gets U+FFFD in its place and a second
// member "<key>_hex" with the exact bytes. Everything beyond ASCII is written as \u escapes: the same JSON
// value, and nothing that a terminal would obey.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/event/event.hpp"

namespace tlspeel::output {

class JsonLine {
 public:
  explicit JsonLine(std::string& out) : out_(out) {}

  // An object or list, as a member (with key) or as an element of a list or the whole line (without).
  void open();
  void open(std::string_view key);
  void close();
  void open_list(std::string_view key);
  void close_list() { open_.pop_back(); }

  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint64_t value);
  void flag(std::string_view key, bool value);
  void null(std::string_view key);
  void hex(std::string_view key, ByteView value);
  void base64(std::string_view key, ByteView value);
  void code(std::string_view key,
            const event::CodePoint& value);         // {"value":47,"name":"TLS_RSA_WITH_AES_128_CBC_SHA"}
  void packet(std::string_view key, PacketRef at);  // {"packet":4,"time":"..."}
  void place(PacketRef at);                         // both as members of the object that is open

  // The same as elements of a list.
  void element(std::string_view text);
  void element(const event::CodePoint& value);
  void hex_element(ByteView value);

 private:
  using Json = nlohmann::ordered_json;

  Json& member(std::string_view key) { return (*open_.back())[std::string(key)]; }

  std::string& out_;
  Json line_;
  // The objects and lists that are open, the innermost last. Each is the newest value of the one before,
  // which does not change meanwhile.
  std::vector<Json*> open_;
};

void append_base64(std::string& out, ByteView bytes);  // RFC 4648 section 4

// "2026-11-22T08:23:10.000000001Z" (RFC 3339, UTC).
void append_time(std::string& out, std::int64_t time_ns);

}  // namespace tlspeel::output
