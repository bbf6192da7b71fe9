#include "line_buffer.hpp"

namespace tlspeel::http {

LineBuffer::Outcome LineBuffer::take(Reader& in, std::size_t limit) {
  Reader ahead = in;
  const std::string_view rest = as_text(ahead.rest());
  const std::size_t newline = rest.find('\n');
  const std::size_t count = newline == std::string_view::npos ? rest.size() : newline + 1;
  const std::size_t before = partial_.made() ? partial_->size() : 0;
  if (before + count > limit) {
    view_ = partial_.made() ? std::string_view(*partial_) : std::string_view();
    return Outcome::too_long;
  }
  const std::string_view piece = as_text(in.bytes(count));
  if (newline == std::string_view::npos) {
    if (!piece.empty()) partial_->append(piece);
    view_ = partial_.made() ? std::string_view(*partial_) : std::string_view();
    return Outcome::need_more;
  }
  if (!partial_.made()) {
    view_ = piece;
  } else {
    partial_->append(piece);
    view_ = *partial_;
  }
  return Outcome::line;
}

std::string_view LineBuffer::line() const {
  std::string_view text = view_;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

void LineBuffer::clear() {
  partial_.reset();
  view_ = {};
}

}  // namespace tlspeel::http
