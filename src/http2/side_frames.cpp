// Frames of one direction that are complete, and the header blocks that they carry.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "side.hpp"

namespace tlspeel::http2 {
namespace {

constexpr std::string_view kCut = "bytes of its header are missing";
constexpr std::string_view kTooLong = "its header is too long";
constexpr std::string_view kMalformed = "a frame of its header is malformed";

}  // namespace

void Side::frame_complete(ByteView payload) {
  switch (frame_.type) {
    case FrameType::headers:
      return read_headers(payload);
    case FrameType::push_promise:
      return read_push_promise(payload);
    case FrameType::continuation:
      if (block_.made()) return add_fragment(payload);
      // What it continues changed the table.
      fields_.forget();
      if (!had_hole_) problem("a CONTINUATION frame continues nothing");
      return;
    default:
      return read_small(payload);
  }
}

// ---- header blocks

void Side::begin_block(std::uint32_t promised) {
  block_->header.stream = frame_.stream;
  block_->header.promised = promised;
  block_->push = frame_.type == FrameType::push_promise;
  block_->header.first = frame_at_;
  if (payload_cut_) block_->lost = frame_.length > kMostOfBlock ? kTooLong : kCut;
}

// RFC 9113 section 6.2.
void Side::read_headers(ByteView payload) {
  begin_block(0);
  block_->header.end_stream = frame_.has(kFlagEndStream);
  Reader in(payload);
  const std::size_t padding = frame_.has(kFlagPadded) ? in.u8() : 0;
  if (frame_.has(kFlagPriority)) in.skip(5);
  add_padded(in, padding);
}

// Section 6.6.
void Side::read_push_promise(ByteView payload) {
  Reader in(payload);
  const std::size_t padding = frame_.has(kFlagPadded) ? in.u8() : 0;
  begin_block(in.u32() & 0x7fffffffU);
  add_padded(in, padding);
}

void Side::add_padded(Reader& in, std::size_t padding) {
  if (padding > in.remaining()) {
    if (block_->lost.empty()) block_->lost = kMalformed;
    padding = in.remaining();
  }
  add_fragment(in.bytes(in.remaining() - padding));
}

void Side::add_fragment(ByteView fragment) {
  Block& block = *block_;
  if (payload_cut_ && block.lost.empty()) block.lost = kCut;
  if (block.bytes.size() + fragment.size() > kMostOfBlock) block.lost = kTooLong;
  const bool ends = frame_.has(kFlagEndHeaders);
  if (ends && block.bytes.empty()) return block_ends(fragment);
  if (!block.lost.empty()) {
    block.bytes.clear();
  } else {
    append(block.bytes, fragment);
  }
  if (!ends) return;
  const Bytes bytes = std::exchange(block.bytes, {});
  block_ends(bytes);
}

void Side::block_ends(ByteView bytes) {
  if (!block_->lost.empty()) return block_lost(block_->lost);
  HeaderBlock header = std::move(block_.take().header);
  header.decoded = fields_.decode(bytes);
  // What the other side allows may have been lost.
  if (header.decoded.table_size != 0 && !streams_.lossy()) {
    problem(fmt::format("a header table of {} bytes is used, which the other side does not allow",
                        grouped(header.decoded.table_size)));
  }
  streams_.headers(direction_, std::move(header));
}

void Side::block_lost(std::string_view why) {
  Block block = block_.take();
  HeaderBlock& header = block.header;
  header.lost = true;
  header.why_lost = why;
  fields_.forget();
  // Whose it was nobody can tell.
  if (block.push && header.promised == 0)
    return problem(fmt::format("a stream is promised that is not known: {}", why));
  streams_.headers(direction_, std::move(header));
}

// ---- other frames

void Side::read_small(ByteView payload) {
  Reader in(payload);
  if (payload_cut_) {
    return problem(
        fmt::format("a {} frame cannot be read: bytes of it are missing", frame_name(frame_.type)));
  }
  switch (frame_.type) {
    case FrameType::rst_stream:
      return streams_.reset(direction_, frame_.stream, in.u32());
    case FrameType::settings:
      owner_.control_frame(direction_, frame_, payload);
      return frame_.has(kFlagAck) ? owner_.settings_acknowledged(direction_)
                                  : owner_.settings(direction_, parse_settings(payload));
    case FrameType::ping:
    case FrameType::window_update:
      return owner_.control_frame(direction_, frame_, payload);
    case FrameType::goaway: {
      const std::uint32_t last_stream = in.u32() & 0x7fffffffU;
      const std::uint32_t error = in.u32();
      return owner_.goaway(direction_, last_stream, error, in.rest());
    }
    default:
      return;
  }
}

}  // namespace tlspeel::http2
