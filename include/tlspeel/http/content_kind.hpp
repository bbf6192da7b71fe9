// What content is by its first bytes: formats whose signature leaves no doubt, and the size of images.
// Sources: PNG (ISO/IEC 15948), GIF89a, JPEG (ITU-T T.81), WebP (RFC 9649), BMP and ICO as Windows has them,
// gzip (RFC 1952), zstd (RFC 8878), xz, ZIP, PDF, WOFF and WOFF2, WebAssembly, ELF. Bytes are a peer's. Not
// thread safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/content_kind.hpp"

namespace tlspeel::http {

// Takes content as it arrives, from its first byte on, and keeps a few bytes of it.
class ContentLook {
 public:
  void add(ByteView content);
  // Bytes are missing here, or nothing follows: what was found stays.
  void stop();
  bool done() const { return stage_ == Stage::done; }
  const event::ContentKind& found() const { return found_; }

 private:
  enum class Stage : std::uint8_t { beginning, jpeg, done };

  void look();
  ByteView scan_jpeg(ByteView content);
  void take_marker();

  // Enough for every signature here, and for the size behind it.
  std::array<std::uint8_t, 40> held_{};
  std::size_t count_ = 0;   // bytes in held_
  std::size_t wanted_ = 0;  // JPEG: bytes in held_ that tell the next step
  std::size_t skip_ = 0;    // JPEG: bytes up to the next marker
  Stage stage_ = Stage::beginning;
  event::ContentKind found_;
};

// All there is of the content, or its beginning.
event::ContentKind content_kind(ByteView content);

}  // namespace tlspeel::http
