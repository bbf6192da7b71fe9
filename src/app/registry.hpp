// The table of application protocols: how each is recognised and what parses it. To add one: one parser, one
// row in registry.cpp.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "tlspeel/app/parser.hpp"
#include "tlspeel/http/first_bytes.hpp"

namespace tlspeel::app {

using http::Verdict;

struct Protocol {
  std::string_view name;
  std::span<const std::string_view> alpn;  // IANA's ALPN protocol ids
  Verdict (*looks_like)(Direction direction, ByteView first_bytes);
  // The same where bytes before these are missing; null: only a beginning can be recognised.
  Verdict (*goes_on_in)(Direction direction, ByteView bytes);
  std::unique_ptr<Parser> (*make)(const Options& options, event::EventSink& sink);
};

// The first row that knows the protocol counts.
std::span<const Protocol> protocols();

std::unique_ptr<Parser> make_http1_parser(const Options& options, event::EventSink& sink);
std::unique_ptr<Parser> make_http2_parser(const Options& options, event::EventSink& sink);
std::unique_ptr<Parser> make_opaque_parser(const Options& options, event::EventSink& sink);

}  // namespace tlspeel::app
