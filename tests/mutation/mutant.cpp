#include "mutant.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::mutation {
namespace {

constexpr std::size_t kMaxEdits = 4;
constexpr std::size_t kMaxMoved = 64;  // bytes cut out or put in at once

// Lengths and counts go wrong at their ends.
constexpr std::array<std::uint8_t, 8> kOddOctets{0x00, 0x01, 0x03, 0x7f, 0x80, 0xfe, 0xff, 0x16};

enum class Kind : std::uint8_t { bit, octet, odd, run, cut, insert, repeat };
constexpr std::size_t kKinds = 7;

struct Edit {
  std::size_t offset = 0;
  Kind kind = Kind::bit;
};

std::size_t place_in(const CaptureMap& map, Random& random) {
  const auto& aimed = map.parts.at(random.below(kParts));
  const auto& ranges = aimed.empty() ? map.parts.at(static_cast<std::size_t>(Part::all)) : aimed;
  const Range range = ranges.at(random.below(ranges.size()));
  return range.offset + random.below(range.length);
}

using Place = Bytes::iterator;

Place at(Bytes& file, std::size_t offset) {
  return file.begin() + static_cast<std::ptrdiff_t>(offset);
}

void add_to_number(Bytes& file, std::size_t offset, bool little_endian, std::uint32_t change) {
  if (offset > file.size() || file.size() - offset < 4) return;  // an edit behind this one cut it off
  Reader r(ByteView(file).subspan(offset, 4));
  const std::uint32_t value = (little_endian ? r.u32le() : r.u32()) + change;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t shift = 8 * (little_endian ? i : 3 - i);
    *at(file, offset + i) = static_cast<std::uint8_t>(value >> shift);
  }
}

// Half of the time the file goes on as a whole one: the damage is then inside of a packet, and not that all
// that follows is read from a wrong place.
void correct_lengths(Bytes& file, const CaptureMap& map, std::size_t offset, std::ptrdiff_t change) {
  const auto after = std::ranges::upper_bound(map.packets, offset, {},
                                              [](const PacketPlace& packet) { return packet.data.offset; });
  if (after == map.packets.begin()) return;
  const PacketPlace& packet = *std::prev(after);
  const std::size_t cut = change < 0 ? static_cast<std::size_t>(-change) : 0;
  const std::size_t end = packet.data.offset + packet.data.length;
  if (offset >= end || end - offset < cut) return;
  for (const std::size_t field : packet.lengths) {
    // What stands behind the data has moved.
    const std::size_t here = field < offset ? field : field + static_cast<std::size_t>(change);
    add_to_number(file, here, map.little_endian, static_cast<std::uint32_t>(change));
  }
}

std::size_t moved(const CaptureMap& map, Random& random) {
  const std::size_t length = 1 + random.below(kMaxMoved);
  return (length + map.padded_to - 1) / map.padded_to * map.padded_to;
}

void put_in(Bytes& file, std::size_t offset, const Bytes& bytes) {
  file.insert(at(file, offset), bytes.begin(), bytes.end());
}

Bytes noise(std::size_t length, Random& random) {
  Bytes bytes(length);
  std::ranges::generate(bytes, [&] { return static_cast<std::uint8_t>(random.next()); });
  return bytes;
}

void move_bytes(Bytes& file, const CaptureMap& map, const Edit& edit, Random& random) {
  const std::size_t length = std::min(moved(map, random), file.size() - edit.offset);
  const bool correct = random.one_in(2);
  auto change = static_cast<std::ptrdiff_t>(length);
  if (edit.kind == Kind::cut) {
    change = -change;
    file.erase(at(file, edit.offset), at(file, edit.offset + length));
  } else if (edit.kind == Kind::insert) {
    put_in(file, edit.offset, noise(length, random));
  } else {
    put_in(file, edit.offset, to_bytes(ByteView(file).subspan(edit.offset, length)));
  }
  if (correct) correct_lengths(file, map, edit.offset, change);
}

void apply(Bytes& file, const CaptureMap& map, const Edit& edit, Random& random) {
  switch (edit.kind) {
    case Kind::bit:
      *at(file, edit.offset) ^= static_cast<std::uint8_t>(1U << random.below(8));
      return;
    case Kind::octet:
      *at(file, edit.offset) = static_cast<std::uint8_t>(random.next());
      return;
    case Kind::odd:
      *at(file, edit.offset) = kOddOctets.at(random.below(kOddOctets.size()));
      return;
    case Kind::run: {
      const std::size_t end = std::min(file.size(), edit.offset + 1 + random.below(8));
      const auto value = static_cast<std::uint8_t>(random.one_in(2) ? 0xff : random.next());
      std::fill(at(file, edit.offset), at(file, end), value);
      return;
    }
    case Kind::cut:
    case Kind::insert:
    case Kind::repeat:
      return move_bytes(file, map, edit, random);
  }
}

}  // namespace

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

std::uint64_t seed_of(std::uint64_t run, std::string_view name, std::uint64_t number) {
  std::uint64_t hash = 0xcbf29ce484222325 ^ run;  // FNV-1a
  for (const char letter : name) hash = (hash ^ static_cast<std::uint8_t>(letter)) * 0x100000001b3;
  return Random(Random(hash).next() + number).next();
}

Bytes make_mutant(ByteView file, const CaptureMap& map, Random& random) {
  Bytes mutant = to_bytes(file);
  if (mutant.empty()) return mutant;
  std::vector<Edit> edits(1 + random.below(kMaxEdits));
  for (Edit& edit : edits) edit = {place_in(map, random), static_cast<Kind>(random.below(kKinds))};
  // From the end to the beginning: the places of the others do not move.
  std::ranges::stable_sort(edits, std::ranges::greater(), &Edit::offset);
  for (const Edit& edit : edits) {
    if (edit.offset < mutant.size()) apply(mutant, map, edit, random);
  }
  if (random.one_in(16)) mutant.resize(random.below(mutant.size() + 1));
  return mutant;
}

}  // namespace tlspeel::mutation
