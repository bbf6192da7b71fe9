#include <optional>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/ciphers.hpp"

#include "record_mac.hpp"
#include "record_opener.hpp"

namespace tlspeel::tls {
namespace {

// RFC 5246 section 6.2.3.1: content and MAC, encrypted by a stream cipher or, with NULL, not at all.
class StreamOpener final : public RecordOpener {
 public:
  StreamOpener(const Parameters& parameters, const DirectionKeys& keys)
      : mac_(parameters, keys.mac_key.view()) {
    if (crypto::bulk_info(parameters.suite->bulk).kind == crypto::BulkKind::stream) {
      cipher_.emplace(parameters.suite->bulk, keys.key.view());
    }
  }

  ParseResult<ByteView> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    ByteView clear = fragment;
    if (cipher_) {
      if (out.size() < fragment.size()) out.resize(fragment.size());
      const auto plain = std::span(out).first(fragment.size());
      cipher_->process(fragment, plain);
      clear = plain;
    }
    if (clear.size() < mac_.size())
      return tl::unexpected(ParseError{"the record is shorter than its MAC", 0});
    Reader r(clear);
    const ByteView content = r.bytes(clear.size() - mac_.size());
    if (!mac_.verify(sequence, header, content, r.rest())) {
      return tl::unexpected(ParseError{"the MAC does not verify", content.size()});
    }
    return content;
  }

  bool in_order() const override { return cipher_.has_value(); }

 private:
  RecordMac mac_;
  std::optional<crypto::StreamCipher> cipher_;
};

}  // namespace

std::unique_ptr<RecordOpener> make_stream_opener(const Parameters& parameters, const DirectionKeys& keys) {
  return std::make_unique<StreamOpener>(parameters, keys);
}

}  // namespace tlspeel::tls
