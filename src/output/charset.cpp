#include "output/charset.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <span>

#include <iconv.h>

#include "tlspeel/base/ascii.hpp"

namespace tlspeel::output {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// The handle of iconv(3).
class Conversion {
 public:
  explicit Conversion(const char* from) : handle_(iconv_open("UTF-8", from)) {}
  ~Conversion() {
    if (ok()) iconv_close(handle_);
  }
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;

  // Compared as a number: clang-tidy 14 crashes on a comparison with a pointer made of -1.
  bool ok() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

  // Converts what it can of text, takes it away, and says why it stopped: 0, EILSEQ, EINVAL. What comes to
  // stand in `out` is whole characters.
  int step(std::string& out, ByteView& text) {
    std::array<char, 4096> room;  // NOLINT(cppcoreguidelines-pro-type-member-init): iconv writes into it
    for (;;) {
      // It takes a pointer to what is not const, and does not write there.
      auto* in = const_cast<char*>(as_text(text).data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
      std::size_t in_left = text.size();
      char* to = room.data();
      std::size_t to_left = room.size();
      const std::size_t answer = text.empty() ? iconv(handle_, nullptr, nullptr, &to, &to_left)
                                              : iconv(handle_, &in, &in_left, &to, &to_left);
      const int error = answer == static_cast<std::size_t>(-1) ? errno : 0;
      const std::size_t written = room.size() - to_left;
      const std::size_t taken = text.size() - in_left;
      out.append(room.data(), written);
      text = text.subspan(taken);
      if (error != E2BIG) return error;
      if (written == 0 && taken == 0) return EILSEQ;  // nobody has characters as long as that
    }
  }

 private:
  iconv_t handle_;
};

}  // namespace

struct Charset::Row {
  std::string_view name;
  const char* library_name;
  std::size_t unit = 1;  // bytes that are passed over where they are no character
  bool ascii = true;     // ASCII is the same in it
};

// Names of the Encoding Standard, section 4.2, that senders use, sorted. As in browsers ISO 8859-1 and ASCII
// are windows-1252, and other old charsets what came to be sent by their name: for text it is the same and
// more.
const Charset::Row Charset::kRows[] = {
    // NOLINT(cppcoreguidelines-avoid-c-arrays,modernize-avoid-c-arrays): its size is its rows
    {"ascii", "CP1252"},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cp1250", "CP1250"},
    {"cp1251", "CP1251"},
    {"cp1252", "CP1252"},
    {"cp866", "CP866"},
    {"cp932", "CP932"},
    {"cp936", "GB18030"},
    {"euc-jp", "EUC-JP-MS"},
    {"euc-kr", "UHC"},
    {"gb18030", "GB18030"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"ibm866", "CP866"},
    {"iso-2022-jp", "ISO-2022-JP-3", 1, false},
    {"iso-8859-1", "CP1252"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-11", "CP874"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "ISO-8859-15"},
    {"iso-8859-16", "ISO-8859-16"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-6", "ISO-8859-6"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-8", "ISO-8859-8"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"iso-8859-9", "CP1254"},
    {"iso8859-1", "CP1252"},
    {"iso8859-15", "ISO-8859-15"},
    {"iso8859-2", "ISO-8859-2"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"ks_c_5601-1987", "UHC"},
    {"latin1", "CP1252"},
    {"latin2", "ISO-8859-2"},
    {"macintosh", "MACINTOSH"},
    {"shift-jis", "CP932"},
    {"shift_jis", "CP932"},
    {"sjis", "CP932"},
    {"tis-620", "CP874"},
    {"us-ascii", "CP1252"},
    // Without a byte order mark what is said to be UTF-16 is little-endian, as browsers read it.
    {"utf-16", "UTF-16LE", 2, false},
    {"utf-16be", "UTF-16BE", 2, false},
    {"utf-16le", "UTF-16LE", 2, false},
    {"utf-32", "UTF-32LE", 4, false},
    {"utf-32be", "UTF-32BE", 4, false},
    {"utf-32le", "UTF-32LE", 4, false},
    {"windows-1250", "CP1250"},
    {"windows-1251", "CP1251"},
    {"windows-1252", "CP1252"},
    {"windows-1253", "CP1253"},
    {"windows-1254", "CP1254"},
    {"windows-1255", "CP1255"},
    {"windows-1256", "CP1256"},
    {"windows-1257", "CP1257"},
    {"windows-1258", "CP1258"},
    {"windows-31j", "CP932"},
    {"windows-874", "CP874"},
    {"x-sjis", "CP932"},
};

std::optional<Charset> Charset::find(std::string_view name) {
  constexpr std::size_t kLongestName = 40;  // more than any row has
  if (name.size() > kLongestName) return std::nullopt;
  const std::string lower = to_lower(trim(name));
  const auto found = std::ranges::find(kRows, lower, &Row::name);
  return found == std::end(kRows) ? std::nullopt : std::optional(Charset(*found));
}

bool Charset::convert(std::string& out, ByteView text, bool cut) const {
  Conversion conversion(row_->library_name);
  if (!conversion.ok()) return false;
  for (;;) {
    const int error = conversion.step(out, text);
    if (text.empty()) break;
    const bool short_of_bytes = error == EINVAL;
    if (!short_of_bytes || !cut) out += kReplacement;
    if (short_of_bytes) return true;
    text = text.subspan(std::min(row_->unit, text.size()));
  }
  (void)conversion.step(out, text);  // what it holds back of the last character
  return true;
}

bool Charset::is_same_in_utf8(ByteView text) const {
  return row_->ascii && std::ranges::all_of(text, [](std::uint8_t byte) { return byte < 0x80; });
}

bool is_name_of_utf8(std::string_view name) {
  return equals_ignoring_case(name, "utf-8") || equals_ignoring_case(name, "utf8");
}

}  // namespace tlspeel::output
