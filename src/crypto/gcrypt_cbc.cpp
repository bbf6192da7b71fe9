#include "crypto/gcrypt_cbc.hpp"

#include <string>

#include "tlspeel/crypto/error.hpp"

#ifdef TLSPEEL_LIBGCRYPT

#include <gcrypt.h>

namespace tlspeel::crypto {
namespace {

bool start_libgcrypt() {
  if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P) != 0) return true;
  if (gcry_check_version(GCRYPT_VERSION) == nullptr) return false;
  // Locked memory is small and shared by the process; handles of ciphers are wiped when they are closed.
  gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
  gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
  return true;
}

bool has_idea() {
  static const bool has = start_libgcrypt() && gcry_cipher_test_algo(GCRY_CIPHER_IDEA) == 0;
  return has;
}

}  // namespace

struct GcryptCbc::State {
  State() = default;
  ~State() { gcry_cipher_close(handle); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  gcry_cipher_hd_t handle = nullptr;
};

bool gcrypt_cbc_available(BulkId id) {
  return id == BulkId::idea_cbc && has_idea();
}

GcryptCbc::GcryptCbc(BulkId id, ByteView key) : state_(std::make_unique<State>()) {
  const std::string name(bulk_info(id).name);
  if (!gcrypt_cbc_available(id)) throw CryptoError("the libgcrypt of this machine has no " + name);
  if (key.size() != bulk_info(id).key_size) throw CryptoError("wrong key size for " + name);
  if (gcry_cipher_open(&state_->handle, GCRY_CIPHER_IDEA, GCRY_CIPHER_MODE_CBC, 0) != 0 ||
      gcry_cipher_setkey(state_->handle, key.data(), key.size()) != 0) {
    throw CryptoError("libgcrypt cannot set up " + name);
  }
}

bool GcryptCbc::run(CipherDirection direction, ByteView iv, ByteView in, std::span<std::uint8_t> out) {
  if (gcry_cipher_setiv(state_->handle, iv.data(), iv.size()) != 0) return false;
  // In place is asked for by a null pointer.
  const bool in_place = in.data() == out.data();
  const void* const from = in_place ? nullptr : in.data();
  const std::size_t size = in_place ? 0 : in.size();
  const auto run = direction == CipherDirection::encrypt ? gcry_cipher_encrypt : gcry_cipher_decrypt;
  return run(state_->handle, out.data(), out.size(), from, size) == 0;
}

}  // namespace tlspeel::crypto

#else

namespace tlspeel::crypto {

struct GcryptCbc::State {};

bool gcrypt_cbc_available(BulkId /*id*/) {
  return false;
}

GcryptCbc::GcryptCbc(BulkId id, ByteView /*key*/) {
  throw CryptoError("built without libgcrypt: there is no " + std::string(bulk_info(id).name));
}

bool GcryptCbc::run(CipherDirection /*direction*/, ByteView /*iv*/, ByteView /*in*/,
                    std::span<std::uint8_t> /*out*/) {
  return false;
}

}  // namespace tlspeel::crypto

#endif

namespace tlspeel::crypto {

GcryptCbc::~GcryptCbc() = default;
GcryptCbc::GcryptCbc(GcryptCbc&&) noexcept = default;
GcryptCbc& GcryptCbc::operator=(GcryptCbc&&) noexcept = default;

}  // namespace tlspeel::crypto
