#include "tlspeel/http2/first_bytes.hpp"

#include "tlspeel/http/text_look.hpp"

#include "frame.hpp"
#include "frame_search.hpp"

namespace tlspeel::http2 {

http::Verdict goes_on_in(Direction direction, ByteView bytes) {
  if (find_frame(bytes, 0, {direction, kFirstMaxFrameSize, 0}, false).found) return http::Verdict::yes;
  // Every frame has a byte that is 0; the content of a long one may have none.
  return http::looks_like_text(bytes, true) ? http::Verdict::no : http::Verdict::need_more;
}

}  // namespace tlspeel::http2
