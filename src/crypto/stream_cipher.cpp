#include "tlspeel/crypto/ciphers.hpp"
#include "tlspeel/crypto/error.hpp"

#include "crypto/cipher_context.hpp"

namespace tlspeel::crypto {

struct StreamCipher::State {
  CipherCtxPtr context;
};

StreamCipher::StreamCipher(BulkId id, ByteView key)
    : state_(std::make_unique<State>(
          State{make_cipher_context(id, BulkKind::stream, key, CipherDirection::decrypt)})) {}

StreamCipher::~StreamCipher() = default;
StreamCipher::StreamCipher(StreamCipher&&) noexcept = default;
StreamCipher& StreamCipher::operator=(StreamCipher&&) noexcept = default;

void StreamCipher::process(ByteView in, std::span<std::uint8_t> out) {
  int written = 0;
  if (in.empty()) return;
  if (out.size() != in.size() || !fits_int(in.size()) ||
      EVP_CipherUpdate(state_->context.get(), out.data(), &written, in.data(), as_int(in.size())) != 1) {
    throw CryptoError("a stream cipher cannot go on");
  }
}

}  // namespace tlspeel::crypto
