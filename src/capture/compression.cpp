#include "capture/compression.hpp"

#include <array>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::capture {
namespace {

struct Magic {
  std::uint32_t value;
  std::uint32_t mask;
  Compression compression;
};

// A skippable frame (the last row) is the same in zstd and in LZ4; only zstd's tools begin a file with one.
constexpr std::array<Magic, 7> kMagics{{
    {0x1f8b0800, 0xffffff00, Compression::gzip},  // with the only method there is, deflate
    {0x28b52ffd, 0xffffffff, Compression::zstd},
    {0xfd377a58, 0xffffffff, Compression::xz},
    {0x4c5a4950, 0xffffffff, Compression::lzip},   // "LZIP"
    {0x425a6830, 0xfffffff0, Compression::bzip2},  // "BZh" and a digit
    {0x04224d18, 0xffffffff, Compression::lz4},
    {0x502a4d18, 0xf0ffffff, Compression::zstd},
}};

}  // namespace

std::optional<Compression> compression_of(ByteView head) {
  Reader r(head);
  const std::uint32_t first = r.u32();
  if (!r.ok()) return std::nullopt;
  for (const Magic& magic : kMagics) {
    if ((first & magic.mask) == magic.value) return magic.compression;
  }
  return std::nullopt;
}

std::string_view name_of(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
    case Compression::xz:
      return "xz";
    case Compression::lzip:
      return "lzip";
    case Compression::bzip2:
      return "bzip2";
    case Compression::lz4:
      return "lz4";
  }
  return {};
}

}  // namespace tlspeel::capture
