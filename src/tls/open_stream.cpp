#include <optional>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/bulk_table.hpp"

#include "key_stream.hpp"
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
      key_stream_.emplace(parameters.suite->bulk, keys.key.view());
    }
  }

  ParseResult<ByteView> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    if (!key_stream_) return verify(sequence, header, fragment);
    const auto clear = room(fragment.size(), out);
    key_stream_->process(fragment, clear);
    return verify(sequence, header, clear);
  }

  bool in_order() const override { return key_stream_.has_value(); }

  std::optional<ParseResult<ByteView>> open_behind(const PassedRecords& passed, std::uint64_t sequence,
                                                   const RecordHeader& header, ByteView fragment,
                                                   Bytes& out) override {
    if (!key_stream_) return RecordOpener::open_behind(passed, sequence, header, fragment, out);
    const auto clear = room(fragment.size(), out);
    if (!key_stream_->peek(passed.fragment_bytes, fragment, clear)) return std::nullopt;
    auto content = verify(sequence, header, clear);
    if (!content) return std::nullopt;
    key_stream_->move(passed.fragment_bytes + fragment.size());
    return content;
  }

  RecordOverhead overhead() const override { return {mac_.size(), 0}; }

 private:
  static std::span<std::uint8_t> room(std::size_t size, Bytes& out) {
    if (out.size() < size) out.resize(size);
    return std::span(out).first(size);
  }

  ParseResult<ByteView> verify(std::uint64_t sequence, const RecordHeader& header, ByteView clear) {
    if (clear.size() < mac_.size())
      return tl::unexpected(ParseError{"the record is shorter than its MAC", 0});
    Reader r(clear);
    const ByteView content = r.bytes(clear.size() - mac_.size());
    if (!mac_.verify(sequence, header, content, r.rest())) {
      return tl::unexpected(ParseError{"the MAC does not verify", content.size()});
    }
    return content;
  }

  RecordMac mac_;
  std::optional<KeyStream> key_stream_;
};

}  // namespace

std::unique_ptr<RecordOpener> make_stream_opener(const Parameters& parameters, const DirectionKeys& keys) {
  return std::make_unique<StreamOpener>(parameters, keys);
}

}  // namespace tlspeel::tls
