// modules: output
// One text, of the charset and type that the first two bytes choose: it becomes UTF-8 and not much longer;
// laid out it has the same tokens, and laid out again it is the same.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/output/safe_text.hpp"

#include "output/pretty.hpp"
#include "output/readable_text.hpp"

namespace {

using namespace tlspeel;

constexpr std::array<std::string_view, 12> kCharsets = {
    "",        "iso-8859-1", "utf-16",      "utf-32", "shift_jis", "euc-jp",
    "gb18030", "big5",       "iso-2022-jp", "euc-kr", "koi8-r",    "nobody-knows"};
constexpr std::array<std::string_view, 4> kTypes = {"application/json", "text/xml", "text/html",
                                                    "application/x-www-form-urlencoded"};

void require(bool condition) {
  if (!condition) std::abort();
}

std::string without_blanks(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
  return out;
}

void lay_out(std::string_view text, std::string_view type, bool cut) {
  const auto laid_out = output::pretty(text, type, cut);
  if (!laid_out || type == kTypes.back()) return;
  require(without_blanks(*laid_out) == without_blanks(text));
  require(output::pretty(*laid_out, type, cut) == laid_out || cut);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Reader in(ByteView(data, size));
  const std::string_view charset = kCharsets.at(in.u8() % kCharsets.size());
  const std::uint8_t choice = in.u8();
  const std::string_view type = kTypes.at(choice % kTypes.size());
  const bool cut = (choice & 0x80U) != 0;
  const ByteView bytes = in.rest();
  const output::ReadableText readable(bytes, charset, type);
  std::string room;
  const std::string_view text = readable.piece(bytes, cut, room);
  if (!readable.converted_from().empty()) require(output::is_utf8(text) && text.size() <= 6 * bytes.size());
  lay_out(text, type, cut);
  return 0;
}
