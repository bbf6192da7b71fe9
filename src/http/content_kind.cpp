#include "tlspeel/http/content_kind.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::http {
namespace {

using event::ContentKind;
using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): made for it

constexpr std::string_view kJpeg = "image/jpeg";

// Each takes the bytes behind the signature. nullopt: it is something else; 0: no size that could be read.
using Size = std::optional<ContentKind>;
using MakeSize = Size (*)(Reader in);

Size no_size(Reader) {
  return ContentKind{};
}

Size png_size(Reader in) {
  if (in.u32() != 13 || as_text(in.bytes(4)) != "IHDR") return ContentKind{};
  const std::uint32_t width = in.u32();
  const std::uint32_t height = in.u32();
  return ContentKind{{}, width, height};
}

Size gif_size(Reader in) {
  const std::uint32_t width = in.u16le();
  const std::uint32_t height = in.u16le();
  return ContentKind{{}, width, height};
}

// RFC 6386 section 9.1: 14 bits each, with two bits of scaling above.
Size vp8_size(Reader in) {
  constexpr std::uint32_t kSizeBits = 0x3FFF;
  in.skip(4 + 3);  // length of the chunk, tag of the frame
  if (as_text(in.bytes(3)) != "\x9d\x01\x2a") return ContentKind{};
  const std::uint32_t width = in.u16le() & kSizeBits;
  const std::uint32_t height = in.u16le() & kSizeBits;
  return ContentKind{{}, width, height};
}

// RFC 9649 section 3.4: each is one less, in 14 bits.
Size vp8l_size(Reader in) {
  constexpr std::uint32_t kSizeBits = 0x3FFF;
  in.skip(4);
  if (in.u8() != 0x2F) return ContentKind{};
  const std::uint32_t bits = in.u32le();
  if (!in.ok()) return ContentKind{};
  return ContentKind{{}, (bits & kSizeBits) + 1, (bits >> 14U & kSizeBits) + 1};
}

// RFC 9649 section 2.7: each is one less, in 24 bits.
Size vp8x_size(Reader in) {
  in.skip(4 + 4);  // length of the chunk, flags
  const auto one = [&] {
    const std::uint32_t low = in.u16le();
    return (low | static_cast<std::uint32_t>(in.u8()) << 16U) + 1;
  };
  const std::uint32_t width = one();
  const std::uint32_t height = one();
  return in.ok() ? ContentKind{{}, width, height} : ContentKind{};
}

Size webp_size(Reader in) {
  in.skip(4);  // length
  if (as_text(in.bytes(4)) != "WEBP") return std::nullopt;
  const std::string_view chunk = as_text(in.bytes(4));
  if (chunk == "VP8 ") return vp8_size(in);
  if (chunk == "VP8L") return vp8l_size(in);
  if (chunk == "VP8X") return vp8x_size(in);
  return ContentKind{};
}

