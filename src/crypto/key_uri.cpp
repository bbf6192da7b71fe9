// PrivateKey::from_uri: OpenSSL's store (ossl_store(7)), and for PKCS#11 URIs (RFC 7512) the engine of
// libp11, which is how OpenSSL 3.0 of Debian 12 reaches tokens.
#define OPENSSL_SUPPRESS_DEPRECATED  // engines: no provider for PKCS#11 is packaged for Debian 12

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include <openssl/conf.h>
#include <openssl/engine.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include "tlspeel/crypto/private_key.hpp"

#include "crypto/library.hpp"
#include "crypto/password_tries.hpp"
#include "crypto/private_key_state.hpp"

namespace tlspeel::crypto {
namespace {

struct CloseStore {
  void operator()(OSSL_STORE_CTX* store) const { (void)OSSL_STORE_close(store); }
};
using StorePtr = std::unique_ptr<OSSL_STORE_CTX, CloseStore>;
using UiMethodPtr = OpensslPtr<UI_METHOD, UI_destroy_method>;

int give_password(char* buffer, int size, int /*writing*/, void* password) {
  const std::string_view text(password == nullptr ? "" : static_cast<const char*>(password));
  if (password == nullptr || text.size() > static_cast<std::size_t>(size)) return -1;
  std::ranges::copy(text, buffer);
  return static_cast<int>(text.size());
}

std::vector<PkeyPtr> read_store(const std::string& uri, const char* password) {
  std::vector<PkeyPtr> keys;
  const UiMethodPtr ui(UI_UTIL_wrap_read_pem_callback(give_password, 0));
  void* const text = const_cast<char*>(password);  // OpenSSL's callbacks take any pointer; it is only read
  const StorePtr store(OSSL_STORE_open_ex(uri.c_str(), library::context_with_legacy(), nullptr, ui.get(),
                                          text, nullptr, nullptr, nullptr));
  if (!store) return keys;
  while (OSSL_STORE_eof(store.get()) == 0) {
    OSSL_STORE_INFO* const info = OSSL_STORE_load(store.get());
    if (info == nullptr) {
      if (OSSL_STORE_error(store.get()) != 0) break;
      continue;
    }
    if (OSSL_STORE_INFO_get_type(info) == OSSL_STORE_INFO_PKEY) {
      keys.emplace_back(OSSL_STORE_INFO_get1_PKEY(info));
    }
    OSSL_STORE_INFO_free(info);
  }
  return keys;
}

// Stays loaded: keys go on using it.
ENGINE* pkcs11_engine() {
  static ENGINE* const engine = [] {
    // Here openssl.cnf does count: it may say which module the engine loads.
    (void)CONF_modules_load_file(nullptr, nullptr,
                                 CONF_MFLAGS_DEFAULT_SECTION | CONF_MFLAGS_IGNORE_MISSING_FILE);
    ENGINE_load_builtin_engines();
    ENGINE* found = ENGINE_by_id("pkcs11");
    if (found == nullptr || ENGINE_init(found) != 1) return static_cast<ENGINE*>(nullptr);
    // It would write what it finds wrong to standard error, beside our own sentence.
    (void)ENGINE_ctrl_cmd_string(found, "QUIET", nullptr, 0);
    return found;
  }();
  return engine;
}

PkeyPtr load_from_token(ENGINE* engine, const std::string& uri, const char* pin) {
  if (pin != nullptr) (void)ENGINE_ctrl_cmd_string(engine, "PIN", pin, 0);
  // Without a callback that refuses, the engine would ask on the terminal itself.
  const UiMethodPtr ui(UI_UTIL_wrap_read_pem_callback(give_password, 0));
  void* const text = const_cast<char*>(pin);
  return PkeyPtr(ENGINE_load_private_key(engine, uri.c_str(), ui.get(), text));
}

// All keys of a driver share its sessions.
std::mutex& tokens() {
  static std::mutex one;
  return one;
}

bool is_pkcs11(std::string_view uri) {
  return uri.starts_with("pkcs11:");
}

bool names_pin(std::string_view uri) {
  return uri.find("pin-value=") != std::string_view::npos ||
         uri.find("pin-source=") != std::string_view::npos;
}

std::vector<PkeyPtr> keys_in_token(const std::string& uri, PasswordTries& passwords) {
  std::vector<PkeyPtr> keys;
  const auto take = [&](const char* pin) {
    PkeyPtr key = load_from_token(pkcs11_engine(), uri, pin);
    if (key) keys.push_back(std::move(key));
    return !keys.empty();
  };
  const bool asked = !names_pin(uri) && (passwords.any(take) || passwords.tried());
  if (!asked) (void)take(nullptr);
  return keys;
}

}  // namespace

bool PrivateKey::looks_like_uri(std::string_view path) {
  // RFC 3986 section 3.1; one letter is a drive elsewhere.
  const std::size_t colon = path.find(':');
  if (colon == std::string_view::npos || colon < 2) return false;
  const std::string_view scheme = path.substr(0, colon);
  return std::isalpha(static_cast<unsigned char>(scheme.front())) != 0 &&
         std::ranges::all_of(scheme, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
         });
}

std::string PrivateKey::shown_uri(std::string_view uri) {
  // RFC 7512 has the PIN in the query; libp11 also takes it among the attributes of the path.
  uri = uri.substr(0, uri.find('?'));
  const std::size_t path = uri.find(':') == std::string_view::npos ? 0 : uri.find(':') + 1;
  std::string shown(uri.substr(0, path));
  uri.remove_prefix(path);
  for (bool first = true; !uri.empty();) {
    const std::size_t end = std::min(uri.find(';'), uri.size());
    const std::string_view attribute = uri.substr(0, end);
    uri.remove_prefix(std::min(end + 1, uri.size()));
    if (attribute.starts_with("pin-")) continue;
    if (!std::exchange(first, false)) shown += ';';
    shown += attribute;
  }
  return shown;
}

Result<std::vector<PrivateKey>> PrivateKey::from_uri(const std::string& uri, const PasswordSource& password) {
  const ErrorQueueScope errors;
  PasswordTries passwords(password, shown_uri(uri));
  std::vector<PkeyPtr> found = read_store(uri, nullptr);
  bool in_token = false;
  if (found.empty() && is_pkcs11(uri)) {
    if (pkcs11_engine() == nullptr) {
      return fail(shown_uri(uri) +
                  ": OpenSSL has no access to PKCS#11 here; install its engine (Debian: "
                  "libengine-pkcs11-openssl) and the module of the token");
    }
    in_token = true;
    found = keys_in_token(uri, passwords);
  } else if (found.empty()) {
    passwords.any([&](const char* text) { return !(found = read_store(uri, text)).empty(); });
  }
  if (found.empty()) {
    return fail(shown_uri(uri) + (passwords.tried()
                                      ? ": no private key there that opens with the given password or PIN"
                                      : ": no private key there (does it need a password or PIN? "
                                        "--password-file, --password-env)"));
  }
  std::vector<PrivateKey> keys;
  for (PkeyPtr& key : found) {
    auto state = make_key_state(std::move(key));
    state->in_token = in_token;
    if (in_token) {
      state->description += " in a token";
      state->one_at_a_time = &tokens();
    }
    keys.push_back(PrivateKey(std::move(state)));
  }
  return keys;
}

}  // namespace tlspeel::crypto
