#include "registry.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/http2/first_bytes.hpp"

#include "choosing_parser.hpp"
#include "opaque_parser.hpp"

namespace tlspeel::app {
namespace {

constexpr std::array<std::string_view, 1> kHttp2Alpn = {"h2"};
constexpr std::array<std::string_view, 2> kHttp1Alpn = {"http/1.1", "http/1.0"};

// HTTP/2 first: its preface is written so that it reads like a request of HTTP/1.
constexpr std::array<Protocol, 2> kProtocols = {{
    {"HTTP/2", kHttp2Alpn, http::looks_like_http2, http2::goes_on_in, make_http2_parser},
    {"HTTP/1", kHttp1Alpn, http::looks_like_http1, nullptr, make_http1_parser},
}};

}  // namespace

std::span<const Protocol> protocols() {
  return kProtocols;
}

std::unique_ptr<Parser> make_parser(std::string_view alpn, const Options& options, event::EventSink& sink) {
  for (const Protocol& protocol : kProtocols) {
    if (std::ranges::find(protocol.alpn, alpn) != protocol.alpn.end()) return protocol.make(options, sink);
  }
  return std::make_unique<ChoosingParser>(options, sink);
}

std::unique_ptr<Parser> make_opaque_parser(const Options& options, event::EventSink& sink) {
  return std::make_unique<OpaqueParser>(options, sink);
}

}  // namespace tlspeel::app
