// The handshake messages of one handshake, kept in the order in which the protocol has them, not in the order
// of capture: two directions may be captured slightly out of order, and hashes over the handshake (RFC 5246
// section 7.4.9, RFC 7627 section 3) must not care.
//   full:    ClientHello, the server's flight to ServerHelloDone, the client's flight to its Finished, the
//   server's ticket and Finished resumed: ClientHello, the server's ServerHello to its Finished, the client's
//   Finished
// Holds at most kMaxBytes for each direction; after that it is void (valid() is false) and hashes cannot be
// computed. Freed by invalidate() when the handshake is over. Not thread safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/crypto/digest.hpp"

namespace tlspeel::tls {

class Transcript {
 public:
  // Two certificate chains of the size that HandshakeAssembler lets through.
  static constexpr std::size_t kMaxBytes = 1U << 21;

  enum class Mark : std::uint8_t {
    first_client_hello_end,   // last byte of ClientHello; after HelloRetryRequest: of the first one
    retry_end,                // last byte of HelloRetryRequest
    client_hello_end,         // last byte of the (last) ClientHello
    server_hello_end,         // last byte of ServerHello
    server_hello_done_end,    // last byte of ServerHelloDone
    client_key_exchange_end,  // last byte of ClientKeyExchange
    client_finished_start,
    client_finished_end,
    server_finished_start,
    server_finished_end,
  };

  void add(Direction direction, ByteView message);
  void mark(Mark mark);
  bool has(Mark mark) const { return at(mark).has_value(); }
  bool valid() const { return valid_; }
  void invalidate();

  // Draft 18 hashed the first ClientHello itself; later ones and RFC 8446 replace it by its hash after
  // HelloRetryRequest.
  void keep_first_client_hello() { keeps_first_hello_ = true; }

  // How far a hash of TLS 1.3 reaches (RFC 8446 sections 4.4.1 and 7.1).
  enum class Tls13Point : std::uint8_t {
    first_client_hello,
    client_hellos,  // to the end of the last ClientHello
    server_hello,
    before_server_finished,
    server_finished,
    before_client_finished,
    client_finished,
  };
  // nullopt: not all of it was seen.
  std::optional<Bytes> tls13(Tls13Point point, crypto::HashId hash) const;

  // Everything from ClientHello to ClientKeyExchange: what the extended master secret's session_hash covers.
  std::optional<Bytes> through_client_key_exchange() const;
  // Everything before that side's Finished message.
  std::optional<Bytes> before_finished(Direction sender, bool resumed) const;

 private:
  std::optional<std::size_t> at(Mark mark) const {
    const std::uint32_t place = marks_[static_cast<std::size_t>(mark)];
    return place == kNowhere ? std::nullopt : std::optional<std::size_t>(place);
  }
  static constexpr std::array<std::uint32_t, 10> nowhere() {
    std::array<std::uint32_t, 10> out{};
    out.fill(kNowhere);
    return out;
  }
  ByteView part(Direction direction, std::size_t from, std::size_t to) const;

  std::array<Bytes, 2> bytes_;
  // Half the size of std::optional; kMaxBytes is far below.
  static constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

  std::array<std::uint32_t, 10> marks_ = nowhere();
  bool valid_ = true;
  bool keeps_first_hello_ = false;
};

}  // namespace tlspeel::tls
