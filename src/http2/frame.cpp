#include "frame.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tlspeel::http2 {
namespace {

enum class On : std::uint8_t { stream, connection, either };

struct TypeRow {
  FrameType type;
  std::string_view name;
  On on;
  std::uint32_t least;  // bytes of payload without padding
  bool exactly = false;
};

constexpr std::array<TypeRow, 13> kTypes = {{
    {FrameType::data, "DATA", On::stream, 0},
    {FrameType::headers, "HEADERS", On::stream, 0},
    {FrameType::priority, "PRIORITY", On::stream, 5, true},
    {FrameType::rst_stream, "RST_STREAM", On::stream, 4, true},
    {FrameType::settings, "SETTINGS", On::connection, 0},
    {FrameType::push_promise, "PUSH_PROMISE", On::stream, 4},
    {FrameType::ping, "PING", On::connection, 8, true},
    {FrameType::goaway, "GOAWAY", On::connection, 8},
    {FrameType::window_update, "WINDOW_UPDATE", On::either, 4, true},
    {FrameType::continuation, "CONTINUATION", On::stream, 0},
    {FrameType::altsvc, "ALTSVC", On::either, 2},
    {FrameType::origin, "ORIGIN", On::connection, 0},
    {FrameType::priority_update, "PRIORITY_UPDATE", On::connection, 4},
}};

const TypeRow* row_of(FrameType type) {
  const auto row = std::ranges::find(kTypes, type, &TypeRow::type);
  return row == kTypes.end() ? nullptr : &*row;
}

// IANA: HTTP/2 Error Code, from 0.
constexpr std::array<std::string_view, 14> kErrors = {"NO_ERROR",
                                                      "PROTOCOL_ERROR",
                                                      "INTERNAL_ERROR",
                                                      "FLOW_CONTROL_ERROR",
                                                      "SETTINGS_TIMEOUT",
                                                      "STREAM_CLOSED",
                                                      "FRAME_SIZE_ERROR",
                                                      "REFUSED_STREAM",
                                                      "CANCEL",
                                                      "COMPRESSION_ERROR",
                                                      "CONNECT_ERROR",
                                                      "ENHANCE_YOUR_CALM",
                                                      "INADEQUATE_SECURITY",
                                                      "HTTP_1_1_REQUIRED"};

// Bytes in front of the padded and prefixed content of a frame.
std::uint32_t prefix_of(const FrameHeader& header) {
  std::uint32_t size = 0;
  const bool may_be_padded = header.type == FrameType::data || header.type == FrameType::headers ||
                             header.type == FrameType::push_promise;
  if (may_be_padded && header.has(kFlagPadded)) size += 1;
  if (header.type == FrameType::headers && header.has(kFlagPriority)) size += 5;
  return size;
}

}  // namespace

std::string_view frame_name(FrameType type) {
  const TypeRow* const row = row_of(type);
  return row == nullptr ? std::string_view() : row->name;
}

FrameHeader read_frame_header(Reader& in) {
  FrameHeader header;
  header.length = in.u24();
  header.type = static_cast<FrameType>(in.u8());
  header.flags = in.u8();
  const std::uint32_t stream = in.u32();
  header.reserved = stream >> 31U != 0;
  header.stream = stream & 0x7fffffffU;
  return header;
}

std::array<std::uint8_t, kFrameHeaderSize> bytes_of(const FrameHeader& header) {
  const std::uint32_t stream = header.stream | (header.reserved ? 1U << 31U : 0U);
  const auto octet = [](std::uint32_t value, unsigned shift) {
    return static_cast<std::uint8_t>((value >> shift) & 0xffU);
  };
  return {octet(header.length, 16),
          octet(header.length, 8),
          octet(header.length, 0),
          static_cast<std::uint8_t>(header.type),
          header.flags,
          octet(stream, 24),
          octet(stream, 16),
          octet(stream, 8),
          octet(stream, 0)};
}

std::string_view fault_of(const FrameHeader& header) {
  const TypeRow* const row = row_of(header.type);
  if (row == nullptr) return {};
  if (row->on == On::stream && header.stream == 0) return "it has to name a stream";
  if (row->on == On::connection && header.stream != 0) return "it may not name a stream";
  const std::uint32_t least = row->least + prefix_of(header);
  if (header.length < least || (row->exactly && header.length != least)) return "its size does not fit";
  if (header.type == FrameType::settings &&
      (header.length % 6 != 0 || (header.has(kFlagAck) && header.length != 0)))
    return "its size does not fit";
  return {};
}

event::CodePoint error_code(std::uint32_t value) {
  return {value, value < kErrors.size() ? kErrors.at(value) : std::string_view()};
}

std::string error_text(std::uint32_t value) {
  const std::string_view name = error_code(value).name;
  return name.empty() ? fmt::format("error {:#x}", value) : std::string(name);
}

}  // namespace tlspeel::http2
