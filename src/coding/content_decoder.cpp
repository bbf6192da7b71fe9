#include "tlspeel/coding/content_decoder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/ascii.hpp"
#include "tlspeel/base/counts.hpp"

#include "coding/decoder.hpp"

namespace tlspeel::coding {
namespace {

// A bomb: so many times what it came from, all codings together. gzip reaches 1032 times at most, brotli and
// zstd a thousand times that. Long logs and tables come to 100 times.
constexpr std::uint64_t kMostRatio = 256;

class UpTo final : public ContentDecoder::Taker {
 public:
  UpTo(Bytes& out, std::uint64_t most) : out_(out), most_(most) {}

  bool take(ByteView decoded) override {
    const std::uint64_t room = most_ - std::min<std::uint64_t>(most_, out_.size());
    append(out_, decoded.first(static_cast<std::size_t>(std::min<std::uint64_t>(room, decoded.size()))));
    return decoded.size() <= room;
  }

 private:
  Bytes& out_;
  std::uint64_t most_;
};

struct Coding {
  std::string_view name;
  std::unique_ptr<Decoder> (*make)();
};
// The registry of content codings (RFC 9110 section 8.4.1), and dcb, dcz and others that need more than the
// body left out.
constexpr std::array<Coding, 7> kCodings{{{"br", make_brotli_decoder},
                                          {"compress", make_lzw_decoder},
                                          {"deflate", make_deflate_decoder},
                                          {"gzip", make_gzip_decoder},
                                          {"x-compress", make_lzw_decoder},
                                          {"x-gzip", make_gzip_decoder},
                                          {"zstd", make_zstd_decoder}}};

}  // namespace

std::unique_ptr<ContentDecoder> ContentDecoder::make(std::string_view codings, std::uint64_t free) {
  std::unique_ptr<ContentDecoder> out(new ContentDecoder(free));
  bool known = true;
  for_each_element(codings, [&](std::string_view element) {
    std::string name = to_lower(element);
    if (name == "identity") return;
    const auto* const coding = std::ranges::find(kCodings, name, &Coding::name);
    known = known && coding != kCodings.end() && out->count_ < kMostCodings;
    if (!known) return;
    Stage& stage = out->stages_.at(out->count_++);
    stage.name = std::move(name);
    stage.decoder = coding->make();
  });
  if (!known || out->count_ == 0) return nullptr;
  // What was applied last is undone first.
  std::reverse(out->stages_.begin(), out->stages_.begin() + static_cast<std::ptrdiff_t>(out->count_));
  return out;
}

ContentDecoder::ContentDecoder(std::uint64_t free) : free_(free) {}
ContentDecoder::~ContentDecoder() = default;

void ContentDecoder::push(ByteView content, Bytes& out, std::uint64_t most) {
  UpTo taker(out, most);
  push(content, taker);
}

void ContentDecoder::push(ByteView content, Taker& taker) {
  if (going_ && !content.empty()) run(0, content, taker);
}

void ContentDecoder::run(std::size_t index, ByteView content, Taker& taker) {
  if (index == count_) {
    if (!taker.take(content)) over();
    return;
  }
  // Small enough for the stack of all stages, large enough for a call of a library.
  std::array<std::uint8_t, 4096> buffer;  // NOLINT(*-member-init): written before it is read
  Stage& stage = stages_.at(index);
  for (;;) {
    std::span<std::uint8_t> room(buffer);
    const std::size_t before = content.size();
    const Step step = stage.decoder->run(content, room);
    const std::size_t written = buffer.size() - room.size();
    stage.taken += before - content.size();
    stage.given += written;
    if (written != 0) run(index + 1, ByteView(buffer).first(written), taker);
    if (!going_ || expands_too_much(stage)) return;
    if (step == Step::damaged)
      return stop(fmt::format("{} is damaged: {}", stage.name, stage.decoder->reason()));
    if (step == Step::ended) {
      stage.behind += content.size();
      return;
    }
    if (content.empty() && !room.empty()) return;  // it waits for input
  }
}

bool ContentDecoder::expands_too_much(Stage& stage) {
  if (stage.given <= free_ || stage.given / kMostRatio <= stages_.front().taken) return false;
  stop(fmt::format("not decoded further: {} makes more than {} times as much of it", stage.name, kMostRatio));
  return true;
}

void ContentDecoder::stop(std::string_view why) {
  if (!going_) return;
  note_ = why;
  over();
}

void ContentDecoder::finish() {
  if (!going_) return;
  for (const Stage& stage : std::span(stages_).first(count_)) {
    if (!stage.decoder->complete()) return stop(fmt::format("the end of {} is missing", stage.name));
  }
  const auto* const behind = std::ranges::find_if(stages_, [](const Stage& s) { return s.behind != 0; });
  if (behind != stages_.end()) {
    note_ = fmt::format("{} {} behind the end of {}", counted(behind->behind, "byte"),
                        behind->behind == 1 ? "comes" : "come", behind->name);
  }
  whole_ = true;
  over();
}

// The windows are not needed any longer. A stage whose decoder is gone is not asked again.
void ContentDecoder::over() {
  going_ = false;
  for (Stage& stage : stages_) stage.decoder.reset();
}

}  // namespace tlspeel::coding
