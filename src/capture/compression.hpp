// The compressions that a capture may come in, told by their first bytes. Sources: RFC 1952 (gzip), RFC 8878
// (zstd), the .xz file format 1.2, the lzip format, bzip2, the LZ4 frame format 1.6.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::capture {

enum class Compression : std::uint8_t { gzip, zstd, xz, lzip, bzip2, lz4 };

// So many of the first bytes tell.
constexpr std::size_t kCompressionHead = 4;

std::optional<Compression> compression_of(ByteView head);
std::string_view name_of(Compression compression);

}  // namespace tlspeel::capture
