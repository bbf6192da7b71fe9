#include "tlspeel/http/body.hpp"

#include <algorithm>

#include "tlspeel/http/text_look.hpp"

#include "framing.hpp"

namespace tlspeel::http {
namespace {

// Where no type is stated, this much decides early that a download is binary and need not be copied.
constexpr std::size_t kFirstLook = 512;

void drop(event::HttpBody& body) {
  Bytes().swap(body.shown);
  body.text = false;
}

}  // namespace

void BodyKeeper::begin(event::HttpMessage& head) {
  head.body.media_type = media_type_of(content_type_of(head));
  head.body.coding = codings_of(head);
  kind_ = head.body.coding.empty() ? text_by_type(head.body.media_type) : TextByType::binary;
  keeping_ = kind_ != TextByType::binary;
  looked_ = false;
}

void BodyKeeper::skip(event::HttpBody& body, const event::Hole& hole) {
  body.complete = false;
  if (body.holes.size() < event::kMaxHoles) {
    body.holes.push_back({body.size, hole});
  } else {
    // Shown, it would look as if it followed what was there before the hole.
    keeping_ = false;
  }
}

void BodyKeeper::finish(event::HttpBody& body) const {
  if (kind_ == TextByType::text) {
    body.text = true;
    return;
  }
  const bool cut = !body.complete || body.shown.size() < body.size;
  body.text =
      kind_ == TextByType::unknown && !body.shown.empty() && looks_like_text(body.shown, body.holes, cut);
  if (!body.text) drop(body);
}

void BodyKeeper::keep(event::HttpBody& body, ByteView content) {
  const auto room = static_cast<std::size_t>(max_shown_ - body.shown.size());
  append(body.shown, content.first(std::min(room, content.size())));
  if (body.shown.size() == max_shown_) keeping_ = false;
  if (kind_ == TextByType::unknown && !looked_ && body.shown.size() >= kFirstLook) {
    looked_ = true;
    if (looks_like_text(ByteView(body.shown).first(kFirstLook), body.holes, true)) return;
    kind_ = TextByType::binary;
    keeping_ = false;
    drop(body);
  }
}

}  // namespace tlspeel::http
