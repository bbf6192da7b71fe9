// modules: tls
// A whole connection with secrets that open some of the seeds (key logs, pre-shared keys, ticket keys): the
// input is pieces of a direction, (flags, two bytes of length, bytes). Said twice, the second time with every
// piece in halves: both must hand out the same plaintext.
#include <algorithm>
#include <array>
#include <string>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/connection.hpp"

namespace {

using namespace tlspeel;

struct Heard final : event::EventSink, tls::PlaintextSink {
  std::array<std::string, 2> plaintext;
  std::uint64_t closed = 0;

  void emit(PacketRef /*at*/, event::Event&& event) override {
    if (const auto* said = std::get_if<event::Closed>(&event)) {
      closed += 1;
      if (said->explanation.empty()) __builtin_trap();
    }
  }
  void on_plaintext(Direction direction, PacketRef /*at*/, ByteView bytes) override {
    plaintext[index(direction)] += as_text(bytes);
  }
  void on_plaintext_gap(Direction /*direction*/, PacketRef /*at*/, const event::Hole& /*hole*/) override {}
  void on_plaintext_end(Direction /*direction*/, PacketRef /*at*/) override {}
};

const secrets::Store& store() {
  static const secrets::Store* const loaded = [] {
    const std::string captures = TLSPEEL_TESTDATA "/captures/";
    secrets::Config config;
    config.keylog_paths = {captures + "rfc8448_keylog/keys.log", captures + "synth_keylog/keys.log",
                           captures + "synth_tls13_drafts/keys.log",
                           captures + "synth_tls13_shapes/keys.log"};
    config.psks = {"device 1:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "0102", "03"};
    config.ticket_key_paths = {captures + "ticket_key_nginx/ticket-80.key"};
    auto made = secrets::Store::load(config);
    if (!made) __builtin_trap();
    return new secrets::Store(*std::move(made));
  }();
  return *loaded;
}

void speak(ByteView input, bool in_halves, Heard& heard) {
  secrets::SessionCache sessions(1);
  sessions.finished(0);
  tls::Environment environment;
  environment.store = &store();
  environment.sessions = &sessions;
  environment.keylog_lines = true;
  environment.fingerprints = true;
  environment.reveal_secrets = true;
  tls::Connection connection(environment, heard, heard);
  Reader r(input);
  std::uint64_t packet = 0;
  std::array<std::uint64_t, 2> offset{};
  while (!r.empty()) {
    const std::uint8_t flags = r.u8();
    const Direction direction = (flags & 1) != 0 ? Direction::server : Direction::client;
    const std::size_t size = std::min<std::size_t>(r.u16(), r.remaining());
    const PacketRef at{++packet, 0};
    environment.current_packet = packet;
    if ((flags & 2) != 0) {
      connection.gap(at, {direction, offset[index(direction)], std::uint64_t{1} + size, flags & 1U});
      offset[index(direction)] += std::uint64_t{1} + size;
    }
    const ByteView bytes = r.bytes(size);
    offset[index(direction)] += size;
    const std::size_t first = in_halves ? size / 2 : size;
    if (first != 0) connection.push(direction, at, bytes.first(first));
    if (first != size) connection.push(direction, at, bytes.subspan(first));
    if ((flags & 4) != 0) connection.end(direction, at);
  }
  connection.finish({packet, 0});
  const tls::Summary summary = connection.summary();
  for (std::size_t d = 0; d < 2; ++d) {
    if (summary.directions[d].application_bytes < heard.plaintext[d].size()) __builtin_trap();
    if (summary.directions[d].records_closed > summary.directions[d].records) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Heard whole;
  Heard halves;
  speak({data, size}, false, whole);
  speak({data, size}, true, halves);
  if (whole.plaintext != halves.plaintext || whole.closed != halves.closed) __builtin_trap();
  return 0;
}
