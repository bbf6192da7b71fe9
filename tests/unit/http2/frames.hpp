// HTTP/2 as it is on the wire, for tests: frames, and header blocks by the deflater of libnghttp2.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nghttp2/nghttp2.h>

#include "tlspeel/base/bytes.hpp"

#include "http2/frame.hpp"

namespace tlspeel::http2::test {

inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

using Field = std::pair<std::string_view, std::string_view>;
using FieldList = std::vector<Field>;

inline Bytes bytes(std::string_view text) {
  return to_bytes(as_bytes(text));
}

// One behind the other; unlike +, the left one is made first.
inline Bytes operator<<(Bytes a, const Bytes& b) {
  append(a, b);
  return a;
}

inline Bytes u32(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
          static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}

inline Bytes frame(FrameType type, std::uint8_t flags, std::uint32_t stream, const Bytes& payload) {
  FrameHeader header;
  header.length = static_cast<std::uint32_t>(payload.size());
  header.type = type;
  header.flags = flags;
  header.stream = stream;
  const auto head = bytes_of(header);
  return Bytes(head.begin(), head.end()) << payload;
}

inline Bytes settings(std::initializer_list<std::pair<std::uint16_t, std::uint32_t>> list = {}) {
  Bytes payload;
  for (const auto& [id, value] : list) {
    payload.push_back(static_cast<std::uint8_t>(id >> 8U));
    payload.push_back(static_cast<std::uint8_t>(id));
    append(payload, u32(value));
  }
  return frame(FrameType::settings, 0, 0, payload);
}

inline Bytes settings_ack() {
  return frame(FrameType::settings, kFlagAck, 0, {});
}

inline Bytes data(std::uint32_t stream, std::string_view content, bool end = false) {
  return frame(FrameType::data, end ? kFlagEndStream : 0, stream, bytes(content));
}

inline Bytes reset(std::uint32_t stream, std::uint32_t error) {
  return frame(FrameType::rst_stream, 0, stream, u32(error));
}

// What one side's header blocks are made with.
class Deflater {
 public:
  explicit Deflater(std::size_t table_size = 4096) {
    nghttp2_hd_deflater* made = nullptr;
    if (nghttp2_hd_deflate_new(&made, table_size) == 0) deflater_.reset(made);
  }

  void change_table_size(std::size_t size) { nghttp2_hd_deflate_change_table_size(deflater_.get(), size); }

  Bytes block(const FieldList& fields) {
    std::vector<nghttp2_nv> list;
    for (const auto& [name, value] : fields)
      list.push_back({octets(name), octets(value), name.size(), value.size(), 0});
    Bytes out(nghttp2_hd_deflate_bound(deflater_.get(), list.data(), list.size()));
    const auto size =
        nghttp2_hd_deflate_hd(deflater_.get(), out.data(), out.size(), list.data(), list.size());
    out.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return out;
  }

  Bytes headers(std::uint32_t stream, const FieldList& fields, bool end = false) {
    const auto flags = static_cast<std::uint8_t>(kFlagEndHeaders | (end ? kFlagEndStream : 0U));
    return frame(FrameType::headers, flags, stream, block(fields));
  }

 private:
  struct Delete {
    void operator()(nghttp2_hd_deflater* deflater) const { nghttp2_hd_deflate_del(deflater); }
  };
  static std::uint8_t* octets(std::string_view text) {
    return const_cast<std::uint8_t*>(as_bytes(text).data());  // NOLINT(*-const-cast): it is not written to
  }
  std::unique_ptr<nghttp2_hd_deflater, Delete> deflater_;
};

}  // namespace tlspeel::http2::test
