#include "body_pieces.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/base/reader.hpp"

namespace tlspeel::http {
namespace {

// What a piece holds: whoever waits for many of them waits with little.
constexpr std::size_t kMostOfPiece = 65536;

// A body that is not what its coding says is found out by its first bytes, or by its first block: a few
// kilobytes.
constexpr std::size_t kMostOfFirst = 4096;

// What a body may come to whatever its size: as much as is shown of one. A packet holds a dozen small bodies,
// and all that they come to waits until it is written.
constexpr std::uint64_t kFree = 65536;

// The windows of decoders, up to 16 MiB, that one connection may have at a time. Servers allow 100 streams or
// so.
constexpr unsigned kMostDecoders = 128;

}  // namespace

void BodyPieces::begin(const event::HttpMessage& head, bool decodable) {
  drop_decoder();
  direction_ = head.direction;
  exchange_ = head.exchange;
  offset_ = 0;
  any_ = decoded_ = over_ = doubted_ = may_be_plain_ = false;
  note_.clear();
  first_.clear();
  if (!head.body.coding.empty()) make_decoder(head.body.coding, decodable);
}

void BodyPieces::make_decoder(const std::string& coding, bool decodable) {
  if (!decodable) return note("as it came, since it is a part of what was coded");
  if (taker_.decoders_ == kMostDecoders) {
    return note(fmt::format("as it came, since {} coded bodies were under way at once", kMostDecoders));
  }
  decoder_ = coding::ContentDecoder::make(coding, kFree);
  if (!decoder_) return note("as it came, since not all of its codings are known");
  ++taker_.decoders_;
  decoded_ = may_be_plain_ = true;
}

void BodyPieces::add(ByteView content) {
  any_ = any_ || !content.empty();
  if (over_) return;
  if (decoder_) return decode(content);
  give(content);
}

void BodyPieces::decode(ByteView content) {
  Reader in(content);
  if (may_be_plain_) {
    const ByteView first = in.bytes(std::min(kMostOfFirst - first_.size(), in.remaining()));
    append(first_, first);
    run_decoder(first);
    if (over_ && offset_ == 0) return as_it_came(in.rest());
    may_be_plain_ = offset_ == 0 && first_.size() < kMostOfFirst;
    if (!may_be_plain_) Bytes().swap(first_);
  }
  if (decoder_) run_decoder(in.rest());
}

void BodyPieces::run_decoder(ByteView content) {
  decoder_->push(content, *this);
  give(std::exchange(made_, {}));
  if (!decoder_->going()) stop_decoding(decoder_->note());
}

// Some servers name a coding that they did not apply.
void BodyPieces::as_it_came(ByteView rest) {
  over_ = decoded_ = may_be_plain_ = false;
  note_ += "; as it came";
  give(std::exchange(first_, {}));
  give(rest);
}

bool BodyPieces::take(ByteView decoded) {
  append(made_, decoded);
  if (made_.size() >= kMostOfPiece) give(std::exchange(made_, {}));
  return true;
}

void BodyPieces::skip(const event::Hole& hole) {
  any_ = true;
  if (decoder_) return stop_decoding("decoded up to where bytes are missing");
  if (over_) return;
  if (hole.exact && hole.length) {
    offset_ += *hole.length;
    return;
  }
  note(fmt::format(
      "behind byte {} some are missing, nobody knows how many: what follows stands right behind it",
      grouped(offset_)));
}

void BodyPieces::doubt() {
  if (decoder_) return stop_decoding("decoded up to where bytes may be missing");
  if (over_ || !note_.empty()) return;
  doubted_ = true;
  note(fmt::format("behind byte {} some may be missing", grouped(offset_)));
}

void BodyPieces::stop_decoding(std::string_view why) {
  note(why);
  drop_decoder();
  over_ = true;
}

void BodyPieces::finish(event::HttpBody& body) {
  bool complete = body.complete && !over_;
  if (decoder_) {
    if (complete && any_) {
      decoder_->finish();
      complete = decoder_->whole();
      note(decoder_->note());
    }
    drop_decoder();
  }
  Bytes().swap(first_);
  if (!any_) return;
  // All came that should.
  if (doubted_ && body.complete) note_.clear();
  body.handed_on = std::make_shared<const event::BodyHandedOn>(
      event::BodyHandedOn{offset_, decoded_, complete, std::move(note_)});
  note_.clear();
}

void BodyPieces::drop_decoder() {
  if (!decoder_) return;
  decoder_.reset();
  --taker_.decoders_;
}

void BodyPieces::give(ByteView content) {
  Reader in(content);
  while (!in.empty()) {
    const ByteView piece = in.bytes(std::min(kMostOfPiece, in.remaining()));
    taker_.take_piece({direction_, exchange_, offset_, to_bytes(piece)});
    offset_ += piece.size();
  }
}

// The first of them counts.
void BodyPieces::note(std::string_view text) {
  if (note_.empty()) note_ = text;
}

}  // namespace tlspeel::http
