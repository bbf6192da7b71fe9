// modules: http2
// Header blocks of one sender, by a decoder that has seen all of them and by one that lost some: whatever the
// second one shows as known is what the first one shows.
#include <cstdlib>

#include "tlspeel/base/reader.hpp"

#include "http2/field_decoder.hpp"

namespace {

using namespace tlspeel;
using http2::DecodedFields;

bool is_unknown(const event::HttpField& field) {
  return field.name.starts_with("[field ") || field.name.starts_with("[name ");
}

bool agree(const DecodedFields& whole, const DecodedFields& lossy) {
  // A table that is too large makes the first one lose entries.
  if (whole.left_out != 0 || lossy.left_out != 0) return true;
  if (whole.fields.size() != lossy.fields.size()) return false;
  for (std::size_t i = 0; i < whole.fields.size(); ++i) {
    const event::HttpField& a = whole.fields.at(i);
    const event::HttpField& b = lossy.fields.at(i);
    if (is_unknown(a) || a.name.starts_with("[")) continue;
    if (b.value != a.value && !(is_unknown(b) && b.value.empty())) return false;
    if (b.name != a.name && !is_unknown(b)) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader in(ByteView(data, size));
  http2::FieldDecoder whole;
  http2::FieldDecoder lossy;
  while (!in.empty()) {
    const bool lost = in.u8() % 4 == 0;
    const std::size_t length = in.u8();
    const ByteView block = in.bytes(std::min(length, in.remaining()));
    const DecodedFields all = whole.decode(block);
    // From here on the sender is none that anybody could follow.
    if (!all.fault.empty()) return 0;
    if (lost) {
      lossy.forget();
      continue;
    }
    const DecodedFields some = lossy.decode(block);
    if (!some.fault.empty() || !agree(all, some)) std::abort();
  }
  return 0;
}
