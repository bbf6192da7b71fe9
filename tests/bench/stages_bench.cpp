// What one stage costs by itself: decoding a packet, reassembling, cutting records, opening them, reading a
// key log. Run with
//   cmake --preset bench && cmake --build build/bench --target stages_bench &&
//   build/bench/tests/bench/stages_bench
#include <memory>

#include <benchmark/benchmark.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/net/decoder.hpp"
#include "tlspeel/secrets/key_log.hpp"
#include "tlspeel/tcp/connection_table.hpp"
#include "tlspeel/tls/record.hpp"

#include "tls/record_mac.hpp"
#include "tls/record_opener.hpp"

namespace tlspeel {
namespace {

constexpr std::size_t kSegment = 1448;
constexpr std::size_t kRecord = 16384;
constexpr int kEthernet = 1;

// Ethernet, IPv4 and TCP headers without options around `payload` bytes.
Bytes packet_of(std::size_t payload) {
  Bytes out(14 + 20 + 20 + payload, 0);
  out[12] = 0x08;
  const std::size_t total = 40 + payload;
  out[14] = 0x45;
  out[16] = static_cast<std::uint8_t>(total >> 8);
  out[17] = static_cast<std::uint8_t>(total);
  out[22] = 64;
  out[23] = 6;
  out[34 + 12] = 0x50;
  out[34 + 13] = net::kAck;
  return out;
}

void decode_packet(benchmark::State& state) {
  const Bytes packet = packet_of(kSegment);
  net::Decoder decoder;
  net::Segment segment;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        decoder.decode(kEthernet, packet, static_cast<std::uint32_t>(packet.size()), {1, 0}, segment));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode_packet);

class CountingSink final : public tcp::StreamSink {
 public:
  void on_data(const tcp::StreamChunk& chunk) override { bytes_ += chunk.bytes.size(); }
  void on_gap(const tcp::StreamGap& /*gap*/) override {}
  void on_stream_end(Direction /*direction*/, PacketRef /*at*/) override {}
  void on_end(tcp::EndReason /*reason*/, PacketRef /*at*/,
              const std::array<tcp::DirectionStats, 2>& /*stats*/) override {}
  bool wants_data() const override { return true; }

 private:
  std::uint64_t bytes_ = 0;
};

void reassemble_in_order(benchmark::State& state) {
  tcp::ConnectionTable table({}, [](const tcp::ConnectionInfo&) { return std::make_unique<CountingSink>(); });
  const Bytes payload(kSegment, 0x17);
  net::Segment segment;
  segment.flow.source.port = 443;
  segment.flow.destination.port = 50000;
  segment.flags = net::kSyn;
  table.push(segment, {1, 0});
  segment.flags = net::kAck;
  segment.payload = payload;
  segment.seq = 1;
  PacketRef at{2, 0};
  for (auto _ : state) {
    table.push(segment, at);
    segment.seq += static_cast<std::uint32_t>(kSegment);
    ++at.number;
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kSegment));
}
BENCHMARK(reassemble_in_order);

// Records of 16 kB out of segments of 1448 bytes: each is copied once.
void frame_records(benchmark::State& state) {
  Bytes stream = {tls::kApplicationData, 3, 3, kRecord >> 8, kRecord & 0xff};
  stream.resize(tls::kRecordHeaderSize + kRecord, 0x17);
  tls::RecordFramer framer;
  tls::Record record;
  for (auto _ : state) {
    for (std::size_t start = 0; start < stream.size(); start += kSegment) {
      framer.push(ByteView(stream).subspan(start, std::min(kSegment, stream.size() - start)), {1, 0});
      while (framer.next(record) == tls::RecordFramer::Outcome::record) benchmark::DoNotOptimize(record);
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
BENCHMARK(frame_records);

// TLS_RSA_WITH_AES_128_GCM_SHA256, the argument is the size of a record.
void open_aes_gcm(benchmark::State& state) {
  const tls::Parameters parameters{tls::kTls12, tls::find_cipher_suite(0x009c), false, false};
  const tls::KeyBlock keys = tls::key_block(parameters, Bytes(48, 1), {Bytes(32, 2), Bytes(32, 3)});
  const Bytes content(static_cast<std::size_t>(state.range(0)), 'x');
  Bytes fragment(8, 0);
  Bytes nonce = to_bytes(keys[0].iv.view());
  append(nonce, fragment);
  const tls::RecordHeader header{tls::kApplicationData, tls::kTls12, 0};
  Bytes sealed(content.size() + 16);
  crypto::AeadCipher(parameters.suite->bulk, keys[0].key.view())
      .seal(nonce, tls::authenticated_header(0, header, content.size()), content, sealed);
  append(fragment, sealed);
  const auto opener = tls::make_record_opener(parameters, keys[0]);
  Bytes scratch;
  for (auto _ : state) {
    if (!opener->open(0, header, fragment, scratch)) state.SkipWithError("the record does not open");
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(open_aes_gcm)->Arg(64)->Arg(1024)->Arg(16384);

// A key log of as many lines, each of another connection.
std::string key_log_of(std::uint64_t lines) {
  std::string text;
  Bytes random(32);
  const std::string secret = to_hex(Bytes(48, 0x5c));
  for (std::uint64_t n = 0; n < lines; ++n) {
    for (std::size_t i = 0; i < 8; ++i) random[24 + i] = static_cast<std::uint8_t>(n >> (8 * i));
    text += "CLIENT_RANDOM " + to_hex(random) + " " + secret + "\n";
  }
  return text;
}

void load_key_log(benchmark::State& state) {
  const std::string text = key_log_of(static_cast<std::uint64_t>(state.range(0)));
  for (auto _ : state) {
    secrets::KeyLog log;
    log.add(as_bytes(text), 0);
    if (log.size() != static_cast<std::size_t>(state.range(0))) state.SkipWithError("secrets are missing");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(load_key_log)->Arg(1000)->Arg(1000000)->Unit(benchmark::kMillisecond);

void look_up_in_key_log(benchmark::State& state) {
  secrets::KeyLog log;
  log.add(as_bytes(key_log_of(1000000)), 0);
  Bytes random(32);
  std::uint32_t n = 1;
  for (auto _ : state) {
    n = n * 1664525U + 1013904223U;
    for (std::size_t i = 0; i < 3; ++i) random[24 + i] = static_cast<std::uint8_t>(n >> (8 * i + 8));
    benchmark::DoNotOptimize(log.find(secrets::KeyLogLabel::client_random, random));
  }
}
BENCHMARK(look_up_in_key_log);

}  // namespace
}  // namespace tlspeel
