// Compresses in memory, as the tools of the same names do.
#pragma once

#include <array>
#include <span>

#include <bzlib.h>
#include <gtest/gtest.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "tlspeel/base/bytes.hpp"

#include "capture/compression.hpp"

namespace tlspeel::capture::test {

constexpr std::size_t kRoomToCompress = std::size_t{4} << 20U;

inline Bytes gzip(const Bytes& bytes) {
  Bytes out(kRoomToCompress);
  z_stream stream{};
  EXPECT_EQ(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  stream.next_in = const_cast<Bytef*>(bytes.data());  // NOLINT(*-const-cast)
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  ::deflateEnd(&stream);
  return out;
}

inline Bytes zstd(const Bytes& bytes) {
  Bytes out(kRoomToCompress);
  ZSTD_CCtx* context = ::ZSTD_createCCtx();
  ::ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);  // as the tool does
  out.resize(::ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size()));
  ::ZSTD_freeCCtx(context);
  return out;
}

inline Bytes xz(const Bytes& bytes) {
  Bytes out(kRoomToCompress);
  std::size_t size = 0;
  EXPECT_EQ(::lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, bytes.data(), bytes.size(), out.data(),
                                      &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

inline Bytes bzip2(const Bytes& original) {
  Bytes bytes = original;
  const std::size_t length = bytes.size();
  bytes.push_back(0);  // libbz2 refuses a null pointer also where there is nothing
  Bytes out(kRoomToCompress);
  auto size = static_cast<unsigned int>(out.size());
  // NOLINTBEGIN(*-reinterpret-cast)
  EXPECT_EQ(::BZ2_bzBuffToBuffCompress(reinterpret_cast<char*>(out.data()), &size,
                                       reinterpret_cast<char*>(bytes.data()),
                                       static_cast<unsigned int>(length), 1, 0, 0),
            BZ_OK);
  // NOLINTEND(*-reinterpret-cast)
  out.resize(size);
  return out;
}

inline Bytes lz4(const Bytes& bytes) {
  Bytes out(kRoomToCompress);
  out.resize(::LZ4F_compressFrame(out.data(), out.size(), bytes.data(), bytes.size(), nullptr));
  return out;
}

struct Compressor {
  Compression compression;
  Bytes (*compress)(const Bytes&);
};

// lzip is not among them: liblzma only reads it.
constexpr std::array<Compressor, 5> kCompressors{{
    {Compression::gzip, gzip},
    {Compression::zstd, zstd},
    {Compression::xz, xz},
    {Compression::bzip2, bzip2},
    {Compression::lz4, lz4},
}};

}  // namespace tlspeel::capture::test
