#include "field_decoder.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include "representations.hpp"

namespace tlspeel::http2 {
namespace {

// Browsers announce tables of 64 KiB, servers 4 KiB. With what the library keeps beside each entry, the
// smallest ones make eight times as much of this.
constexpr std::uint32_t kLargestTable = 256 * 1024;

// Of a block's fields. One byte may stand for a field as large as the table, so the size of the block is no
// bound. As many bytes as a head of HTTP/1 may have.
constexpr std::size_t kMostFields = std::size_t{1} << 20;

// The library takes names and values of up to 72 KiB.
constexpr std::size_t kLongestString = 65536;

constexpr std::string_view kNotCaptured = "whose start was not captured";
constexpr std::string_view kTooLarge = "that is too large to be kept";

std::string_view text_of(const std::uint8_t* text, std::size_t size) {
  return as_text(ByteView(text, size));
}

}  // namespace

void FieldDecoder::Delete::operator()(nghttp2_hd_inflater* inflater) const {
  ::nghttp2_hd_inflate_del(inflater);
}

DecodedFields FieldDecoder::decode(ByteView block) {
  DecodedFields out;
  Reader in(block);
  bool good = begin();
  while (good && !in.empty()) {
    const auto representation = next_representation(in);
    good = representation && take(*representation, out);
  }
  if (good && end()) return out;
  forget();
  if (out.fault.empty()) out.fault = "its header block is malformed";
  return out;
}

void FieldDecoder::forget() {
  inflater_.reset();
  missing_ = kNotCaptured;
  lost_ = true;
}

bool FieldDecoder::begin() {
  if (inflater_) return true;
  nghttp2_hd_inflater* made = nullptr;
  if (::nghttp2_hd_inflate_new(&made) != 0) return false;
  inflater_.reset(made);
  // What the receiver allows is looked at in take_table_size().
  if (::nghttp2_hd_inflate_change_table_size(made, kLargestTable) != 0) return false;
  if (!std::exchange(lost_, false)) return true;
  Bytes largest;
  append_integer(largest, 0x20, 5, kLargestTable);
  DecodedFields none;
  return feed(largest, {}, none);
}

bool FieldDecoder::take(const Representation& representation, DecodedFields& out) {
  if (representation.longest > kLongestString) {
    out.fault = "a field of its header is too long";
    return false;
  }
  if (representation.kind == RepresentationKind::table_size) return take_table_size(representation.size, out);
  if (representation.index <= ::nghttp2_hd_inflate_get_num_table_entries(inflater_.get()))
    return feed(representation.whole, {}, out);
  // Nothing is missing, so the sender errs.
  if (missing_.empty()) return false;
  if (representation.kind != RepresentationKind::indexed) return take_with_unknown_name(representation, out);
  ++out.unknown;
  add(fmt::format("[field {} of a table {}]", representation.index, missing_), {}, out);
  return true;
}

bool FieldDecoder::take_table_size(std::uint32_t size, DecodedFields& out) {
  if (size > allowed_) out.table_size = size;
  if (size > kLargestTable && missing_.empty()) missing_ = kTooLarge;
  Bytes possible;
  append_integer(possible, 0x20, 5, std::min(size, kLargestTable));
  return feed(possible, {}, out);
}

// Its entry takes a place in the table: the library is told of one without a name, which is no larger than
// the sender's.
bool FieldDecoder::take_with_unknown_name(const Representation& representation, DecodedFields& out) {
  constexpr std::uint8_t kLiteralIndexed = 0x40;
  constexpr std::uint8_t kLiteralNotIndexed = 0x00;
  const bool indexed = representation.kind == RepresentationKind::literal_indexed;
  Bytes nameless{indexed ? kLiteralIndexed : kLiteralNotIndexed, 0};
  append(nameless, representation.strings);
  return feed(nameless, fmt::format("[name {} of a table {}]", representation.index, missing_), out);
}

bool FieldDecoder::feed(ByteView representation, const std::string& unknown_name, DecodedFields& out) {
  nghttp2_nv field{};
  int flags = 0;
  const auto taken = ::nghttp2_hd_inflate_hd2(inflater_.get(), &field, &flags, representation.data(),
                                              representation.size(), 0);
  if (taken < 0 || static_cast<std::size_t>(taken) != representation.size()) return false;
  if ((flags & NGHTTP2_HD_INFLATE_EMIT) == 0) return true;
  const std::string_view value = text_of(field.value, field.valuelen);
  if (field.namelen != 0 || missing_.empty()) {
    add(text_of(field.name, field.namelen), value, out);
    return true;
  }
  ++out.unknown;
  add(unknown_name.empty() ? fmt::format("[name of a table {}]", missing_) : unknown_name, value, out);
  return true;
}

void FieldDecoder::add(std::string_view name, std::string_view value, DecodedFields& out) {
  const std::size_t cost = sizeof(event::HttpField) + name.size() + value.size();
  if (cost > kMostFields - out.cost) {
    ++out.left_out;
    return;
  }
  out.cost += cost;
  out.fields.push_back({std::string(name), std::string(value)});
}

bool FieldDecoder::end() {
  nghttp2_nv field{};
  int flags = 0;
  constexpr std::uint8_t kNothing = 0;
  if (::nghttp2_hd_inflate_hd2(inflater_.get(), &field, &flags, &kNothing, 0, 1) < 0) return false;
  return ::nghttp2_hd_inflate_end_headers(inflater_.get()) == 0;
}

}  // namespace tlspeel::http2
