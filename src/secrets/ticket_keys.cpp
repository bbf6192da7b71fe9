#include "tlspeel/secrets/ticket_keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/crypto/mac.hpp"

#include "file_bytes.hpp"

namespace tlspeel::secrets {
namespace {

constexpr std::size_t kNameSize = 16;
constexpr std::size_t kIvSize = 16;
constexpr std::size_t kMacSize = 32;
constexpr std::size_t kShortFile = 48;  // three parts of 16 bytes
constexpr std::size_t kLongFile = 80;   // a name of 16 bytes, two keys of 32

// RFC 5652 section 6.3: the number of bytes of padding, in each of them.
std::optional<ByteView> unpadded(ByteView plain) {
  if (plain.empty()) return std::nullopt;
  const std::size_t padding = plain.back();
  if (padding == 0 || padding > kIvSize || padding > plain.size()) return std::nullopt;
  const ByteView tail = plain.last(padding);
  if (!std::ranges::all_of(tail, [&](std::uint8_t byte) { return byte == padding; })) return std::nullopt;
  return plain.first(plain.size() - padding);
}

std::optional<SecretBytes> decrypt(const SecretBytes& key, ByteView iv, ByteView state) {
  const auto cipher = key.size() == 16 ? crypto::BulkId::aes_128_cbc : crypto::BulkId::aes_256_cbc;
  SecretBytes plain(state.size());
  if (!crypto::CbcCipher(cipher, key.view()).decrypt(iv, state, plain.mutable_view())) return std::nullopt;
  return plain;
}

// RFC 5077 section 4.
struct Parts {
  ByteView name, iv, state, mac;
};

std::optional<Parts> split(ByteView ticket) {
  Reader r(ticket);
  Parts parts;
  parts.name = r.bytes(kNameSize);
  parts.iv = r.bytes(kIvSize);
  if (!r.ok() || r.remaining() < kMacSize) return std::nullopt;
  parts.state = r.bytes(r.remaining() - kMacSize);
  parts.mac = r.rest();
  return parts;
}

bool verifies(const Parts& ticket, const SecretBytes& hmac_key) {
  std::array<std::uint8_t, kMacSize> computed{};
  crypto::Hmac(crypto::HashId::sha256, hmac_key.view())
      .compute({ticket.name, ticket.iv, ticket.state}, computed);
  return crypto::equal(computed, ticket.mac);
}

std::optional<TicketSession> read_state(const Parts& ticket, const SecretBytes& aes_key) {
  const auto plain = decrypt(aes_key, ticket.iv, ticket.state);
  const auto content = plain ? unpadded(plain->view()) : std::nullopt;
  return content ? parse_ticket_state(*content) : std::nullopt;
}

}  // namespace

Result<void> TicketKeys::add_file(const std::string& path, const std::string& label) {
  const auto file = read_secret_file(path, kLongFile, "a session ticket key of 48 or 80 bytes");
  if (!file) return tl::unexpected<Error>(file.error());
  if (file->size() != kShortFile && file->size() != kLongFile) {
    return fail(fmt::format("{}: a session ticket key has {} or {} bytes", path, kShortFile, kLongFile));
  }
  Reader r(file->view());
  const ByteView name = r.bytes(kNameSize);
  const ByteView first = r.bytes(r.remaining() / 2);
  const ByteView second = r.rest();
  keys_.push_back({to_bytes(name), SecretBytes(first), SecretBytes(second), label});
  // nginx has the AES key of a short file in front of the HMAC key, Apache httpd behind it.
  if (file->size() == kShortFile) {
    keys_.push_back({to_bytes(name), SecretBytes(second), SecretBytes(first), label});
  }
  files_.push_back({path, label, file->size() == kShortFile ? "AES-128" : "AES-256"});
  return {};
}

std::optional<TicketSession> TicketKeys::open(ByteView ticket) const {
  const auto parts = split(ticket);
  if (!parts) return std::nullopt;
  for (const bool authenticated : {true, false}) {
    for (const Key& key : keys_) {
      if (!std::ranges::equal(key.name, parts->name)) continue;
      if (authenticated && !verifies(*parts, key.hmac_key)) continue;
      auto session = read_state(*parts, key.aes_key);
      if (!session) continue;
      session->authenticated = authenticated;
      session->label = key.label;
      return session;
    }
  }
  return std::nullopt;
}

}  // namespace tlspeel::secrets
