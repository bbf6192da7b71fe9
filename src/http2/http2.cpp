#include "tlspeel/http2/http2.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "control_frames.hpp"
#include "emitter.hpp"
#include "side.hpp"
#include "streams.hpp"

namespace tlspeel::http2 {

class Http2Connection::Impl final : public SideOwner {
 public:
  Impl(const Options& options, event::EventSink& sink, http::Remainder& remainder, Tunnels* tunnels)
      : frames_(options.frames),
        emitter_(sink),
        streams_(options, emitter_, tunnels),
        sides_{Side(Direction::client, *this, streams_, emitter_, remainder),
               Side(Direction::server, *this, streams_, emitter_, remainder)} {}

  void push(Direction direction, PacketRef at, ByteView bytes) {
    if (bytes.empty()) return;
    emitter_.now(at);
    side(direction).push(at, bytes);
  }

  void gap(Direction direction, PacketRef at, const event::Hole& hole) {
    emitter_.now(at);
    side(direction).gap(at, hole);
  }

  void end(Direction direction, PacketRef at) {
    emitter_.now(at);
    side(direction).end(at);
    streams_.end(direction);
  }

  void finish(PacketRef at) {
    emitter_.now(at);
    side(Direction::client).end(at);
    side(Direction::server).end(at);
    streams_.finish();
  }

  // What a side announces binds the other one, for the table of fields from its acknowledgement on.
  void settings(Direction from, const Settings& settings) override {
    if (settings.max_frame_size) side(other(from)).allow_frame_size(*settings.max_frame_size);
    // Each SETTINGS is acknowledged, in order; nobody has more than a few of them under way.
    constexpr std::size_t kMostUnderWay = 16;
    auto& sizes = table_sizes_.at(index(from));
    if (sizes.size() == kMostUnderWay) sizes.erase(sizes.begin());
    sizes.push_back(settings.header_table_size);
  }

  void settings_acknowledged(Direction from) override {
    auto& sizes = table_sizes_.at(index(other(from)));
    if (sizes.empty()) return;
    if (sizes.front()) side(from).allow_table_size(*sizes.front());
    sizes.erase(sizes.begin());
  }

  void control_frame(Direction from, const FrameHeader& header, ByteView payload) override {
    if (frames_) emitter_.emit(control_event(from, header, payload));
  }

  void goaway(Direction from, std::uint32_t last_stream, std::uint32_t error, ByteView debug) override {
    // As much as a sentence needs; the rest is counted.
    constexpr std::size_t kDebugShown = 1024;
    streams_.goaway(from, last_stream);
    event::HttpGoaway event;
    event.direction = from;
    event.last_stream = last_stream;
    event.error = error_code(error);
    event.debug_size = debug.size();
    event.debug = to_bytes(debug.first(std::min(debug.size(), kDebugShown)));
    emitter_.emit(std::move(event));
  }

 private:
  Side& side(Direction direction) { return direction == Direction::client ? sides_.front() : sides_.back(); }
  bool frames_;
  Emitter emitter_;
  Streams streams_;
  // Of SETTINGS that are not yet acknowledged, by who sent them; nullopt: it has none.
  std::array<std::vector<std::optional<std::uint32_t>>, 2> table_sizes_;
  std::array<Side, 2> sides_;
};

Http2Connection::Http2Connection(const Options& options, event::EventSink& sink, http::Remainder& remainder,
                                 Tunnels* tunnels)
    : impl_(std::make_unique<Impl>(options, sink, remainder, tunnels)) {}
Http2Connection::~Http2Connection() = default;

void Http2Connection::push(Direction direction, PacketRef at, ByteView bytes) {
  impl_->push(direction, at, bytes);
}
void Http2Connection::gap(Direction direction, PacketRef at, const event::Hole& hole) {
  impl_->gap(direction, at, hole);
}
void Http2Connection::end(Direction direction, PacketRef at) {
  impl_->end(direction, at);
}
void Http2Connection::finish(PacketRef at) {
  impl_->finish(at);
}

}  // namespace tlspeel::http2
