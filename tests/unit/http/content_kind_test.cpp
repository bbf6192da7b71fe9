#include "tlspeel/http/content_kind.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tlspeel::http {
namespace {

using namespace std::string_view_literals;  // NOLINT(google-build-using-namespace): made for it

std::string name(const event::ContentKind& kind) {
  return std::string(kind.media_type) + " " + std::to_string(kind.width) + "x" + std::to_string(kind.height);
}

// In one piece and byte by byte.
std::string kind(std::string_view content) {
  ContentLook look;
  for (std::size_t i = 0; i < content.size(); ++i) look.add(as_bytes(content.substr(i, 1)));
  look.stop();
  EXPECT_EQ(name(look.found()), name(content_kind(as_bytes(content))));
  return name(look.found());
}

std::string jpeg(std::string_view before_frame, std::string_view frame_marker) {
  return std::string("\xff\xd8") + std::string(before_frame) + "\xff" + std::string(frame_marker) +
         std::string("\x00\x11\x08\x03\x00\x04\x00\x03\x01\x22\x00"sv);
}

TEST(ContentKind, ImagesHaveTheirSize) {
  EXPECT_EQ(kind("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\0\0\0\3\0"sv), "image/png 1024x768");
  EXPECT_EQ(kind("GIF89a\x10\x01\x02\0\xf7"sv), "image/gif 272x2");
  EXPECT_EQ(kind("GIF87a\1\0\1\0"sv), "image/gif 1x1");
  EXPECT_EQ(kind("RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0\x30\1\0\x9d\x01\x2a\x20\x40\x30\x00"sv),
            "image/webp 32x48");
  // 60 and 40, each one less, in 14 bits: 59 | 39 << 14.
  EXPECT_EQ(kind("RIFF\x24\0\0\0WEBPVP8L\x18\0\0\0\x2f\x3b\xc0\x09\x00"sv), "image/webp 60x40");
  EXPECT_EQ(kind("RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\x03\x00\xff\x02\x00"sv),
            "image/webp 1024x768");
  EXPECT_EQ(kind("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x10\0\0\0\xf0\xff\xff\xff"sv), "image/bmp 16x16");
  EXPECT_EQ(kind("BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x0c\0\0\0\x10\0\x11\0"sv), "image/bmp 16x17");
  EXPECT_EQ(kind("\0\0\1\0\2\0\x20\0\0\0\1\0\x20\0"sv), "image/x-icon 32x256");
}

TEST(ContentKind, TheFrameOfAJpegMayBeBehindMuchElse) {
  EXPECT_EQ(kind(jpeg("", "\xc0")), "image/jpeg 1024x768");
  EXPECT_EQ(kind(jpeg("\xff\xe0\x00\x04JF\xff\xff\xdb\x00\x02"sv, "\xc2")), "image/jpeg 1024x768");
  std::string many;
  for (int i = 0; i < 3; ++i) many += std::string("\xff\xe1\xff\xff"sv) + std::string(0xFFFD, '\xff');
  EXPECT_EQ(kind(jpeg(many, "\xc1")), "image/jpeg 1024x768");
  // Tables of Huffman codes have a marker among those of frames; scans come behind the frame.
  EXPECT_EQ(kind(jpeg("\xff\xc4\x00\x04xx"sv, "\xc0")), "image/jpeg 1024x768");
  EXPECT_EQ(kind(jpeg("\xff\xda\x00\x02"sv, "\xc0")), "image/jpeg 0x0");
  EXPECT_EQ(kind(jpeg("\xff\xe0\x00\x01"sv, "\xc0")), "image/jpeg 0x0");
  EXPECT_EQ(kind("\xff\xd8\xff\xc0\0\x11\x08\x03"sv), "image/jpeg 0x0");
}

TEST(ContentKind, OthersHaveTheirName) {
  EXPECT_EQ(kind("\x1f\x8b\x08\0\0"sv), "application/gzip 0x0");
  EXPECT_EQ(kind("PK\3\4\x14"sv), "application/zip 0x0");
  EXPECT_EQ(kind("%PDF-1.7"), "application/pdf 0x0");
  EXPECT_EQ(kind("wOF2\0\1"sv), "font/woff2 0x0");
  EXPECT_EQ(kind("\0asm\1\0\0\0"sv), "application/wasm 0x0");
  EXPECT_EQ(kind("\x7f"
                 "ELF\2\1\1"),
            "application/x-elf 0x0");
  EXPECT_EQ(kind("\x28\xb5\x2f\xfd"), "application/zstd 0x0");
}

TEST(ContentKind, DoubtIsNoName) {
  for (const std::string_view bytes :
       {""sv, "x"sv, "BM"sv, "BM, which is a car that is driven fast"sv, "RIFF\x24\0\0\0WAVEfmt "sv,
        "\0\0\1\0"sv, "\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0"sv, "\x1f\x8b\x08\xff"sv, "\x1f\x8b"sv, "\x89PNG"sv,
        "\x7f"
        "ELF\3\1"sv,
        "GIF88a\1\0\1\0"sv}) {
    EXPECT_EQ(kind(bytes), " 0x0") << bytes;
  }
  // The signature is there, and not all of what says the size.
  EXPECT_EQ(kind("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4"sv), "image/png 0x0");
  EXPECT_EQ(kind("RIFF\x24\0\0\0WEBPVP8X\x0a\0\0"sv), "image/webp 0x0");
}

}  // namespace
}  // namespace tlspeel::http
