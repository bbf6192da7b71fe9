// Hellos that are right in all their lengths, and what else tests put around them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::pipeline::test {

inline Bytes record(std::uint8_t type, ByteView body) {
  Bytes out{type, 3, 3, static_cast<std::uint8_t>(body.size() >> 8), static_cast<std::uint8_t>(body.size())};
  append(out, body);
  return out;
}

// type 1: ClientHello of two suites and one extension of `filling` bytes; 2: ServerHello.
inline Bytes hello_message(std::uint8_t type, std::size_t filling = 20) {
  Bytes body{3, 3};
  body.insert(body.end(), 32, 0x5a);
  body.push_back(32);
  body.insert(body.end(), 32, 0x77);
  const Bytes choice = type == 1 ? Bytes{0, 4, 0x13, 0x01, 0xc0, 0x2f, 1, 0} : Bytes{0x13, 0x01, 0};
  append(body, choice);
  const std::size_t extensions = filling + 4;
  append(body, Bytes{static_cast<std::uint8_t>(extensions >> 8), static_cast<std::uint8_t>(extensions), 0, 21,
                     static_cast<std::uint8_t>(filling >> 8), static_cast<std::uint8_t>(filling)});
  body.insert(body.end(), filling, 0);
  Bytes out{type, 0, static_cast<std::uint8_t>(body.size() >> 8), static_cast<std::uint8_t>(body.size())};
  append(out, body);
  return out;
}

inline Bytes client_hello(std::size_t filling = 20) {
  return record(22, hello_message(1, filling));
}
inline Bytes server_hello() {
  return record(22, hello_message(2));
}
inline Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) append(out, part);
  return out;
}
inline Bytes text(std::string_view words) {
  return to_bytes(as_bytes(words));
}

}  // namespace tlspeel::pipeline::test
