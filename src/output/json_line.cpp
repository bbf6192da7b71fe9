#include "output/json_line.hpp"

#include <chrono>
#include <utility>

#include "tlspeel/output/safe_text.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {

namespace {

std::string hex_text(ByteView value) {
  std::string out;
  append_hex(out, value);
  return out;
}

nlohmann::ordered_json code_value(const event::CodePoint& value) {
  nlohmann::ordered_json out = {{"value", value.value}};
  if (!value.name.empty()) out["name"] = value.name;
  return out;
}

}  // namespace

void JsonLine::open() {
  if (open_.empty()) {
    line_ = Json::object();
    open_.push_back(&line_);
  } else {
    open_.push_back(&open_.back()->emplace_back(Json::object()));
  }
}

void JsonLine::open(std::string_view key) {
  Json& value = member(key);
  value = Json::object();
  open_.push_back(&value);
}

void JsonLine::close() {
  open_.pop_back();
  if (open_.empty()) out_ += line_.dump(-1, ' ', true, Json::error_handler_t::replace);
}

void JsonLine::open_list(std::string_view key) {
  Json& value = member(key);
  value = Json::array();
  open_.push_back(&value);
}

void JsonLine::text(std::string_view key, std::string_view value) {
  member(key) = value;
  if (!is_utf8(value)) hex(std::string(key) + "_hex", as_bytes(value));
}

void JsonLine::number(std::string_view key, std::uint64_t value) {
  member(key) = value;
}

void JsonLine::flag(std::string_view key, bool value) {
  member(key) = value;
}

void JsonLine::null(std::string_view key) {
  member(key) = nullptr;
}

void JsonLine::hex(std::string_view key, ByteView value) {
  member(key) = hex_text(value);
}

void JsonLine::base64(std::string_view key, ByteView value) {
  std::string text;
  append_base64(text, value);
  member(key) = std::move(text);
}

void JsonLine::code(std::string_view key, const event::CodePoint& value) {
  member(key) = code_value(value);
}

void JsonLine::packet(std::string_view key, PacketRef at) {
  if (at.number == 0) return;
  open(key);
  place(at);
  close();
}

void JsonLine::place(PacketRef at) {
  if (at.number == 0) return;
  number("packet", at.number);
  std::string time;
  append_time(time, at.time_ns);
  member("time") = std::move(time);
}

void JsonLine::element(std::string_view text) {
  open_.back()->push_back(std::string(text));
}

void JsonLine::element(const event::CodePoint& value) {
  open_.back()->push_back(code_value(value));
}

void JsonLine::hex_element(ByteView value) {
  open_.back()->push_back(hex_text(value));
}

void append_base64(std::string& out, ByteView bytes) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    group = (group << 8U | byte) & 0xffffffU;
    bits += 8;
    for (; bits >= 6; bits -= 6) out += kAlphabet[group >> (bits - 6) & 63U];
  }
  if (bits == 0) return;
  out += kAlphabet[group << (6 - bits) & 63U];
  out += bits == 2 ? "==" : "=";
}

void append_time(std::string& out, std::int64_t time_ns) {
  using std::chrono::days;
  const std::chrono::sys_time<std::chrono::nanoseconds> time{std::chrono::nanoseconds(time_ns)};
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  append_format(out, "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

}  // namespace tlspeel::output
