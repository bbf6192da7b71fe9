#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/base/secret_array.hpp"
#include "tlspeel/crypto/ciphers.hpp"

#include "record_mac.hpp"
#include "record_opener.hpp"

namespace tlspeel::tls {
namespace {

constexpr std::size_t kLongestNonce = 12;
using Nonce = std::array<std::uint8_t, kLongestNonce>;

// GenericAEADCipher, RFC 5246 section 6.2.3.3. The nonce is made in one of three ways: an implicit part from
// the key block followed by an explicit part from the record (RFC 5288 section 3, RFC 6655 section 3), the IV
// from the key block XORed with the sequence number (RFC 7905 section 2), or the sequence number alone, where
// the key block has no IV (draft-agl-tls-chacha20poly1305-04 section 5).
class AeadOpener final : public RecordOpener {
 public:
  AeadOpener(const Parameters& parameters, const DirectionKeys& keys)
      : info_(crypto::bulk_info(parameters.suite->bulk)),
        cipher_(parameters.suite->bulk, keys.key.view()),
        iv_size_(static_cast<std::uint8_t>(keys.iv.size())) {
    std::ranges::copy(keys.iv.view(), iv_.bytes.begin());
  }

  ParseResult<ByteView> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    Reader r(fragment);
    const ByteView explicit_nonce = r.bytes(info_.record_iv_size);
    const ByteView sealed = r.rest();
    if (!r.ok() || sealed.size() < info_.tag_size) {
      return tl::unexpected(ParseError{"the record is shorter than its nonce and tag", 0});
    }
    const std::size_t size = sealed.size() - info_.tag_size;
    if (out.size() < size) out.resize(size);
    const auto plain = std::span(out).first(size);
    const Nonce nonce = info_.record_iv_size != 0 ? joined(explicit_nonce) : counted(sequence);
    if (!cipher_.open(ByteView(nonce).first(cipher_.nonce_size()),
                      authenticated_header(sequence, header, size), sealed, plain)) {
      return tl::unexpected(ParseError{"the authentication tag does not verify", size});
    }
    remember(sequence, explicit_nonce);
    return ByteView(plain);
  }

  std::unique_ptr<RecordOpener> twin() const override {
    auto cipher = cipher_.twin();
    if (!cipher) return nullptr;
    return std::unique_ptr<RecordOpener>(new AeadOpener(*this, *std::move(cipher)));
  }
  void opened_elsewhere(std::uint64_t sequence, ByteView fragment) override {
    Reader r(fragment);
    remember(sequence, r.bytes(info_.record_iv_size));
  }

  RecordOverhead overhead() const override { return {std::size_t{info_.record_iv_size} + info_.tag_size, 0}; }

  // Most senders count in the explicit nonce, from any start (RFC 5288 section 3 allows the sequence number
  // itself): the distance between two nonces is that of the records.
  std::optional<std::uint64_t> stated_sequence(ByteView fragment) const override {
    if (!last_ || fragment.size() < kCounterSize) return std::nullopt;
    return last_->sequence + (counter(fragment.first(kCounterSize)) - last_->nonce);
  }

  bool in_order() const override { return false; }
  void restart() override { last_.reset(); }

 private:
  AeadOpener(const AeadOpener& keys, crypto::AeadCipher cipher)
      : info_(keys.info_), cipher_(std::move(cipher)), iv_(keys.iv_), iv_size_(keys.iv_size_) {}

  static constexpr std::size_t kCounterSize = 8;
  struct Last {
    std::uint64_t sequence = 0;
    std::uint64_t nonce = 0;
  };

  void remember(std::uint64_t sequence, ByteView explicit_nonce) {
    if (info_.record_iv_size == kCounterSize) last_ = {sequence, counter(explicit_nonce)};
  }

  static std::uint64_t counter(ByteView nonce) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : nonce) value = value << 8 | byte;
    return value;
  }

  Nonce joined(ByteView explicit_nonce) const {
    Nonce nonce{};
    const auto end = std::copy_n(iv_.bytes.begin(), iv_size_, nonce.begin());
    std::copy(explicit_nonce.begin(), explicit_nonce.end(), end);
    return nonce;
  }

  Nonce counted(std::uint64_t sequence) const {
    Nonce nonce = iv_.bytes;
    for (std::size_t i = 0; i < 8; ++i) {
      nonce[cipher_.nonce_size() - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
    }
    return nonce;
  }

  const crypto::BulkInfo& info_;
  crypto::AeadCipher cipher_;
  SecretArray<kLongestNonce> iv_;  // in place: idle connections are many
  std::uint8_t iv_size_;
  std::optional<Last> last_;  // record that was opened
};

}  // namespace

std::unique_ptr<RecordOpener> make_aead_opener(const Parameters& parameters, const DirectionKeys& keys) {
  return std::make_unique<AeadOpener>(parameters, keys);
}

}  // namespace tlspeel::tls
