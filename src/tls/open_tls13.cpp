#include "open_tls13.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "tlspeel/crypto/bulk_table.hpp"

namespace tlspeel::tls {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr unsigned kFirstDraftWithAad = 25;

// RFC 8446 section 5.3.
std::array<std::uint8_t, kNonceSize> nonce_of(ByteView iv, std::uint64_t sequence) {
  std::array<std::uint8_t, kNonceSize> nonce{};
  std::copy(iv.begin(), iv.end(), nonce.begin());
  for (std::size_t i = 0; i < 8; ++i) {
    nonce[kNonceSize - 1 - i] ^= static_cast<std::uint8_t>(sequence >> (8 * i));
  }
  return nonce;
}

class LentOpener final : public AheadOpener {
 public:
  explicit LentOpener(Tls13Opener opener) : opener_(std::move(opener)) {}

  std::optional<Opened> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    const auto inner = opener_.open(sequence, header, fragment, out);
    if (!inner) return std::nullopt;
    return Opened{inner->type, inner->content.size()};
  }

  std::unique_ptr<AheadOpener> twin() const override { return opener_.make_ahead_opener(); }

 private:
  Tls13Opener opener_;
};

}  // namespace

Tls13Opener::Tls13Opener(const Tls13Parameters& parameters, ByteView traffic_secret)
    : Tls13Opener(parameters, traffic_keys(parameters, traffic_secret)) {}

Tls13Opener::Tls13Opener(const Tls13Parameters& parameters, const DirectionKeys& keys)
    : cipher_(parameters.suite->bulk, keys.key.view()),
      iv_(keys.iv.clone()),
      tag_size_(crypto::bulk_info(parameters.suite->bulk).tag_size),
      header_authenticated_(parameters.draft == 0 || parameters.draft >= kFirstDraftWithAad) {}

Tls13Opener::Tls13Opener(const Tls13Opener& keys, crypto::AeadCipher cipher)
    : cipher_(std::move(cipher)),
      iv_(keys.iv_.clone()),
      tag_size_(keys.tag_size_),
      header_authenticated_(keys.header_authenticated_) {}

std::unique_ptr<AheadOpener> Tls13Opener::make_ahead_opener() const {
  auto cipher = cipher_.twin();
  if (!cipher) return nullptr;
  return std::make_unique<LentOpener>(Tls13Opener(*this, *std::move(cipher)));
}

ParseResult<InnerPlaintext> Tls13Opener::open(std::uint64_t sequence, const RecordHeader& header,
                                              ByteView fragment, Bytes& out) {
  if (fragment.size() <= tag_size_) {
    return tl::unexpected(ParseError{"the record is shorter than its content type and tag", 0});
  }
  const std::size_t size = fragment.size() - tag_size_;
  if (out.size() < size) out.resize(size);
  const auto plain = std::span(out).first(size);
  // RFC 8446 section 5.2: additional_data is the record header as it was sent.
  const std::array<std::uint8_t, kRecordHeaderSize> aad = {
      header.type, static_cast<std::uint8_t>(header.version >> 8), static_cast<std::uint8_t>(header.version),
      static_cast<std::uint8_t>(header.length >> 8), static_cast<std::uint8_t>(header.length)};
  const ByteView additional_data = header_authenticated_ ? ByteView(aad) : ByteView();
  if (!cipher_.open(nonce_of(iv_.view(), sequence), additional_data, fragment, plain)) {
    return tl::unexpected(ParseError{"the authentication tag does not verify", size});
  }
  // The type is the last byte that is not zero.
  const auto end = std::find_if(plain.rbegin(), plain.rend(), [](std::uint8_t byte) { return byte != 0; });
  if (end == plain.rend()) return tl::unexpected(ParseError{"it holds nothing but padding", size});
  const auto length = static_cast<std::size_t>(plain.rend() - end) - 1;
  return InnerPlaintext{*end, ByteView(plain).first(length)};
}

}  // namespace tlspeel::tls
