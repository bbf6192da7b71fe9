#include "output/content_name.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/output/safe_text.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {
namespace {

// Types that say no more than that there are bytes.
constexpr std::array<std::string_view, 6> kAnyBytes = {"application/octet-stream",   "application/binary",
                                                       "application/download",       "application/x-download",
                                                       "application/force-download", "binary/octet-stream"};

// Names of images that are not registered, or not the one that the bytes got here.
struct Alias {
  std::string_view name;
  std::string_view means;
};
constexpr std::array kAliases = {
    Alias{"image/jpg", "image/jpeg"},     Alias{"image/pjpeg", "image/jpeg"},
    Alias{"image/x-png", "image/png"},    Alias{"image/x-bmp", "image/bmp"},
    Alias{"image/x-ms-bmp", "image/bmp"}, Alias{"image/vnd.microsoft.icon", "image/x-icon"},
    Alias{"image/ico", "image/x-icon"}};

std::string_view usual_name(std::string_view media_type) {
  const auto* const found = std::ranges::find(kAliases, media_type, &Alias::name);
  return found == kAliases.end() ? media_type : found->means;
}

bool says_nothing(std::string_view media_type) {
  return std::ranges::find(kAnyBytes, media_type) != kAnyBytes.end();
}

// Other types may be made of what was found: documents are in ZIP. In plain text something is found only
// where it is none.
bool tells_more(std::string_view media_type, std::string_view found) {
  if (found.empty()) return false;
  if (media_type == "text/plain") return true;
  if (says_nothing(media_type)) return true;
  return media_type.starts_with("image/") && usual_name(media_type) != found;
}

}  // namespace

std::string content_name(std::string_view media_type, const event::ContentKind& found) {
  std::string out = media_type.empty() ? std::string(found.media_type) : safe_line(media_type);
  if (tells_more(media_type, found.media_type))
    append_format(out, " that holds {}", says_nothing(found.media_type) ? "binary data" : found.media_type);
  if (found.width != 0 && found.height != 0) {
    out += ", ";
    append_count(out, found.width);
    out += " x ";
    append_count(out, found.height);
  }
  return out;
}

}  // namespace tlspeel::output
