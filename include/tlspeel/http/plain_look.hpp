// Whether content that is said to be text/plain is binary: servers say so of files that they do not know.
// WHATWG MIME Sniffing Standard, sections 5.1 (which types are doubted) and 7.2 (by which bytes). Bytes are a
// peer's. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::http {

// Both in lower case; charset empty: not stated. In UTF-16 and UTF-32 bytes that are none of text's are
// usual.
bool is_doubted_plain(std::string_view media_type, std::string_view charset);

// Takes content as it arrives, and looks at its first bytes, however they are cut.
class PlainLook {
 public:
  void add(ByteView content);
  // Bytes are missing here; before the first one: the content does not begin with the first that was sent.
  void skip() { beginning_ = false; }
  // Nothing that follows changes the answer.
  bool done() const { return text_ || binary_ || looked_ == kMost; }
  bool binary() const { return binary_; }

 private:
  static constexpr std::uint16_t kMost = 1445;  // section 5.2: the resource header

  void look_for_mark(std::uint8_t byte);

  std::uint16_t looked_ = 0;  // bytes
  std::uint8_t before_ = 0;   // the byte before, in the beginning
  bool beginning_ = true;     // what came may be the beginning of a byte order mark
  bool text_ = false;         // a byte order mark says so
  bool binary_ = false;
};

// Of what content begins with. at_beginning: its first byte is the first that was sent.
bool plain_is_binary(ByteView content, bool at_beginning);

// What is found in it where its bytes tell no more.
inline constexpr std::string_view kAnyBinary = "application/octet-stream";

}  // namespace tlspeel::http
