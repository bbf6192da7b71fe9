#include <algorithm>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/crypto/ciphers.hpp"

#include "record_mac.hpp"
#include "record_opener.hpp"

namespace tlspeel::tls {
namespace {

// Where the IV of a record comes from: before TLS 1.1 it is the last ciphertext block of the record before,
// from TLS 1.1 on (RFC 4346 section 6.2.3.2) it stands in front of the ciphertext.
class CbcDecryptor {
 public:
  CbcDecryptor(const Parameters& parameters, const DirectionKeys& keys)
      : cipher_(parameters.suite->bulk, keys.key.view()),
        block_size_(crypto::bulk_info(parameters.suite->bulk).block_size),
        version_(parameters.version),
        iv_(to_bytes(keys.iv.view())) {}

  // Where each record has an IV of its own.
  std::optional<CbcDecryptor> twin() const {
    auto cipher = explicit_iv() ? cipher_.twin() : std::nullopt;
    if (!cipher) return std::nullopt;
    return CbcDecryptor(*this, *std::move(cipher));
  }

  RecordOverhead overhead(std::size_t mac_size) const {
    return {(explicit_iv() ? block_size_ : 0) + mac_size, block_size_};
  }

  // Before TLS 1.1: takes the next record's IV from what stands in front of it, and gives back the one
  // before. A tail that is too short leaves the first block unreadable.
  Bytes swap_iv(const PassedRecords& passed) {
    if (passed.fragment_bytes == 0) return iv_;
    const ByteView tail = passed.tail;
    Bytes iv(block_size_);
    if (tail.size() >= block_size_) std::ranges::copy(tail.last(block_size_), iv.begin());
    return std::exchange(iv_, std::move(iv));
  }
  void restore_iv(Bytes iv) { iv_ = std::move(iv); }

  bool explicit_iv() const { return version_ > kTls10; }
  std::size_t block_size() const { return block_size_; }

  // Decrypted content with MAC and padding.
  ParseResult<ByteView> decrypt(ByteView fragment, Bytes& out) {
    Reader r(fragment);
    const ByteView iv = explicit_iv() ? r.bytes(block_size_) : ByteView(iv_);
    const ByteView ciphertext = r.rest();
    if (ciphertext.empty() || ciphertext.size() % block_size_ != 0) {
      return tl::unexpected(ParseError{"the ciphertext is not a whole number of blocks", fragment.size()});
    }
    if (out.size() < ciphertext.size()) out.resize(ciphertext.size());
    const auto plain = std::span(out).first(ciphertext.size());
    if (!cipher_.decrypt(iv, ciphertext, plain)) {
      return tl::unexpected(ParseError{"the cipher refused the ciphertext", 0});
    }
    if (!explicit_iv()) {
      const ByteView last_block = ciphertext.last(block_size_);
      iv_.assign(last_block.begin(), last_block.end());
    }
    return ByteView(plain);
  }

  // RFC 5246 section 6.2.3.2: every padding byte holds padding_length. RFC 6101 section 5.2.3.2: in SSL 3.0
  // padding is shorter than a block and its bytes are arbitrary. Returns what is in front of the padding.
  ParseResult<ByteView> remove_padding(ByteView plain) const {
    const std::size_t padding = plain.back();
    if (padding + 1 > plain.size()) return bad_padding(plain);
    const ByteView filler = plain.last(padding + 1);
    if (version_ <= kSsl3) {
      if (padding >= block_size_) return bad_padding(plain);
    } else if (!std::all_of(filler.begin(), filler.end(), [&](std::uint8_t b) { return b == padding; })) {
      return bad_padding(plain);
    }
    return plain.first(plain.size() - filler.size());
  }

 private:
  CbcDecryptor(const CbcDecryptor& keys, crypto::CbcCipher cipher)
      : cipher_(std::move(cipher)), block_size_(keys.block_size_), version_(keys.version_) {}

  static tl::unexpected<ParseError> bad_padding(ByteView plain) {
    return tl::unexpected(ParseError{"the padding is wrong", plain.size()});
  }

  crypto::CbcCipher cipher_;
  std::size_t block_size_;
  std::uint16_t version_;
  Bytes iv_;
};

// GenericBlockCipher, RFC 5246 section 6.2.3.2.
class CbcOpener final : public RecordOpener {
 public:
  CbcOpener(const Parameters& parameters, const DirectionKeys& keys)
      : decryptor_(parameters, keys), mac_(parameters, keys.mac_key.view()) {}
  CbcOpener(CbcDecryptor decryptor, RecordMac mac) : decryptor_(std::move(decryptor)), mac_(std::move(mac)) {}

  std::unique_ptr<RecordOpener> twin() const override {
    auto decryptor = decryptor_.twin();
    if (!decryptor) return nullptr;
    return std::make_unique<CbcOpener>(*std::move(decryptor), mac_);
  }

