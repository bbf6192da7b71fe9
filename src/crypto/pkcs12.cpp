#include "crypto/pkcs12.hpp"

#include "crypto/library.hpp"

namespace tlspeel::crypto {
namespace {

// Bags inside bags (RFC 7292 section 4.2.6) are not made by anybody; a file must not overflow the stack.
constexpr int kDeepest = 4;

void free_parts(STACK_OF(PKCS7) * parts) {
  sk_PKCS7_pop_free(parts, PKCS7_free);
}
void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}
using PartsPtr = OpensslPtr<STACK_OF(PKCS7), free_parts>;
using BagsPtr = OpensslPtr<STACK_OF(PKCS12_SAFEBAG), free_bags>;

bool add_key(const PKCS8_PRIV_KEY_INFO* info, Pkcs12Contents& contents) {
  if (info == nullptr) return false;
  PkeyPtr key(EVP_PKCS82PKEY_ex(info, library::context(), nullptr));
  // A key of a kind that OpenSSL has not is no reason to refuse the others.
  if (key) contents.keys.push_back(std::move(key));
  return true;
}

bool read_bags(const STACK_OF(PKCS12_SAFEBAG) * bags, const char* password, int depth,
               Pkcs12Contents& contents) {
  if (depth > kDeepest) return false;
  bool ok = true;
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
    const PKCS12_SAFEBAG* const bag = sk_PKCS12_SAFEBAG_value(bags, i);
    switch (PKCS12_SAFEBAG_get_nid(bag)) {
      case NID_keyBag:
        ok = add_key(PKCS12_SAFEBAG_get0_p8inf(bag), contents) && ok;
        break;
      case NID_pkcs8ShroudedKeyBag: {
        const Pkcs8Ptr info(
            PKCS12_decrypt_skey_ex(bag, password, -1, library::context_with_legacy(), nullptr));
        ok = add_key(info.get(), contents) && ok;
        break;
      }
      case NID_certBag:
        contents.certificate = true;
        break;
      case NID_safeContentsBag:
        ok = read_bags(PKCS12_SAFEBAG_get0_safes(bag), password, depth + 1, contents) && ok;
        break;
      default:
        break;
    }
  }
  return ok;
}

}  // namespace

Pkcs12Ptr decode_pkcs12(ByteView der) {
  // Made beforehand, so that it takes its ciphers from our context: old files need the legacy provider.
  PKCS12* container = PKCS12_init_ex(NID_pkcs7_data, library::context_with_legacy(), nullptr);
  const unsigned char* p = der.data();
  const bool ok = d2i_PKCS12(&container, &p, static_cast<long>(der.size())) != nullptr;
  // Of what cannot be decoded, OpenSSL frees what was made beforehand in some cases, and says so here.
  Pkcs12Ptr owned(container);
  return ok ? std::move(owned) : nullptr;
}

bool open_pkcs12(PKCS12* container, const char* password, Pkcs12Contents& contents) {
  if (PKCS12_mac_present(container) == 1 && PKCS12_verify_mac(container, password, -1) != 1) return false;
  const PartsPtr parts(PKCS12_unpack_authsafes(container));
  if (!parts) return false;
  Pkcs12Contents found;
  for (int i = 0; i < sk_PKCS7_num(parts.get()); ++i) {
    PKCS7* const part = sk_PKCS7_value(parts.get(), i);
    const int kind = OBJ_obj2nid(part->type);
    // RFC 7292 section 4.1: what is encrypted to a certificate has no password.
    if (kind != NID_pkcs7_data && kind != NID_pkcs7_encrypted) continue;
    const BagsPtr bags(kind == NID_pkcs7_data ? PKCS12_unpack_p7data(part)
                                              : PKCS12_unpack_p7encdata(part, password, -1));
    if (!bags || !read_bags(bags.get(), password, 0, found)) return false;
  }
  contents = std::move(found);
  return true;
}

}  // namespace tlspeel::crypto
