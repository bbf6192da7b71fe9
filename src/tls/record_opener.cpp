#include "record_opener.hpp"

#include "tlspeel/crypto/bulk_table.hpp"

namespace tlspeel::tls {

std::optional<ParseResult<ByteView>> RecordOpener::open_behind(const PassedRecords& /*passed*/,
                                                               std::uint64_t sequence,
                                                               const RecordHeader& header, ByteView fragment,
                                                               Bytes& out) {
  auto content = open(sequence, header, fragment, out);
  if (!content) return std::nullopt;
  return content;
}

std::optional<std::uint64_t> RecordOpener::stated_sequence(ByteView /*fragment*/) const {
  return std::nullopt;
}

std::unique_ptr<RecordOpener> make_record_opener(const Parameters& parameters, const DirectionKeys& keys) {
  if (!crypto::bulk_available(parameters.suite->bulk)) return nullptr;
  switch (crypto::bulk_info(parameters.suite->bulk).kind) {
    case crypto::BulkKind::null:
    case crypto::BulkKind::stream:
      return make_stream_opener(parameters, keys);
    case crypto::BulkKind::cbc:
      return parameters.encrypt_then_mac ? make_cbc_encrypt_then_mac_opener(parameters, keys)
                                         : make_cbc_opener(parameters, keys);
    case crypto::BulkKind::gcm:
    case crypto::BulkKind::ccm:
    case crypto::BulkKind::chacha:
      return make_aead_opener(parameters, keys);
    case crypto::BulkKind::unsupported:
      break;
  }
  return nullptr;
}

}  // namespace tlspeel::tls
