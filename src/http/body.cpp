#include "tlspeel/http/body.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/coding/content_decoder.hpp"
#include "tlspeel/http/content_kind.hpp"
#include "tlspeel/http/multipart.hpp"
#include "tlspeel/http/plain_look.hpp"
#include "tlspeel/http/text_look.hpp"

#include "body_pieces.hpp"
#include "framing.hpp"
#include "syntax.hpp"

namespace tlspeel::http {
namespace {

// Where no type is stated, this much decides early that a download is binary and need not be copied.
constexpr std::size_t kFirstLook = 512;

// RFC 9110 section 14.1.2: a range is one of the coded bytes. One that begins elsewhere cannot be decoded,
// and in a coding without a header it might give something all the same.
bool begins_with_first_byte(const event::HttpMessage& head) {
  constexpr unsigned kPartialContent = 206;
  if (head.request || head.status != kPartialContent) return true;
  return std::ranges::any_of(head.fields, [](const event::HttpField& field) {
    return equals_ignoring_case(field.name, "Content-Range") && field.value.starts_with("bytes 0-");
  });
}

// No hole is inside what was decoded.
std::span<const event::HoleAt> holes_in_shown(const event::HttpBody& body, bool coded) {
  return coded ? std::span<const event::HoleAt>() : std::span<const event::HoleAt>(body.holes);
}

}  // namespace

// Of content that is not coded. None is there once it told what it can.
struct BodyKeeper::FirstLook {
  ContentLook kind;
  PlainLook plain;
};

BodyKeeper::BodyKeeper(std::uint64_t max_shown, PieceTaker* pieces)
    : max_shown_(max_shown), pieces_(pieces == nullptr ? nullptr : std::make_unique<BodyPieces>(*pieces)) {}
BodyKeeper::~BodyKeeper() = default;

void BodyKeeper::begin(event::HttpMessage& head) {
  const std::string_view content_type = content_type_of(head);
  head.body.media_type = media_type_of(content_type);
  head.body.charset = to_lower(parameter_of(content_type, "charset"));
  head.body.coding = codings_of(head);
  coded_ = !head.body.coding.empty();
  const bool from_first_byte = begins_with_first_byte(head);
  const bool decodable = !coded_ || from_first_byte;
  kind_ = decodable ? text_by_type(head.body.media_type) : TextByType::binary;
  keeping_ = kind_ != TextByType::binary;
  boundary_.reset();
  if (std::string boundary = boundary_of(content_type); decodable && !boundary.empty())
    boundary_ = std::make_unique<const std::string>(std::move(boundary));
  // Parts may be text behind others that are binary.
  looked_ = boundary_ != nullptr;
  doubting_ = kind_ == TextByType::text && is_doubted_plain(head.body.media_type, head.body.charset);
  looking_ = (kind_ != TextByType::text || doubting_) && !boundary_ && !coded_ && from_first_byte;
  look_.reset();
  if (doubting_ && !from_first_byte) first_look().plain.skip();
  decoder_.reset();
  if (pieces_) pieces_->begin(head, decodable);
}

BodyKeeper::FirstLook& BodyKeeper::first_look() {
  if (!look_) look_ = std::make_unique<FirstLook>();
  return *look_;
}

void BodyKeeper::look_at(ByteView content) {
  ContentLook& kind = first_look().kind;
  kind.add(content);
  looking_ = !kind.done();
}

void BodyKeeper::look_for_binary(event::HttpBody& body, ByteView content) {
  PlainLook& plain = first_look().plain;
  plain.add(content);
  if (!plain.done()) return;
  doubting_ = false;
  if (plain.binary()) {
    kind_ = TextByType::binary;
    keeping_ = false;
    drop(body);
  } else {
    looking_ = false;
    look_.reset();
  }
}

void BodyKeeper::name_content(event::HttpBody& body) {
  if (look_) {
    look_->kind.stop();
    if (!body.text) body.found = look_->kind.found();
    if (look_->plain.binary() && body.found.media_type.empty()) body.found.media_type = kAnyBinary;
    look_.reset();
  }
  looking_ = false;
}

void BodyKeeper::hand_on(ByteView content) {
  pieces_->add(content);
}

void BodyKeeper::skip(event::HttpBody& body, const event::Hole& hole) {
  body.complete = false;
  looking_ = false;
  if (doubting_ && !coded_) first_look().plain.skip();
  if (pieces_) pieces_->skip(hole);
  if (coded_) {
    if (decoder_) decoder_->stop("decoded up to where bytes are missing");
    keeping_ = false;
  }
  if (body.holes.size() < event::kMaxHoles) {
    body.holes.push_back({body.size, hole});
  } else {
    // Shown, it would look as if it followed what was there before the hole.
    keeping_ = false;
  }
}

void BodyKeeper::doubt() {
  if (pieces_) pieces_->doubt();
  looking_ = false;
  if (doubting_ && !coded_) first_look().plain.skip();
  if (!coded_) return;
  if (decoder_) decoder_->stop("decoded up to where bytes may be missing");
  keeping_ = false;
}

void BodyKeeper::keep_no_more() {
  keeping_ = false;
  if (decoder_) decoder_->stop("");
}

void BodyKeeper::finish(event::HttpBody& body) {
  if (pieces_) pieces_->finish(body);
  if (coded_) return finish_decoded(body);
  if (kind_ == TextByType::text) {
    body.text = true;
    return name_content(body);
  }
  const bool cut = !body.complete || body.shown.size() < body.size;
  body.text =
      kind_ == TextByType::unknown && !body.shown.empty() && looks_like_text(body.shown, body.holes, cut);
  name_content(body);
  if (!has_parts(body, cut) && !body.text) drop(body);
}

bool BodyKeeper::has_parts(event::HttpBody& body, bool cut) const {
  if (!boundary_ || body.shown.empty()) return false;
  body.parts = parse_multipart(body.shown, holes_in_shown(body, coded_), *boundary_, cut);
  return body.parts != nullptr;
}

void BodyKeeper::finish_decoded(event::HttpBody& body) {
  if (kind_ == TextByType::binary || !decoder_) return drop(body);
  if (body.complete) {
    decoder_->finish();
  } else {
    decoder_->stop("");
  }
  if (doubting_ && plain_is_binary(body.shown, true)) {
    drop(body);
    if (body.found.media_type.empty()) body.found.media_type = kAnyBinary;
    return;
  }
  if (kind_ == TextByType::text) {
    body.text = !body.shown.empty() || decoder_->whole() || max_shown_ == 0;
  } else {
    body.text = !body.shown.empty() && looks_like_text(body.shown, !decoder_->whole());
  }
  // What it holds is binary: no more of it is wanted than of other binary content.
  const bool parted = has_parts(body, !decoder_->whole());
  if (!parted && !body.text && !body.shown.empty()) return drop(body);
  body.decoded = parted || body.text || decoder_->whole();
  if (decoder_->whole()) body.decoded_size = body.shown.size();
  body.coding_note = decoder_->note();
  decoder_.reset();
}

void BodyKeeper::keep(event::HttpBody& body, ByteView content) {
  if (coded_) {
    decode(body, content);
  } else {
    const auto room = static_cast<std::size_t>(max_shown_ - body.shown.size());
    append(body.shown, content.first(std::min(room, content.size())));
    if (body.shown.size() == max_shown_) keeping_ = false;
  }
  if (kind_ == TextByType::unknown && !looked_ && body.shown.size() >= kFirstLook) look(body);
}

void BodyKeeper::decode(event::HttpBody& body, ByteView content) {
  if (!decoder_) decoder_ = coding::ContentDecoder::make(body.coding);
  if (decoder_) decoder_->push(content, body.shown, max_shown_);
  keeping_ = decoder_ && decoder_->going();
}

void BodyKeeper::look(event::HttpBody& body) {
  looked_ = true;
  if (looks_like_text(ByteView(body.shown).first(kFirstLook), holes_in_shown(body, coded_), true)) return;
  kind_ = TextByType::binary;
  keeping_ = false;
  drop(body);
}

void BodyKeeper::drop(event::HttpBody& body) {
  if (coded_ && !body.shown.empty()) body.found = content_kind(body.shown);
  Bytes().swap(body.shown);
  body.text = false;
  decoder_.reset();
}

}  // namespace tlspeel::http
