// How TLS is found in TCP streams, and which side becomes the client.
#include "pipeline/connection_chain.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/pipeline/hellos.hpp"

namespace tlspeel::pipeline {
namespace {

Bytes handshake_record(std::uint8_t type, std::size_t size) {
  Bytes out(9 + size);
  out[0] = 22;
  out[1] = out[2] = 3;
  out[4] = static_cast<std::uint8_t>(size + 4);
  out[5] = type;
  out[8] = static_cast<std::uint8_t>(size);
  return out;
}

Bytes application_record(std::size_t size) {
  Bytes out(5 + size, 0xaa);
  out[0] = 23;
  out[1] = out[2] = 3;
  out[3] = static_cast<std::uint8_t>(size >> 8);
  out[4] = static_cast<std::uint8_t>(size);
  return out;
}

class Chain : public testing::Test {
 protected:
  Chain() {
    context_.environment.store = &store_;
    context_.results = &results_;
    info_.client.port = 50000;
    info_.server.port = 443;
    info_.start_captured = true;
  }

  std::unique_ptr<ConnectionChain> make() {
    return std::make_unique<ConnectionChain>(context_, clear_text_, info_);
  }
  static void feed(ConnectionChain& chain, Direction direction, const Bytes& bytes,
                   std::uint64_t offset = 0) {
    chain.on_data({direction, offset, bytes, {1, 0}});
  }
  static void end(ConnectionChain& chain) { chain.on_end(tcp::EndReason::capture_end, {9, 0}, {}); }
  template <class T>
  const T* first() const {
    for (const Emitted& each : results_) {
      if (const T* found = std::get_if<T>(&each.placed.event)) return found;
    }
    return nullptr;
  }

