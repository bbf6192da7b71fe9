// Both directions of a connection in pieces, holes and ends, through an application parser, as fuzz targets
// read them from their input: a control byte (bit 0: by the server), a length, and what that means.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/base/reader.hpp"

#include "../unit/app/event_text.hpp"

namespace tlspeel::fuzz {

// Of the control byte, its three upper bits; the others are the target's.
inline constexpr std::uint8_t kHole = 7;  // bit 1: of unknown length, bit 2: of an estimated one
inline constexpr std::uint8_t kEnd = 6;

inline ByteView piece_of(Reader& in, std::size_t length) {
  return in.bytes(std::min(length, in.remaining()));
}

// The events, as lines. bytes_of(kind, in, length): what is pushed for a piece of this kind. split: one byte
// at a time.
template <class BytesOf>
std::vector<std::string> app_talk(Reader& in, std::string_view alpn, bool split, BytesOf bytes_of) {
  app::test::TextSink sink;
  const auto parser = app::make_parser(alpn, {600, true, true}, sink);
  PacketRef at;
  while (!in.empty()) {
    ++at.number;
    const std::uint8_t control = in.u8();
    const auto direction = control & 1U ? Direction::server : Direction::client;
    const std::size_t length = in.u16();
    const auto kind = static_cast<std::uint8_t>(control >> 5U);
    if (kind == kHole) {
      const std::optional<std::uint64_t> missing =
          control & 2U ? std::nullopt : std::optional<std::uint64_t>(length);
      parser->gap(direction, at, {missing, missing && (control & 4U) == 0});
    } else if (kind == kEnd) {
      parser->end(direction, at);
    } else {
      const auto bytes = bytes_of(kind, in, length);
      if (!split) parser->push(direction, at, bytes);
      for (std::size_t i = 0; split && i < bytes.size(); ++i)
        parser->push(direction, at, ByteView(bytes).subspan(i, 1));
    }
  }
  parser->finish(at);
  return sink.lines;
}

}  // namespace tlspeel::fuzz
