// modules: tls
// Both directions of a connection from detection to events: the input is a list of pieces, each with a head
// of two bytes: direction and kind (bytes, hole, end) in the first, length in the second.
#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/connection.hpp"
#include "tlspeel/tls/detector.hpp"

namespace {

struct Ignore final : tlspeel::event::EventSink, tlspeel::tls::PlaintextSink {
  void emit(tlspeel::PacketRef /*at*/, tlspeel::event::Event&& /*event*/) override {}
  void on_plaintext(tlspeel::Direction /*d*/, tlspeel::PacketRef /*at*/,
                    tlspeel::ByteView /*bytes*/) override {
    __builtin_trap();  // there is no key: nothing can verify
  }
  void on_plaintext_gap(tlspeel::Direction /*d*/, tlspeel::PacketRef /*at*/,
                        const tlspeel::event::Hole& /*hole*/) override {}
  void on_plaintext_end(tlspeel::Direction /*d*/, tlspeel::PacketRef /*at*/) override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tlspeel;
  Reader r(ByteView(data, size));
  Ignore ignore;
  const secrets::Store store;
  tls::Environment environment;
  environment.store = &store;
  environment.reveal_secrets = true;
  environment.keylog_lines = true;
  environment.fingerprints = true;
  tls::Connection connection(environment, ignore, ignore);
  PacketRef at;
  std::array<bool, 2> begun{};
  while (!r.empty()) {
    const std::uint8_t head = r.u8();
    const Direction direction = (head & 1) != 0 ? Direction::server : Direction::client;
    const ByteView bytes = r.bytes(std::min<std::size_t>(r.u8(), r.remaining()));
    ++at.number;
    if ((head & 0x70) == 0x70) connection.gap(at, {direction, 0, bytes.size()});
    if ((head & 0x70) == 0x60) connection.end(direction, at);
    if (!begun[index(direction)]) connection.begin(direction, tls::detect(bytes, (head & 2) == 0).start);
    begun[index(direction)] = true;
    connection.push(direction, at, bytes);
  }
  connection.finish(at);
  (void)connection.summary();
  return 0;
}
