#include "capture/decompressor.hpp"

#include <algorithm>
#include <limits>
#include <string_view>

#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace tlspeel::capture {
namespace {

// xz -9 and zstd --long take 65 and 128 MiB to unpack; a stream that asks for more than this is an attack, or
// was made for a machine that has it.
constexpr std::uint64_t kMostMemory = std::uint64_t{256} << 20U;

// The older libraries count in unsigned int.
unsigned int limited(std::size_t size) {
  return static_cast<unsigned int>(std::min<std::size_t>(size, std::numeric_limits<unsigned int>::max()));
}

// For streams that take and write by next_ and avail_; the counts are those before run().
void advance(ByteView& input, std::size_t taken, std::span<std::uint8_t>& room, std::size_t written) {
  input = input.subspan(taken);
  room = room.subspan(written);
}

class Gzip final : public Decompressor {
 public:
  Gzip() : good_(::inflateInit2(&stream_, kGzipOnly) == Z_OK) {}
  ~Gzip() override {
    if (good_) ::inflateEnd(&stream_);
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  Decompressed run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (!good_) return Decompressed::too_large;
    const unsigned int given = limited(input.size());
    const unsigned int free = limited(room.size());
    stream_.next_in = const_cast<Bytef*>(input.data());  // NOLINT(*-const-cast): zlib leaves it alone
    stream_.avail_in = given;
    stream_.next_out = room.data();
    stream_.avail_out = free;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    advance(input, given - stream_.avail_in, room, free - stream_.avail_out);
    if (result == Z_STREAM_END) return Decompressed::ended;
    if (result == Z_OK || result == Z_BUF_ERROR) return Decompressed::more;
    return behind_the_data() ? Decompressed::unconfirmed : Decompressed::damaged;
  }

 private:
  // zlib tells what failed in words only: the CRC and the size at the end (RFC 1952 section 2.3.1).
  bool behind_the_data() const {
    const std::string_view what = stream_.msg == nullptr ? "" : stream_.msg;
    return what == "incorrect data check" || what == "incorrect length check";
  }

  static constexpr int kGzipOnly = 15 + 16;  // the largest window, and gzip's header
  z_stream stream_{};
  bool good_;
};

class Bzip2 final : public Decompressor {
 public:
  Bzip2() : good_(::BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK) {}
  ~Bzip2() override {
    if (good_) ::BZ2_bzDecompressEnd(&stream_);
  }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;

  Decompressed run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (!good_) return Decompressed::too_large;
    const unsigned int given = limited(input.size());
    const unsigned int free = limited(room.size());
    // NOLINTNEXTLINE(*-const-cast, *-reinterpret-cast): libbz2 leaves it alone, and knows only char
    stream_.next_in = const_cast<char*>(reinterpret_cast<const char*>(input.data()));
    stream_.avail_in = given;
    stream_.next_out = reinterpret_cast<char*>(room.data());  // NOLINT(*-reinterpret-cast)
    stream_.avail_out = free;
    const int result = ::BZ2_bzDecompress(&stream_);
    advance(input, given - stream_.avail_in, room, free - stream_.avail_out);
    if (result == BZ_STREAM_END) return Decompressed::ended;
    return result == BZ_OK ? Decompressed::more : Decompressed::damaged;
  }

 private:
  bz_stream stream_{};
  bool good_;
};

// xz and lzip: both are LZMA.
class Lzma final : public Decompressor {
 public:
  explicit Lzma(Compression compression)
      : good_((compression == Compression::xz ? ::lzma_stream_decoder(&stream_, kMostMemory, 0)
                                              : ::lzma_lzip_decoder(&stream_, kMostMemory, 0)) == LZMA_OK) {}
  ~Lzma() override { ::lzma_end(&stream_); }
  Lzma(const Lzma&) = delete;
  Lzma& operator=(const Lzma&) = delete;

  Decompressed run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (!good_) return Decompressed::too_large;
    stream_.next_in = input.data();
    stream_.avail_in = input.size();
    stream_.next_out = room.data();
    stream_.avail_out = room.size();
    const lzma_ret result = ::lzma_code(&stream_, LZMA_RUN);
    advance(input, input.size() - stream_.avail_in, room, room.size() - stream_.avail_out);
    if (result == LZMA_STREAM_END) return Decompressed::ended;
    if (result == LZMA_MEMLIMIT_ERROR || result == LZMA_MEM_ERROR) return Decompressed::too_large;
    return result == LZMA_OK || result == LZMA_BUF_ERROR ? Decompressed::more : Decompressed::damaged;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool good_;
};

class Zstd final : public Decompressor {
 public:
  Zstd() : stream_(::ZSTD_createDStream()) {}
  ~Zstd() override { ::ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  Decompressed run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (stream_ == nullptr) return Decompressed::too_large;
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    const std::size_t result = ::ZSTD_decompressStream(stream_, &out, &in);
    advance(input, in.pos, room, out.pos);
    if (::ZSTD_isError(result) == 0) return result == 0 ? Decompressed::ended : Decompressed::more;
    switch (::ZSTD_getErrorCode(result)) {
      case ZSTD_error_frameParameter_windowTooLarge:
        return Decompressed::too_large;
      case ZSTD_error_checksum_wrong:
        return Decompressed::unconfirmed;
      default:
        return Decompressed::damaged;
    }
  }

 private:
  ZSTD_DStream* stream_;  // its own limit of the window is 128 MiB
};

class Lz4 final : public Decompressor {
 public:
  Lz4() {
    if (::LZ4F_isError(::LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0) context_ = nullptr;
  }
  ~Lz4() override { ::LZ4F_freeDecompressionContext(context_); }
  Lz4(const Lz4&) = delete;
  Lz4& operator=(const Lz4&) = delete;

  Decompressed run(ByteView& input, std::span<std::uint8_t>& room) override {
    if (context_ == nullptr) return Decompressed::too_large;
    std::size_t taken = input.size();
    std::size_t written = room.size();
    const std::size_t result =
        ::LZ4F_decompress(context_, room.data(), &written, input.data(), &taken, nullptr);
    if (::LZ4F_isError(result) != 0) return Decompressed::damaged;
    advance(input, taken, room, written);
    return result == 0 ? Decompressed::ended : Decompressed::more;
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

}  // namespace

std::unique_ptr<Decompressor> make_decompressor(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return std::make_unique<Gzip>();
    case Compression::zstd:
      return std::make_unique<Zstd>();
    case Compression::xz:
    case Compression::lzip:
      return std::make_unique<Lzma>(compression);
    case Compression::bzip2:
      return std::make_unique<Bzip2>();
    case Compression::lz4:
      break;
  }
  return std::make_unique<Lz4>();
}

}  // namespace tlspeel::capture
