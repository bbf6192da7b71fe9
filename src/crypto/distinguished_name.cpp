#include "crypto/distinguished_name.hpp"

#include <utility>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/crypto/certificate.hpp"

#include "crypto/lenient_der.hpp"
#include "crypto/openssl_ptr.hpp"

namespace tlspeel::crypto {
namespace {

// RFC 4514 section 2: last component first; UTF-8 is left as it is, control and special characters are
// escaped.
constexpr unsigned long kReadable = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
// RFC 4514 section 2.4: "#" and the hex of the value's BER encoding, which works for any value.
constexpr unsigned long kAllHex = XN_FLAG_RFC2253 | ASN1_STRFLGS_DUMP_ALL;

X509NamePtr parse_name(ByteView der) {
  const unsigned char* p = der.data();
  X509NamePtr name(d2i_X509_NAME(nullptr, &p, static_cast<long>(der.size())));
  return name && p == der.data() + der.size() ? std::move(name) : nullptr;
}

}  // namespace

std::string print_name(const X509_NAME* name) {
  for (const unsigned long flags : {kReadable, kAllHex}) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    if (!bio || X509_NAME_print_ex(bio.get(), name, 0, flags) < 0) continue;
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
  }
  return {};
}

std::string describe_distinguished_name(ByteView der) {
  const ErrorQueueScope errors;
  X509NamePtr name;
  if (der.size() <= kMaxCertificateSize) name = parse_name(der);
  if (!name && der.size() <= kMaxCertificateSize) name = parse_name(relabel_broken_strings(der));
  return name ? print_name(name.get()) : "#" + to_hex(der);
}

}  // namespace tlspeel::crypto
