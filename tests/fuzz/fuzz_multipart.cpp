// modules: http
// The boundary is the first line, the body is the rest: parts lie inside of it, in order and not too many;
// and the beginning of a body, its end cut off, has the same parts up to there.
#include <cstdlib>

#include "tlspeel/http/multipart.hpp"

namespace {

using namespace tlspeel;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const event::BodyParts& parsed, std::size_t size) {
  require(parsed.parts.size() <= http::kMaxParts &&
          (parsed.further == 0 || parsed.parts.size() == http::kMaxParts));
  require(parsed.preamble + parsed.epilogue <= size);
  std::size_t fields = 0;
  std::uint64_t position = 0;
  for (const event::BodyPart& part : parsed.parts) {
    require(part.position <= size && part.size <= size - part.position);
    require(part.position >= position && part.depth < http::kMaxPartDepth);
    position = part.position;
    fields += part.fields.size();
  }
  require(fields <= http::kMaxPartFields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all = as_text(ByteView(data, size));
  const std::size_t line = all.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string boundary =
      http::boundary_of("multipart/mixed; boundary=\"" + std::string(all.substr(0, line)) + '"');
  const ByteView body = as_bytes(all.substr(line + 1));
  if (boundary.empty()) return 0;
  const auto whole = http::parse_multipart(body, {}, boundary, false);
  if (whole) check(*whole, body.size());
  const auto cut = http::parse_multipart(body.first(body.size() / 2), {}, boundary, true);
  if (!cut) return 0;
  check(*cut, body.size() / 2);
  // What is complete in the beginning is there in the whole.
  require(whole != nullptr);
  for (std::size_t i = 0; i < cut->parts.size() && cut->parts[i].complete && cut->parts[i].depth == 0; ++i)
    require(i < whole->parts.size() && whole->parts[i].position == cut->parts[i].position &&
            whole->parts[i].size == cut->parts[i].size);
  return 0;
}
