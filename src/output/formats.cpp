#include "tlspeel/output/formats.hpp"

#include <algorithm>
#include <array>

#include "output/har_writer.hpp"
#include "output/json_writer.hpp"
#include "output/list_writer.hpp"
#include "output/text_writer.hpp"

namespace tlspeel::output {

namespace {

template <class W>
std::unique_ptr<Writer> make(const TextOptions& options, ByteSink& sink) {
  return std::make_unique<W>(options, sink);
}

constexpr std::array kFormats = {
    FormatRow{"text", "for reading: handshakes step by step, then what went through", make<TextWriter>},
    FormatRow{kJsonFormat, "for programs: one JSON object a line for each event", make<JsonWriter>},
    FormatRow{kListFormat, "one line for each request", make<ListWriter>},
    FormatRow{kHarFormat, "an HTTP Archive, for the network panel of a browser", make<HarWriter>},
};

}  // namespace

std::span<const FormatRow> formats() {
  return kFormats;
}

const FormatRow* find_format(std::string_view name) {
  const auto found =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const FormatRow& row) { return row.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace tlspeel::output
