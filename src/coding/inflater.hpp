// DEFLATE by zlib, in its three wrappings. Both views are moved behind what was taken and what was written.
// One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <zlib.h>

#include "tlspeel/base/bytes.hpp"

#include "coding/decoder.hpp"

namespace tlspeel::coding {

class Inflater {
 public:
  // How zlib names the formats: the size of the window, and what is around it.
  enum Format : int { kRaw = -15, kZlib = 15, kGzip = 15 + 16 };

  Inflater() = default;
  ~Inflater() {
    if (made_) ::inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool made() const { return made_; }
  void make(Format format) { made_ = ::inflateInit2(&stream_, format) == Z_OK; }
  void begin_again() { ::inflateReset(&stream_); }
  // The same, and what follows may refer to what was made so far. False: there is no memory for it.
  bool begin_again_keeping_window() {
    std::array<std::uint8_t, 32768> window;  // NOLINT(*-member-init): written before it is read
    uInt size = 0;
    return ::inflateGetDictionary(&stream_, window.data(), &size) == Z_OK &&
           ::inflateReset(&stream_) == Z_OK &&
           (size == 0 || ::inflateSetDictionary(&stream_, window.data(), size) == Z_OK);
  }

  Step run(ByteView& input, std::span<std::uint8_t>& room) {
    const unsigned int given = limited(input.size());
    const unsigned int free = limited(room.size());
    if (!made_) return Step::damaged;
    stream_.next_in = const_cast<Bytef*>(input.data());  // NOLINT(*-const-cast): zlib leaves it alone
    stream_.avail_in = given;
    stream_.next_out = room.data();
    stream_.avail_out = free;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    input = input.subspan(given - stream_.avail_in);
    room = room.subspan(free - stream_.avail_out);
    if (result == Z_STREAM_END) return Step::ended;
    return result == Z_OK || result == Z_BUF_ERROR ? Step::more : Step::damaged;
  }

  std::string_view reason() const {
    if (!made_) return "there is no memory for it";
    return stream_.msg == nullptr ? "it needs a dictionary" : stream_.msg;
  }

 private:
  // zlib counts in unsigned int.
  static unsigned int limited(std::size_t size) {
    return static_cast<unsigned int>(std::min<std::size_t>(size, std::numeric_limits<unsigned int>::max()));
  }

  z_stream stream_{};
  bool made_ = false;
};

}  // namespace tlspeel::coding
