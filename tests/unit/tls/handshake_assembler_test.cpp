#include "tls/handshake_assembler.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace tlspeel::tls {
namespace {

using Outcome = HandshakeAssembler::Outcome;

Bytes message(std::uint8_t type, std::size_t size) {
  Bytes out(4 + size, type);
  out[1] = static_cast<std::uint8_t>(size >> 16);
  out[2] = static_cast<std::uint8_t>(size >> 8);
  out[3] = static_cast<std::uint8_t>(size);
  return out;
}

TEST(HandshakeAssembler, JoinsMessagesOverRecordsOfAnySize) {
  Bytes stream = message(2, 70);
  append(stream, message(11, 3000));
  append(stream, message(14, 0));
  for (const std::size_t step : {1U, 2U, 3U, 5U, 100U, 5000U}) {
    HandshakeAssembler assembler;
    std::vector<int> types;
    for (std::size_t start = 0; start < stream.size(); start += step) {
      assembler.push(ByteView(stream).subspan(start, std::min<std::size_t>(step, stream.size() - start)),
                     {start, 0});
      HandshakeMessage out;
      while (assembler.next(out) == Outcome::message) {
        types.push_back(out.type);
        EXPECT_EQ(out.whole.size(), out.body.size() + 4);
      }
    }
    EXPECT_EQ(types, (std::vector<int>{2, 11, 14})) << step;
    EXPECT_EQ(assembler.buffered(), 0U);
    EXPECT_EQ(assembler.memory(), 0U);
  }
}

TEST(HandshakeAssembler, RefusesAMessageThatClaimsTooMuch) {
  HandshakeAssembler assembler;
  const Bytes header = {11, 0x10, 0x00, 0x01};
  assembler.push(header, {});
  HandshakeMessage out;
  EXPECT_EQ(assembler.next(out), Outcome::too_long);
}

}  // namespace
}  // namespace tlspeel::tls
