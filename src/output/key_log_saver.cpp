#include "tlspeel/output/key_log_saver.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <utility>
#include <variant>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::output {
namespace {

// Appends to memory of its final size, so that nothing is copied and left behind.
class Line {
 public:
  explicit Line(const event::KeyLogLine& line)
      : text_(line.label.size() + 2 * line.id.size() + 2 * line.secret.size() + 3) {
    for (const char c : line.label) put(c);
    put(' ');
    put_hex(line.id);
    put(' ');
    put_hex(line.secret.view());
    put('\n');
  }
  std::string_view view() const { return as_text(text_.view()); }

 private:
  void put(char c) { text_.mutable_view()[size_++] = static_cast<std::uint8_t>(c); }
  void put_hex(ByteView bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    for (const std::uint8_t byte : bytes) {
      put(kDigits[byte >> 4U]);
      put(kDigits[byte & 15U]);
    }
  }

  SecretBytes text_;
  std::size_t size_ = 0;
};

std::uint64_t random_number() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

}  // namespace

KeyLogSaver::KeyLogSaver(ByteSink& sink)
    : sink_(sink), newer_(0, Spread(random_number())), older_(0, newer_.hash_function()) {}

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
std::size_t KeyLogSaver::Spread::operator()(std::uint64_t hash) const {
  std::uint64_t z = hash ^ key_;
  z = (z ^ z >> 30U) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ z >> 27U) * 0x94d049bb133111ebULL;
  return z ^ z >> 31U;
}

void KeyLogSaver::write(const event::Placed& placed) {
  const auto* const recovered = std::get_if<event::SecretsRecovered>(&placed.event);
  if (recovered == nullptr || !recovered->lines) return;
  for (const event::KeyLogLine& each : *recovered->lines) {
    const Line line(each);
    if (is_new(line.view())) sink_.write(line.view());
  }
}

bool KeyLogSaver::is_new(std::string_view line) {
  const std::uint64_t hash = std::hash<std::string_view>{}(line);
  if (older_.contains(hash) || !newer_.insert(hash).second) return false;
  if (newer_.size() == kRemembered / 2) {
    std::swap(older_, newer_);
    newer_.clear();
  }
  return true;
}

}  // namespace tlspeel::output
