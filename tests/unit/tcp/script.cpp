#include "script.hpp"

#include <array>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

namespace tlspeel::tcp::test {
namespace {

std::string shown(ByteView bytes) {
  const std::string text(as_text(bytes));
  return text.size() > 40 ? fmt::format("x{}", text.size()) : text;
}

// Writes what it is told as a log that speaks of c and s, whoever of the two was taken for the client.
class LogSink final : public StreamSink {
 public:
  LogSink(Played& out, const Setting& setting, const ConnectionInfo& info)
      : out_(&out), c_is_client_(info.client == endpoint_of('c', setting)) {
    out.infos.push_back(info);
    out.log.emplace_back(info.start_captured ? "open" : "open middle");
  }
  void on_data(const StreamChunk& chunk) override {
    add(chunk.direction, "@{} {} {}", chunk.at.number, chunk.offset, shown(chunk.bytes));
  }
  void on_gap(const StreamGap& gap) override {
    const std::string cut = gap.cut_in.number == 0 ? "" : fmt::format(" cut@{}", gap.cut_in.number);
    add(gap.direction, " gap@{} {}+{}{}", gap.at.number, gap.offset, gap.length, cut);
  }
  void on_stream_end(Direction direction, PacketRef at) override { add(direction, " end@{}", at.number); }
  void on_end(EndReason reason, PacketRef at, const std::array<DirectionStats, 2>& stats) override {
    static constexpr std::array kNames{"fin", "reset", "idle", "port_reused", "capture_end"};
    out_->log.push_back(fmt::format("{}@{}", kNames.at(static_cast<std::size_t>(reason)), at.number));
    out_->stats.push_back(stats[c_is_client_ ? 0 : 1]);
    out_->stats.push_back(stats[c_is_client_ ? 1 : 0]);
  }
  bool wants_data() const override { return true; }

 private:
  template <class... Args>
  void add(Direction direction, fmt::format_string<Args...> format, Args&&... args) {
    const bool is_c = (direction == Direction::client) == c_is_client_;
    out_->log.push_back((is_c ? "c" : "s") + fmt::format(format, std::forward<Args>(args)...));
  }
  Played* out_;
  bool c_is_client_;
};

std::uint8_t flags_of(const std::string& letters) {
  std::uint8_t flags = 0;
  for (const char letter : letters) {
    switch (letter) {
      case 'S':
        flags |= net::kSyn;
        break;
      case 'A':
        flags |= net::kAck;
        break;
      case 'F':
        flags |= net::kFin;
        break;
      case 'R':
        flags |= net::kRst;
        break;
      case 'P':
        flags |= net::kPsh;
        break;
      case 'U':
        flags |= net::kUrg;
        break;
      case '.':
        break;
      default:
        throw std::invalid_argument("flag " + letters);
    }
  }
  return flags;
}

class Player {
 public:
  explicit Player(const Setting& setting)
      : setting_(setting), table_(setting.limits, [this](const ConnectionInfo& info) {
          return std::make_unique<LogSink>(out_, setting_, info);
        }) {}

  Played run(std::string_view script) {
    std::istringstream lines{std::string(script)};
    for (std::string line; std::getline(lines, line);) play_line(line.substr(0, line.find('#')));
    out_.remembered = table_.size();
    table_.finish(at_);
    out_.counters = table_.counters();
    return std::move(out_);
  }

 private:
  void play_line(const std::string& line) {
    std::istringstream words(line);
    std::string word;
    if (!(words >> word)) return;
    if (word == "isn") {
      char who = 0;
      std::int64_t by = 0;
      words >> who >> by;
      (who == 'c' ? setting_.isn_c : setting_.isn_s) += static_cast<std::uint32_t>(by);
      return;
    }
    if (word.size() > 1 && word[0] == 'x') {
      std::string rest;
      std::getline(words, rest);
      for (int i = std::stoi(word.substr(1)); i > 0; --i) play_line(rest);
      return;
    }
    std::int64_t step_ms = 1;
    if (word[0] == '+' || word[0] == '~') {
      step_ms = (word[0] == '~' ? -1 : 1) * std::stoll(word.substr(1));
      words >> word;
    }
    play_packet(word.at(0), step_ms, words);
  }

  void play_packet(char who, std::int64_t step_ms, std::istringstream& words) {
    std::string flags;
    std::string seq;
    std::string ack;
    words >> flags >> seq >> ack;
    std::string payload;
    std::uint32_t missing = 0;
    for (std::string word; words >> word;) {
      if (word.starts_with("miss="))
        missing = static_cast<std::uint32_t>(std::stoul(word.substr(5)));
      else if (word.size() > 1 && word[0] == 'x')
        payload.assign(std::stoul(word.substr(1)), 'x');
      else
        payload = word;
    }
    const std::uint32_t mine = who == 'c' ? setting_.isn_c : setting_.isn_s;
    const std::uint32_t theirs = who == 'c' ? setting_.isn_s : setting_.isn_c;
    net::Segment s =
        segment(who, setting_, flags_of(flags), mine + static_cast<std::uint32_t>(std::stoll(seq)),
                ack == "-" ? 0 : theirs + static_cast<std::uint32_t>(std::stoll(ack)), as_bytes(payload));
    s.payload_missing = missing;
    ++at_.number;
    at_.time_ns += step_ms * 1'000'000;
    table_.push(s, at_);
  }

  Setting setting_;
  Played out_;
  ConnectionTable table_;
  PacketRef at_{0, 1'700'000'000 * kSecond};
};

}  // namespace

std::vector<Setting> all_settings() {
  std::vector<Setting> settings;
  for (const bool swapped : {false, true}) {
    settings.push_back({1000, 5000, swapped});
    settings.push_back({0xfffffffd, 0xfffffffb, swapped});
    settings.push_back({0xffffffff, 0x7ffffffd, swapped});
    settings.push_back({0xfffffff4, 0xffffff80, swapped});
  }
  return settings;
}

Played play(std::string_view script, const Setting& setting) {
  return Player(setting).run(script);
}

Endpoint endpoint_of(char who, const Setting& setting) {
  const bool low = (who == 'c') != setting.swapped;
  const std::array<std::uint8_t, 4> address{192, 0, 2, static_cast<std::uint8_t>(low ? 7 : 99)};
  return {IpAddress::from_v4(address), static_cast<std::uint16_t>(low ? 443 : 51234)};
}

net::Segment segment(char who, const Setting& setting, std::uint8_t flags, std::uint32_t seq,
                     std::uint32_t ack, ByteView payload) {
  net::Segment s;
  s.flow = {endpoint_of(who, setting), endpoint_of(who == 'c' ? 's' : 'c', setting)};
  s.seq = seq;
  s.ack = ack;
  s.flags = flags;
  s.payload = payload;
  return s;
}

}  // namespace tlspeel::tcp::test
