#include "record_opener.hpp"

#include <utility>

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

namespace {

class LentOpener final : public AheadOpener {
 public:
  explicit LentOpener(std::unique_ptr<RecordOpener> opener) : opener_(std::move(opener)) {}

  std::optional<Opened> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    const auto content = opener_->open(sequence, header, fragment, out);
    // Behind anything else in `out` it would not be what the caller takes it for.
    if (!content || (!content->empty() && content->data() != out.data())) return std::nullopt;
    return Opened{header.type, content->size()};
  }

  std::unique_ptr<AheadOpener> twin() const override { return make_ahead_opener(*opener_); }

 private:
  std::unique_ptr<RecordOpener> opener_;
};

}  // namespace

std::unique_ptr<AheadOpener> make_ahead_opener(const RecordOpener& opener) {
  auto twin = opener.twin();
  if (!twin) return nullptr;
  return std::make_unique<LentOpener>(std::move(twin));
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