// Two letters are no signature: the rest of the two headers has to be possible, too.
Size bmp_size(Reader in) {
  constexpr std::uint32_t kOldHeader = 12;
  constexpr std::array<std::uint32_t, 6> kHeaders{40, 52, 56, 64, 108, 124};
  in.skip(4);
  if (in.u32() != 0) return std::nullopt;
  in.skip(4);
  const std::uint32_t header = in.u32le();
  if (header == kOldHeader) {
    const std::uint32_t width = in.u16le();
    const std::uint32_t height = in.u16le();
    return in.ok() ? Size(ContentKind{{}, width, height}) : std::nullopt;
  }
  if (std::ranges::find(kHeaders, header) == kHeaders.end()) return std::nullopt;
  const std::uint32_t width = in.u32le();
  const std::uint32_t height = in.u32le();
  if (!in.ok()) return std::nullopt;
  // A negative height: the rows begin at the top.
  return ContentKind{{}, width, (height & 0x8000'0000U) != 0 ? 0U - height : height};
}

// The size of the first image; 0 stands for 256.
Size ico_size(Reader in) {
  constexpr std::uint32_t kLargest = 256;
  const std::uint32_t count = in.u16le();
  const std::uint32_t width = in.u8();
  const std::uint32_t height = in.u8();
  in.skip(1);
  const bool possible = in.u8() == 0 && in.u16le() <= 1 && in.u16le() <= 32 && count >= 1 && count <= 100;
  if (!in.ok() || !possible) return std::nullopt;
  return ContentKind{{}, width == 0 ? kLargest : width, height == 0 ? kLargest : height};
}

Size gzip_size(Reader in) {
  constexpr std::uint8_t kReservedFlags = 0xE0;
  return (in.u8() & kReservedFlags) == 0 && in.ok() ? Size(ContentKind{}) : std::nullopt;
}

Size elf_size(Reader in) {
  const std::uint8_t word = in.u8();
  const std::uint8_t order = in.u8();
  return (word == 1 || word == 2) && (order == 1 || order == 2) ? Size(ContentKind{}) : std::nullopt;
}

struct Row {
  std::string_view signature;
  std::string_view media_type;
  MakeSize size = no_size;
};
constexpr std::array kRows = {
    Row{"\x89PNG\r\n\x1a\n", "image/png", png_size},
    Row{"GIF89a", "image/gif", gif_size},
    Row{"GIF87a", "image/gif", gif_size},
    Row{"\xff\xd8\xff", kJpeg},
    Row{"RIFF", "image/webp", webp_size},
    Row{"BM", "image/bmp", bmp_size},
    Row{"\0\0\1\0"sv, "image/x-icon", ico_size},
    Row{"\x1f\x8b\x08", "application/gzip", gzip_size},
    Row{"\x28\xb5\x2f\xfd", "application/zstd"},
    Row{"\xfd"
        "7zXZ\0"sv,
        "application/x-xz"},
    Row{"PK\3\4", "application/zip"},
    Row{"%PDF-", "application/pdf"},
    Row{"wOFF", "font/woff"},
    Row{"wOF2", "font/woff2"},
    Row{"\0asm\1\0\0\0"sv, "application/wasm"},
    Row{"\x7f"
        "ELF",
        "application/x-elf", elf_size},
};

ContentKind by_signature(ByteView bytes) {
  for (const Row& row : kRows) {
    if (!as_text(bytes).starts_with(row.signature)) continue;
    Reader in(bytes);
    in.skip(row.signature.size());
    if (const Size size = row.size(in)) return {row.media_type, size->width, size->height};
  }
  return {};
}

// T.81 table B.1: frame headers, of any process. C4, C8 and CC are something else.
bool is_frame_marker(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

constexpr std::size_t kMarkerAndLength = 4;
constexpr std::size_t kFrameHeader = 9;  // and precision, lines, samples of a line

}  // namespace

void ContentLook::add(ByteView content) {
  while (!content.empty() && !done()) {
    if (stage_ == Stage::jpeg) {
      content = scan_jpeg(content);
      continue;
    }
    const std::size_t taken = std::min(held_.size() - count_, content.size());
    std::ranges::copy(content.first(taken), held_.begin() + static_cast<std::ptrdiff_t>(count_));
    count_ += taken;
    content = content.subspan(taken);
    if (count_ == held_.size()) look();
  }
}

void ContentLook::stop() {
  if (stage_ == Stage::beginning) look();
  stage_ = Stage::done;
}

void ContentLook::look() {
  const Bytes beginning(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count_));
  found_ = by_signature(beginning);
  stage_ = found_.media_type == kJpeg ? Stage::jpeg : Stage::done;
  if (stage_ == Stage::done) return;
  count_ = 0;
  wanted_ = kMarkerAndLength;
  skip_ = 2;  // start of image
  ByteView left = beginning;
  while (!left.empty() && !done()) left = scan_jpeg(left);
}

ByteView ContentLook::scan_jpeg(ByteView content) {
  if (skip_ != 0) {
    const std::size_t skipped = std::min(skip_, content.size());
    skip_ -= skipped;
    return content.subspan(skipped);
  }
  const std::size_t taken = std::min(wanted_ - count_, content.size());
  std::ranges::copy(content.first(taken), held_.begin() + static_cast<std::ptrdiff_t>(count_));
  count_ += taken;
  if (count_ == wanted_) take_marker();
  return content.subspan(taken);
}

// T.81 section B.1.1: 0xFF, any number of further 0xFF, the marker, and the length of what belongs to it,
// itself included.
void ContentLook::take_marker() {
  Reader in(ByteView(held_).first(count_));
  constexpr std::uint8_t kScan = 0xDA;
  const bool marked = in.u8() == 0xFF;
  const std::uint8_t marker = in.u8();
  const std::size_t length = in.u16();
  if (marked && marker == 0xFF) {
    std::copy(held_.begin() + 1, held_.begin() + static_cast<std::ptrdiff_t>(count_), held_.begin());
    --count_;
    return;
  }
  if (!marked || marker < 0xC0 || marker == kScan || length < 2) {
    stage_ = Stage::done;
  } else if (!is_frame_marker(marker)) {
    skip_ = length - 2;
    count_ = 0;
  } else if (wanted_ != kFrameHeader) {
    wanted_ = kFrameHeader;
  } else {
    in.skip(1);
    found_.height = in.u16();
    found_.width = in.u16();
    stage_ = Stage::done;
  }
}

ContentKind content_kind(ByteView content) {
  ContentLook look;
  look.add(content);
  look.stop();
  return look.found();
}

}  // namespace tlspeel::http
