#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "tlspeel/crypto/error.hpp"

#include "crypto/aead_engine.hpp"
#include "crypto/keyed_cipher.hpp"

namespace tlspeel::crypto {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kDraftNonceSize = 8;  // draft-agl-tls-chacha20poly1305-04 section 5

class EvpAead final : public AeadCipher::Engine {
 public:
  EvpAead(BulkId id, BulkKind kind, ByteView key)
      : id_(id), kind_(kind), opening_(id, kind, key, CipherDirection::decrypt) {}

  bool open(ByteView nonce, ByteView aad, ByteView ciphertext, ByteView tag,
            std::span<std::uint8_t> out) override {
    EVP_CIPHER_CTX* context = opening_.context();
    // OpenSSL copies the tag, but takes it as not constant.
    std::array<std::uint8_t, 16> tag_copy{};
    std::ranges::copy(tag, tag_copy.begin());
    return start(context, nonce) &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, as_int(tag.size()), tag_copy.data()) == 1 &&
           run(context, aad, ciphertext, out);
  }

  bool seal(ByteView nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> ciphertext,
            std::span<std::uint8_t> tag) override {
    // A context of its own: OpenSSL's CCM chooses its inner loop by the direction it was keyed in.
    if (!sealing_) {
      sealing_ = std::make_unique<KeyedCipher>(id_, kind_, opening_.key(), CipherDirection::encrypt);
    }
    EVP_CIPHER_CTX* context = sealing_->context();
    return start(context, nonce) && run(context, aad, plaintext, ciphertext) &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, as_int(tag.size()), tag.data()) == 1;
  }

  std::unique_ptr<Engine> twin() const override {
    return std::make_unique<EvpAead>(id_, kind_, opening_.key());
  }

 private:
  static bool start(EVP_CIPHER_CTX* context, ByteView nonce) {
    return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), kSameDirection) == 1;
  }

  bool run(EVP_CIPHER_CTX* context, ByteView aad, ByteView in, std::span<std::uint8_t> out) const {
    int written = 0;
    // OpenSSL takes a null pointer for a question of another kind, and an empty record has one.
    std::uint8_t nothing = 0;
    std::uint8_t* const to = out.empty() ? &nothing : out.data();
    const std::uint8_t* const from = in.empty() ? &nothing : in.data();
    const int size = as_int(in.size());
    const bool ccm = kind_ == BulkKind::ccm;
    // RFC 3610 section 2.2: CCM authenticates the length first, so that it must be known before.
    if (ccm && EVP_CipherUpdate(context, nullptr, &written, nullptr, size) != 1) return false;
    if (!aad.empty() && EVP_CipherUpdate(context, nullptr, &written, aad.data(), as_int(aad.size())) != 1) {
      return false;
    }
    // CCM checks its tag here, even for an empty message; the others do in Final.
    if ((ccm || size > 0) && EVP_CipherUpdate(context, to, &written, from, size) != 1) return false;
    return ccm || EVP_CipherFinal_ex(context, to, &written) == 1;
  }

  BulkId id_;
  BulkKind kind_;
  KeyedCipher opening_;
  std::unique_ptr<KeyedCipher> sealing_;  // only tests and tools seal: made when first asked for
};

std::unique_ptr<AeadCipher::Engine> make_engine(BulkId id, ByteView key) {
  const BulkKind kind = bulk_info(id).kind;
  if (id == BulkId::chacha20_poly1305_draft) return make_chacha_draft(key);
  if (id == BulkId::camellia_128_gcm || id == BulkId::camellia_256_gcm) return make_camellia_gcm(id, key);
  if (kind != BulkKind::gcm && kind != BulkKind::ccm && kind != BulkKind::chacha) {
    throw CryptoError("not an AEAD cipher");
  }
  return std::make_unique<EvpAead>(id, kind, key);
}

}  // namespace

AeadCipher::AeadCipher(BulkId id, ByteView key)
    : nonce_size_(id == BulkId::chacha20_poly1305_draft ? kDraftNonceSize : kNonceSize),
      tag_size_(bulk_info(id).tag_size),
      engine_(make_engine(id, key)) {}

AeadCipher::AeadCipher(std::size_t nonce_size, std::size_t tag_size, std::unique_ptr<Engine> engine)
    : nonce_size_(nonce_size), tag_size_(tag_size), engine_(std::move(engine)) {}

AeadCipher::~AeadCipher() = default;
AeadCipher::AeadCipher(AeadCipher&&) noexcept = default;
AeadCipher& AeadCipher::operator=(AeadCipher&&) noexcept = default;

std::optional<AeadCipher> AeadCipher::twin() const {
  auto engine = engine_->twin();
  if (!engine) return std::nullopt;
  return AeadCipher(nonce_size_, tag_size_, std::move(engine));
}

bool AeadCipher::open(ByteView nonce, ByteView aad, ByteView ciphertext_and_tag,
                      std::span<std::uint8_t> out) {
  const bool sizes_fit = nonce.size() == nonce_size_ && ciphertext_and_tag.size() >= tag_size_ &&
                         out.size() == ciphertext_and_tag.size() - tag_size_ && fits_int(out.size()) &&
                         fits_int(aad.size());
  if (sizes_fit) {
    const ErrorQueueScope errors;
    const ByteView ciphertext = ciphertext_and_tag.first(out.size());
    if (engine_->open(nonce, aad, ciphertext, ciphertext_and_tag.last(tag_size_), out)) return true;
  }
  std::ranges::fill(out, std::uint8_t{0});
  return false;
}

bool AeadCipher::seal(ByteView nonce, ByteView aad, ByteView plaintext, std::span<std::uint8_t> out) {
  if (nonce.size() != nonce_size_ || out.size() != plaintext.size() + tag_size_ || !fits_int(out.size()) ||
      !fits_int(aad.size())) {
    return false;
  }
  const ErrorQueueScope errors;
  return engine_->seal(nonce, aad, plaintext, out.first(plaintext.size()), out.last(tag_size_));
}

}  // namespace tlspeel::crypto
