#include "clear_record.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::tls {
namespace {

// IANA "TLS HandshakeType", by who sends them.
constexpr std::array<std::uint8_t, 4> kOfClient = {1, 11, 15, 16};
// HelloRequest (0) is none of them: it is four zeros, as nonces begin.
constexpr std::array<std::uint8_t, 7> kOfServer = {2, 4, 11, 12, 13, 14, 22};

bool sends(Direction sender, std::uint8_t type) {
  return sender == Direction::client ? std::ranges::find(kOfClient, type) != kOfClient.end()
                                     : std::ranges::find(kOfServer, type) != kOfServer.end();
}

}  // namespace

bool is_change_cipher_spec(const Record& record) {
  Reader r(record.fragment);
  return record.header.type == kChangeCipherSpec && record.fragment.size() == 1 && r.u8() == 1;
}

bool is_surely_clear(Direction sender, const Record& record) {
  if (record.header.type != kHandshake || record.fragment.empty()) return is_change_cipher_spec(record);
  Reader r(record.fragment);
  while (!r.empty()) {
    const std::uint8_t type = r.u8();
    const std::uint32_t length = r.u24();
    r.skip(length);
    if (!r.ok() || !sends(sender, type)) return false;
  }
  return true;
}

}  // namespace tlspeel::tls
