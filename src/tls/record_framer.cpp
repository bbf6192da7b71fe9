#include <algorithm>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/tls/record.hpp"
#include "tlspeel/tls/spare_buffers.hpp"

namespace tlspeel::tls {
namespace {

// RFC 5246 appendix E.2: the high bit of the two-byte length is set, and CLIENT-HELLO (1) follows.
bool starts_sslv2_hello(ByteView start) {
  Reader r(start);
  const bool length_flag = (r.u8() & 0x80) != 0;
  r.skip(1);
  return length_flag && r.u8() == 1 && r.ok();
}

}  // namespace

bool plausible(const RecordHeader& header) {
  return header.type >= kChangeCipherSpec && header.type <= kHeartbeat && header.version >> 8 == 3 &&
         (header.version & 0xff) <= 4 && header.length <= kMaxCiphertext;
}

RecordHeader read_record_header(Reader& in) {
  return {in.u8(), in.u16(), in.u16()};
}

void RecordFramer::push(ByteView bytes, PacketRef at) {
  stash();
  chunk_ = bytes;
  at_ = at;
}

RecordFramer::Outcome RecordFramer::next(Record& out) {
  if (broken_) return Outcome::malformed;
  if (pending_delivered_) {
    pending_.clear();
    pending_delivered_ = false;
  }
  const Outcome outcome = pending_.empty() ? next_in_chunk(out) : next_in_pending(out);
  if (outcome == Outcome::malformed) broken_ = true;
  if (outcome == Outcome::need_more) stash();
  return outcome;
}

RecordFramer::Outcome RecordFramer::next_in_chunk(Record& out) {
  if (chunk_.size() < kRecordHeaderSize) return Outcome::need_more;
  const std::size_t size = read_header(chunk_, out);
  if (size == 0) return Outcome::malformed;
  if (chunk_.size() < size) {
    reserve_pending(size);
    return Outcome::need_more;
  }
  const std::size_t header_size = out.sslv2_hello ? 2 : kRecordHeaderSize;
  out.fragment = chunk_.subspan(header_size, size - header_size);
  chunk_ = chunk_.subspan(size);
  offset_ += size;
  return Outcome::record;
}

RecordFramer::Outcome RecordFramer::next_in_pending(Record& out) {
  if (!fill_pending(kRecordHeaderSize)) return Outcome::need_more;
  const std::size_t size = read_header(pending_, out);
  if (size == 0) return Outcome::malformed;
  if (!fill_pending(size)) return Outcome::need_more;
  const std::size_t header_size = out.sslv2_hello ? 2 : kRecordHeaderSize;
  out.fragment = ByteView(pending_).subspan(header_size, size - header_size);
  pending_delivered_ = true;
  offset_ += size;
  return Outcome::record;
}

RecordFramer::Torn RecordFramer::tear() {
  stash();
  Torn torn{offset_, pending_.size(), std::nullopt};
  Record record;
  if (!broken_ && pending_.size() >= kRecordHeaderSize && read_header(pending_, record) != 0 &&
      !record.sslv2_hello) {
    torn.header = record.header;
  }
  give_back_pending();
  return torn;
}

void RecordFramer::restart(std::uint64_t offset) {
  give_back_pending();
  SpareBuffers* const spare = spare_;
  *this = RecordFramer();
  spare_ = spare;
  offset_ = offset;
}

bool RecordFramer::fill_pending(std::size_t size) {
  if (pending_.size() >= size) return true;
  reserve_pending(size);
  const std::size_t taken = std::min(size - pending_.size(), chunk_.size());
  append(pending_, chunk_.first(taken));
  chunk_ = chunk_.subspan(taken);
  return pending_.size() >= size;
}

void RecordFramer::stash() {
  if (pending_delivered_) {
    pending_.clear();
    pending_delivered_ = false;
  }
  if (pending_.empty() && chunk_.empty()) return give_back_pending();  // idle: holds nothing
  reserve_pending(pending_.size() + chunk_.size());
  append(pending_, chunk_);
  chunk_ = {};
}

void RecordFramer::reserve_pending(std::size_t size) {
  if (pending_.capacity() == 0 && spare_ != nullptr) pending_ = spare_->take();
  pending_.reserve(size);
}

void RecordFramer::give_back_pending() {
  if (pending_.capacity() == 0) return;
  Bytes buffer = std::exchange(pending_, Bytes());
  if (spare_ != nullptr) spare_->give(std::move(buffer));
}

std::size_t RecordFramer::read_header(ByteView start, Record& out) {
  out.at = at_;
  out.offset = offset_;
  out.sslv2_hello = false;
  Reader r(start.first(kRecordHeaderSize), offset_);
  out.header = read_record_header(r);
  if (offset_ == 0 && sslv2_possible_ && starts_sslv2_hello(start)) {
    Reader length(start);
    out.sslv2_hello = true;
    out.header = {kHandshake, kSsl2, static_cast<std::uint16_t>(length.u16() & 0x7fff)};
    return 2U + out.header.length;
  }
  if (!plausible(out.header)) {
    error_ = {out.header.length > kMaxCiphertext ? "record longer than 2^14+2048 bytes"
                                                 : "no TLS record header where one was due",
              offset_};
    return 0;
  }
  return kRecordHeaderSize + out.header.length;
}

}  // namespace tlspeel::tls
