#include "tlspeel/crypto/chain_check.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

#include <openssl/x509_vfy.h>

#include "tlspeel/crypto/certificate.hpp"

#include "crypto/library.hpp"
#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

using StorePtr = OpensslPtr<X509_STORE, X509_STORE_free>;
using ContextPtr = OpensslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;

void free_certificates(STACK_OF(X509) * certificates) {
  sk_X509_pop_free(certificates, X509_free);
}
using CertificatesPtr = OpensslPtr<STACK_OF(X509), free_certificates>;

X509Ptr parsed(ByteView der) {
  if (der.size() > kMaxCertificateSize) return nullptr;
  X509* certificate = X509_new_ex(library::context(), nullptr);
  const unsigned char* at = der.data();
  // On failure d2i frees the object and sets the pointer to null.
  (void)d2i_X509(&certificate, &at, static_cast<long>(der.size()));
  return X509Ptr(certificate);
}

// Null: no memory. What cannot be read is left out; it cannot help.
CertificatesPtr others_of(const std::vector<ByteView>& chain) {
  CertificatesPtr out(sk_X509_new_null());
  const std::size_t end = std::min(chain.size(), ChainCheck::kMostCertificates);
  for (std::size_t i = 1; out && i < end; ++i) {
    X509Ptr each = parsed(chain[i]);
    if (each && sk_X509_push(out.get(), each.get()) != 0) (void)each.release();
  }
  return out;
}

bool ask_for(X509_STORE_CTX* context, const ChainQuestion& question) {
  X509_VERIFY_PARAM* const wanted = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(wanted, static_cast<std::time_t>(question.seconds_of_1970));
  const int purpose = question.of_client ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER;
  if (X509_VERIFY_PARAM_set_purpose(wanted, purpose) != 1) return false;
  if (question.of_client || question.host.empty()) return true;
  return X509_VERIFY_PARAM_set1_host(wanted, question.host.data(), question.host.size()) == 1;
}

}  // namespace

struct ChainCheck::State {
  StorePtr store;
};

ChainCheck::ChainCheck(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChainCheck::ChainCheck(ChainCheck&&) noexcept = default;
ChainCheck& ChainCheck::operator=(ChainCheck&&) noexcept = default;
ChainCheck::~ChainCheck() = default;

Result<ChainCheck> ChainCheck::of_system() {
  const ErrorQueueScope errors;
  StorePtr store(X509_STORE_new());
  if (!store || X509_STORE_set_default_paths_ex(store.get(), library::context(), nullptr) != 1) {
    return fail("the certificates that the system trusts cannot be read");
  }
  auto state = std::make_unique<State>();
  state->store = std::move(store);
  return ChainCheck(std::move(state));
}

std::string ChainCheck::verdict(const ChainQuestion& question) const {
  const ErrorQueueScope errors;
  const X509Ptr own = question.chain.empty() ? nullptr : parsed(question.chain.front());
  if (!own) return "not a certificate";
  const CertificatesPtr others = others_of(question.chain);
  const ContextPtr context(X509_STORE_CTX_new_ex(library::context(), nullptr));
  if (!others || !context ||
      X509_STORE_CTX_init(context.get(), state_->store.get(), own.get(), others.get()) != 1 ||
      !ask_for(context.get(), question)) {
    return "could not be checked";
  }
  if (X509_verify_cert(context.get()) == 1) return "verified";
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

}  // namespace tlspeel::crypto