  secrets::Store store_;
  ChainContext context_;
  ClearTextBudget clear_text_;
  std::vector<Emitted> results_;
  tcp::ConnectionInfo info_;
};

TEST_F(Chain, WhoSendsTheClientHelloIsTheClient) {
  const auto made = make();
  ConnectionChain& chain = *made;
  feed(chain, Direction::server, handshake_record(1, 60));
  ASSERT_NE(first<event::ConnectionStart>(), nullptr);
  EXPECT_EQ(first<event::ConnectionStart>()->client.port, 443);
  EXPECT_EQ(first<event::ConnectionStart>()->server.port, 50000);
  ASSERT_NE(first<event::TlsMessage>(), nullptr);
  EXPECT_EQ(first<event::TlsMessage>()->direction, Direction::client);
}

TEST_F(Chain, AServerHelloAloneTellsToo) {
  const auto made = make();
  ConnectionChain& chain = *made;
  feed(chain, Direction::client, handshake_record(2, 60));
  EXPECT_EQ(first<event::ConnectionStart>()->server.port, 50000);
}

TEST_F(Chain, OtherProtocolsAreCountedAndNotKept) {
  const auto made = make();
  ConnectionChain& chain = *made;
  EXPECT_TRUE(chain.wants_data());
  feed(chain, Direction::server, to_bytes(as_bytes("220 mail.example.com ESMTP\r\n")));
  feed(chain, Direction::server, Bytes(TlsSearch::kMaxClear, 0x16), 28);
  EXPECT_FALSE(chain.wants_data());
  EXPECT_EQ(clear_text_.used, 0U);
  end(chain);
  EXPECT_EQ(context_.connections_without_tls, 1U);
  EXPECT_TRUE(results_.empty());
}

TEST_F(Chain, AHelloInSingleBytesIsFound) {
  const auto made = make();
  ConnectionChain& chain = *made;
  const Bytes hello = handshake_record(1, 60);
  for (std::size_t i = 0; i < hello.size(); ++i) feed(chain, Direction::client, {hello[i]}, i);
  EXPECT_NE(first<event::TlsMessage>(), nullptr);
}

TEST_F(Chain, ALateStartIsFoundBetweenRecords) {
  info_.start_captured = false;
  const auto made = make();
  ConnectionChain& chain = *made;
  Bytes bytes(500, 0x11);
  append(bytes, application_record(100));
  append(bytes, application_record(100));
  feed(chain, Direction::server, bytes);
  end(chain);
  ASSERT_NE(first<event::Closed>(), nullptr);
  EXPECT_EQ(first<event::Closed>()->cause, event::ClosedCause::handshake_not_captured);
  ASSERT_NE(first<event::Problem>(), nullptr);
  EXPECT_NE(first<event::Problem>()->message.find("first 500 bytes"), std::string::npos);
  EXPECT_EQ(first<event::ConnectionEnd>()->counts[1].records_closed, 2U);
}

// What comes behind a hole at the very start may begin anywhere in a record.
class ChainBehindAHole : public Chain, public testing::WithParamInterface<bool> {};

TEST_P(ChainBehindAHole, SaysWhyTheHandshakeIsMissing) {
  info_.start_captured = GetParam();
  const auto made = make();
  ConnectionChain& chain = *made;
  chain.on_gap({Direction::client, 0, 200, {1, 0}});
  Bytes bytes = application_record(64);
  append(bytes, application_record(64));
  feed(chain, Direction::client, bytes, 200);
  end(chain);
  ASSERT_NE(first<event::StreamGap>(), nullptr);
  EXPECT_EQ(first<event::StreamGap>()->length, 200U);
  EXPECT_EQ(first<event::ConnectionEnd>()->cause,
            GetParam() ? event::ClosedCause::bytes_lost : event::ClosedCause::handshake_not_captured);
}
INSTANTIATE_TEST_SUITE_P(StartCaptured, ChainBehindAHole, testing::Bool());

// Both hellos are lost; the server's records came first, and were handed on last.
TEST_F(Chain, BehindHolesItBeginsWithItsFirstPacket) {
  info_.first_data = {4, 40};
  const auto made = make();
  ConnectionChain& chain = *made;
  const Bytes record = application_record(64);
  chain.on_gap({Direction::client, 0, 200, {5, 50}});
  chain.on_data({Direction::client, 200, record, {5, 50}});
  chain.on_data({Direction::client, 269, record, {6, 60}});
  chain.on_gap({Direction::server, 0, 300, {4, 40}});
  chain.on_data({Direction::server, 300, record, {4, 40}});
  chain.on_data({Direction::server, 369, record, {7, 70}});
  end(chain);
  ASSERT_FALSE(results_.empty());
  EXPECT_NE(std::get_if<event::ConnectionStart>(&results_.front().placed.event), nullptr);
  EXPECT_EQ(results_.front().placed.at, (PacketRef{4, 40}));
  for (const Emitted& each : results_) EXPECT_GE(each.placed.at.number, 4U);
}

// Microsoft's TDS carries the records of the handshake in packets of its own.
TEST_F(Chain, RecordsInPacketsOfAnotherProtocolEndAsMalformed) {
  const Bytes packet{0x12, 1, 0, 0, 0, 0, 0, 0};
  const auto made = make();
  feed(*made, Direction::client, test::joined({packet, test::client_hello()}));
  feed(*made, Direction::server, test::joined({packet, test::server_hello()}));
  feed(*made, Direction::client, test::joined({packet, application_record(100)}));
  end(*made);
  ASSERT_NE(first<event::ConnectionStart>(), nullptr);
  ASSERT_NE(first<event::Closed>(), nullptr);
  EXPECT_EQ(first<event::ConnectionEnd>()->cause, event::ClosedCause::malformed);
  ASSERT_NE(first<event::ClearText>(), nullptr);
  EXPECT_EQ(first<event::ClearText>()->protocol, "TDS");
}

TEST_F(Chain, TinySegmentsOfALateStreamAreNotSearchedForEver) {
  info_.start_captured = false;
  const auto made = make();
  ConnectionChain& chain = *made;
  for (std::size_t i = 0; i < 200; ++i) feed(chain, Direction::client, {0x41}, i);
  // They are in clear: one of many records would have been found by now.
  feed(chain, Direction::client, application_record(100), 200);
  feed(chain, Direction::client, application_record(100), 305);
  end(chain);
  EXPECT_EQ(context_.connections_without_tls, 1U);
}

}  // namespace
}  // namespace tlspeel::pipeline
