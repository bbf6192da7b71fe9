// What a connection holds on to that is open and says nothing: in every layer, from TCP to the text.
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/net/decoder.hpp"
#include "tlspeel/secrets/store.hpp"
#include "tlspeel/tcp/connection_table.hpp"

#include "output/text_writer.hpp"
#include "pipeline/connection_chain.hpp"
#include "pipeline/event_merge.hpp"
#include "unit/counted_allocations.hpp"

namespace tlspeel::pipeline {
namespace {

struct Sample {
  std::string name;  // a capture whose first connection has an exchange
  std::string server_key;
  std::string key_log;
  std::ptrdiff_t most;  // bytes for each connection
};

struct Said {
  net::Segment segment;
  Bytes payload;
  PacketRef at;
};

// The first connection of the capture, up to its end.
std::vector<Said> first_connection(const std::string& path) {
  auto source = capture::open_source({path}, {});
  EXPECT_TRUE(source);
  net::Decoder decoder;
  std::vector<Said> out;
  capture::Packet packet;
  while (source && (*source)->next(packet) == capture::ReadState::packet) {
    net::Segment segment;
    if (decoder.decode(packet.link_type, packet.bytes, packet.wire_length, packet.at, segment) !=
        net::Verdict::tcp) {
      continue;
    }
    if (!out.empty() && symmetric_hash(segment.flow) != symmetric_hash(out.front().segment.flow)) continue;
    if ((segment.flags & (net::kFin | net::kRst)) != 0) break;
    out.push_back({segment, to_bytes(segment.payload), packet.at});
  }
  return out;
}

struct Nowhere final : output::ByteSink {
  std::size_t bytes = 0;
  void write(std::string_view text) override { bytes += text.size(); }
  void flush() override {}
};

class IdleMemory : public testing::TestWithParam<Sample> {
 protected:
  IdleMemory() : said_(first_connection(folder() + "/capture.pcap")) {
    std::vector<std::string> keys;
    std::vector<std::string> logs;
    if (!GetParam().server_key.empty()) keys.push_back(folder() + "/" + GetParam().server_key);
    if (!GetParam().key_log.empty()) logs.push_back(folder() + "/" + GetParam().key_log);
    auto store = secrets::Store::load({keys, logs});
    EXPECT_TRUE(store);
    store_ = *std::move(store);
    context_.environment.store = &store_;
    context_.results = &batch_.results.emplace_back();
  }
  static std::string folder() { return std::string(TLSPEEL_TESTDATA) + "/captures/" + GetParam().name; }

  // The connection as another client has it.
  void say(std::uint8_t client) {
    const Endpoint server = said_.front().segment.flow.destination;
    for (const Said& each : said_) {
      net::Segment segment = each.segment;
      Endpoint& end = segment.flow.source == server ? segment.flow.destination : segment.flow.source;
      end.address.octets.back() = client;
      segment.payload = each.payload;
      const PacketRef at{++packet_, each.at.time_ns};
      context_.environment.current_packet = at.number;
      table_.push(segment, at);
      merge_.write(batch_);
      writer_.flush();
    }
  }

  std::vector<Said> said_;
  secrets::Store store_;
  Nowhere sink_;
  output::TextOptions options_{.order = output::Order::time};
  output::TextWriter writer_{options_, sink_};
  Outputs outputs_{{&writer_}};
  EventMerge merge_{outputs_};
  Batch batch_;
  ChainContext context_;
  ClearTextBudget clear_text_;
  tcp::ConnectionTable table_{{}, [this](const tcp::ConnectionInfo& info) {
                                return std::make_unique<ConnectionChain>(context_, clear_text_, info);
                              }};
  std::uint64_t packet_ = 0;
};

TEST_P(IdleMemory, IsBounded) {
  // The first one brings what all share: certificates, buffers, contexts of OpenSSL.
  constexpr std::uint8_t kConnections = 100;
  say(0);
  const std::size_t text = sink_.bytes;
  const std::ptrdiff_t before = live_bytes();
  for (std::uint8_t client = 1; client <= kConnections; ++client) say(client);
  const std::ptrdiff_t each = (live_bytes() - before) / kConnections;
  EXPECT_EQ(table_.size(), kConnections + 1U);
  EXPECT_GT(sink_.bytes, text + kConnections * std::size_t{100});
  RecordProperty("bytes", static_cast<int>(each));
  EXPECT_LE(each, GetParam().most);
  EXPECT_GT(each, 1000) << "it was not open";
}

INSTANTIATE_TEST_SUITE_P(Versions, IdleMemory,
                         testing::Values(Sample{"nginx_rsa", "server.key", "", 3500},
                                         Sample{"tls13_web", "", "keys.log", 6100}),
                         [](const auto& sample) { return sample.param.name; });

}  // namespace
}  // namespace tlspeel::pipeline
