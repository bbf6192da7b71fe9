// Bytes that are looked at before anyone takes them, each with the packet it came in. What is taken costs
// nothing again: the time for any number of calls grows with the bytes. One thread.
#pragma once

#include <cstddef>
#include <deque>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"

namespace tlspeel::http {

class SoughtBytes {
 public:
  struct Piece {
    PacketRef at;
    Bytes bytes;
  };

  void add(PacketRef at, ByteView bytes);
  std::size_t size() const { return bytes_.size() - begin_; }
  std::string_view text() const { return as_text(ByteView(bytes_).subspan(begin_)); }
  std::vector<Piece> take(std::size_t count);  // from the front; at most size()
  void drop_back(std::size_t count);           // at most size()

 private:
  struct Run {
    PacketRef at;
    std::size_t size = 0;
  };
  Bytes bytes_;
  std::size_t begin_ = 0;  // of bytes_; what is before it was taken
  std::deque<Run> runs_;
};

}  // namespace tlspeel::http