  ParseResult<ByteView> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    const auto plain = decryptor_.decrypt(fragment, out);
    if (!plain) return plain;
    const auto unpadded = decryptor_.remove_padding(*plain);
    if (!unpadded) return unpadded;
    if (unpadded->size() < mac_.size()) {
      return tl::unexpected(ParseError{"the record is shorter than its MAC", 0});
    }
    const ByteView content = unpadded->first(unpadded->size() - mac_.size());
    if (!mac_.verify(sequence, header, content, unpadded->last(mac_.size()))) {
      return tl::unexpected(ParseError{"the MAC does not verify", content.size()});
    }
    return content;
  }

  bool in_order() const override { return !decryptor_.explicit_iv(); }

  std::optional<ParseResult<ByteView>> open_behind(const PassedRecords& passed, std::uint64_t sequence,
                                                   const RecordHeader& header, ByteView fragment,
                                                   Bytes& out) override {
    if (!in_order()) return RecordOpener::open_behind(passed, sequence, header, fragment, out);
    Bytes iv = decryptor_.swap_iv(passed);
    auto content = open(sequence, header, fragment, out);
    if (content) return content;
    decryptor_.restore_iv(std::move(iv));
    return std::nullopt;
  }

  RecordOverhead overhead() const override { return decryptor_.overhead(mac_.size()); }

 private:
  CbcDecryptor decryptor_;
  RecordMac mac_;
};

// RFC 7366 section 3: the MAC covers the IV and the ciphertext and stands behind them, in the clear.
class CbcEncryptThenMacOpener final : public RecordOpener {
 public:
  CbcEncryptThenMacOpener(const Parameters& parameters, const DirectionKeys& keys)
      : decryptor_(parameters, keys), mac_(parameters, keys.mac_key.view()) {}
  CbcEncryptThenMacOpener(CbcDecryptor decryptor, RecordMac mac)
      : decryptor_(std::move(decryptor)), mac_(std::move(mac)) {}

  std::unique_ptr<RecordOpener> twin() const override {
    auto decryptor = decryptor_.twin();
    if (!decryptor) return nullptr;
    return std::make_unique<CbcEncryptThenMacOpener>(*std::move(decryptor), mac_);
  }

  ParseResult<ByteView> open(std::uint64_t sequence, const RecordHeader& header, ByteView fragment,
                             Bytes& out) override {
    if (fragment.size() < mac_.size()) {
      return tl::unexpected(ParseError{"the record is shorter than its MAC", 0});
    }
    const ByteView encrypted = fragment.first(fragment.size() - mac_.size());
    const bool genuine = mac_.verify(sequence, header, encrypted, fragment.last(mac_.size()));
    // Decrypted in any case: before TLS 1.1 the next record's IV is in here.
    const auto plain = decryptor_.decrypt(encrypted, out);
    const bool iv_genuine = std::exchange(iv_genuine_, decryptor_.explicit_iv() || (genuine && plain));
    if (!genuine) return tl::unexpected(ParseError{"the MAC does not verify", encrypted.size()});
    // Without an IV of its own the record's MAC says nothing about its first block.
    if (!iv_genuine)
      return tl::unexpected(ParseError{"its IV is the end of a record that does not verify", 0});
    if (!plain) return plain;
    return decryptor_.remove_padding(*plain);
  }

  bool in_order() const override { return !decryptor_.explicit_iv(); }

  // The MAC does not cover an IV that stands in the record before: what opens then is not genuine, but the
  // record behind it is.
  std::optional<ParseResult<ByteView>> open_behind(const PassedRecords& passed, std::uint64_t sequence,
                                                   const RecordHeader& header, ByteView fragment,
                                                   Bytes& out) override {
    if (!in_order()) return RecordOpener::open_behind(passed, sequence, header, fragment, out);
    const bool genuine_before = std::exchange(iv_genuine_, iv_genuine_ && passed.fragment_bytes == 0);
    Bytes iv = decryptor_.swap_iv(passed);
    auto content = open(sequence, header, fragment, out);
    if (content || iv_genuine_) return content;
    decryptor_.restore_iv(std::move(iv));
    iv_genuine_ = genuine_before;
    return std::nullopt;
  }

  RecordOverhead overhead() const override { return decryptor_.overhead(mac_.size()); }

 private:
  CbcDecryptor decryptor_;
  RecordMac mac_;
  bool iv_genuine_ = true;
};

}  // namespace

std::unique_ptr<RecordOpener> make_cbc_opener(const Parameters& parameters, const DirectionKeys& keys) {
  return std::make_unique<CbcOpener>(parameters, keys);
}

std::unique_ptr<RecordOpener> make_cbc_encrypt_then_mac_opener(const Parameters& parameters,
                                                               const DirectionKeys& keys) {
  return std::make_unique<CbcEncryptThenMacOpener>(parameters, keys);
}

}  // namespace tlspeel::tls
