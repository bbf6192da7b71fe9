// modules: tls
// Takes the protection off records: the input chooses version, suite and encrypt-then-MAC, the rest is cut
// into records. Keys are fixed, so what opens is a NULL cipher or a forged tag.
#include "tlspeel/base/reader.hpp"

#include "tls/record_opener.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tlspeel;
  Reader r(ByteView(data, size));
  const auto suites = tls::cipher_suites();
  const tls::CipherSuite& suite = suites[r.u16() % suites.size()];
  const std::uint8_t choice = r.u8();
  const tls::Parameters parameters{static_cast<std::uint16_t>(tls::kSsl3 + (choice & 3)), &suite,
                                   (choice & 4) != 0, false};
  if (!crypto::bulk_available(suite.bulk) || suite.tls13) return 0;
  // RFC 6101 has no MAC but MD5's and SHA-1's, and no AEAD before TLS 1.2: no handshake agrees on such a
  // pair.
  const bool old = parameters.version < tls::kTls12;
  if (old && suite.mac != crypto::HashId::md5 && suite.mac != crypto::HashId::sha1) return 0;
  const tls::KeyBlock keys = tls::key_block(parameters, Bytes(48, 1), {Bytes(32, 2), Bytes(32, 3)});
  const auto opener = tls::make_record_opener(parameters, keys[0]);
  if (!opener) return 0;
  Bytes scratch;
  for (std::uint64_t sequence = 0; !r.empty(); ++sequence) {
    const ByteView fragment = r.bytes(std::min<std::size_t>(r.u8() * std::size_t{4}, r.remaining()));
    const tls::RecordHeader header{tls::kApplicationData, parameters.version,
                                   static_cast<std::uint16_t>(fragment.size())};
    const auto content = opener->open(sequence, header, fragment, scratch);
    if (content && content->size() > fragment.size()) __builtin_trap();
  }
  return 0;
}
