// Keeps of a body what is worth showing and counts the rest: nothing is copied once it is known to be binary,
// or beyond the limit. One object for the bodies of one sender, one after another. Not thread safe.
#pragma once

#include <cstdint>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/http_message.hpp"
#include "tlspeel/http/media_type.hpp"

namespace tlspeel::http {

class BodyKeeper {
 public:
  explicit BodyKeeper(std::uint64_t max_shown) : max_shown_(max_shown) {}

  // head has its fields; its body is filled from here on.
  void begin(event::HttpMessage& head);
  void add(event::HttpBody& body, ByteView content) {
    body.size += content.size();
    if (keeping_) keep(body, content);
  }
  // A hole, whose place is kept. What is missing the caller counts.
  void skip(event::HttpBody& body, const event::Hole& hole);
  void finish(event::HttpBody& body) const;
  // What comes from here on is counted only.
  void keep_no_more() { keeping_ = false; }

 private:
  void keep(event::HttpBody& body, ByteView content);

  std::uint64_t max_shown_;
  TextByType kind_ = TextByType::unknown;
  bool keeping_ = false;
  bool looked_ = false;
};

}  // namespace tlspeel::http
