#include "tlspeel/secrets/key_log.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "key_log_line.hpp"
#include "keyed_hash.hpp"

namespace tlspeel::secrets {
namespace {

struct LabelRow {
  std::string_view name;
  KeyLogLabel label;
  bool by_client_random;
};

constexpr std::array<LabelRow, kKeyLogLabels> kLabels = {{
    {"CLIENT_RANDOM", KeyLogLabel::client_random, true},
    {"CLIENT_EARLY_TRAFFIC_SECRET", KeyLogLabel::client_early_traffic_secret, true},
    {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", KeyLogLabel::client_handshake_traffic_secret, true},
    {"SERVER_HANDSHAKE_TRAFFIC_SECRET", KeyLogLabel::server_handshake_traffic_secret, true},
    {"CLIENT_TRAFFIC_SECRET_0", KeyLogLabel::client_traffic_secret_0, true},
    {"SERVER_TRAFFIC_SECRET_0", KeyLogLabel::server_traffic_secret_0, true},
    {"EARLY_EXPORTER_SECRET", KeyLogLabel::early_exporter_secret, true},
    {"EXPORTER_SECRET", KeyLogLabel::exporter_secret, true},
    {"ECH_SECRET", KeyLogLabel::ech_secret, true},
    {"ECH_CONFIG", KeyLogLabel::ech_config, true},
    {"RSA", KeyLogLabel::rsa, false},
    {"RSA Session-ID", KeyLogLabel::rsa_session_id, false},
    {"PMS_CLIENT_RANDOM", KeyLogLabel::pms_client_random, true},
}};

// One secret: its id and its value stand behind one another in a chunk of memory that is cleansed.
struct Line {
  std::uint32_t chunk = 0;
  std::uint32_t offset = 0;
  std::uint16_t id_size = 0;
  std::uint16_t secret_size = 0;
  std::uint32_t source = 0;
  KeyLogLabel label = KeyLogLabel::client_random;
};

constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

// Of the table: with the hash beside it, most of what is not looked for is passed over without a look at it,
// and the table grows without one.
struct Place {
  std::uint32_t entry = kFree;  // its number
  std::uint32_t hash = 0;
};

std::uint32_t hash_of(KeyLogLabel label, ByteView id) {
  return static_cast<std::uint32_t>(keyed_hash(id, static_cast<std::uint64_t>(label)));
}

}  // namespace

std::string_view key_log_label_name(KeyLogLabel label) {
  return kLabels[static_cast<std::size_t>(label)].name;
}

bool is_by_client_random(KeyLogLabel label) {
  return kLabels[static_cast<std::size_t>(label)].by_client_random;
}

struct KeyLog::State {
  static constexpr std::size_t kChunkSize = std::size_t{1} << 20;
  std::vector<SecretBytes> chunks;
  std::size_t used = kChunkSize;  // of the last chunk
  std::vector<Line> entries;
  std::vector<Place> table;            // open addressing, a power of two
  std::vector<Statistics> statistics;  // by source
  std::size_t problems_kept = 0;

  ByteView id(const Line& e) const { return chunks[e.chunk].view().subspan(e.offset, e.id_size); }
  ByteView secret(const Line& e) const {
    return chunks[e.chunk].view().subspan(e.offset + std::size_t{e.id_size}, e.secret_size);
  }
  // Where an entry stands, or would stand.
  std::size_t slot(std::uint32_t hash, KeyLogLabel label, ByteView wanted) const;
  const Line* find(KeyLogLabel label, ByteView wanted) const;
  void grow_table();
  // Room for the parts of one line, in one piece.
  std::span<std::uint8_t> room(std::size_t size);
  Statistics& of(std::uint32_t source);
  void add(const KeyLogLine& line, std::uint64_t number, std::uint32_t source);
  // A line for which there is an entry already.
  void note_known(Statistics& counts, const Line& known, ByteView again, std::uint64_t number);
  void report(Statistics& of_source, std::uint64_t number, std::string_view what);
};

KeyLog::KeyLog() : state_(std::make_unique<State>()) {}
KeyLog::~KeyLog() = default;
KeyLog::KeyLog(KeyLog&&) noexcept = default;
KeyLog& KeyLog::operator=(KeyLog&&) noexcept = default;

void KeyLog::add(ByteView text, std::uint32_t source, std::uint64_t first_line) {
  std::string_view rest = as_text(text);
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  (void)state_->of(source);
  for (std::uint64_t number = first_line; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = trimmed(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.front() == '#') continue;
    state_->add(split_key_log_line(line), number, source);
  }
}

std::optional<KeyLog::Found> KeyLog::find(KeyLogLabel label, ByteView id) const {
  const Line* entry = state_->find(label, id);
  if (entry == nullptr) return std::nullopt;
  return Found{state_->secret(*entry), entry->source};
}

std::vector<KeyLog::Entry> KeyLog::of_label(KeyLogLabel label, std::size_t most) const {
  std::vector<Entry> out;
  for (const Line& line : state_->entries) {
    if (out.size() == most) break;
    if (line.label == label) out.push_back({state_->id(line), {state_->secret(line), line.source}});
  }
  return out;
}

bool KeyLog::knows(ByteView client_random) const {
  return std::ranges::any_of(kLabels, [&](const LabelRow& row) {
    return row.by_client_random && state_->find(row.label, client_random) != nullptr;
  });
}

KeyLog::Statistics KeyLog::statistics(std::uint32_t source) const {
  return source < state_->statistics.size() ? state_->statistics[source] : Statistics();
}

std::size_t KeyLog::memory() const {
  return state_->chunks.size() * State::kChunkSize;
}

std::size_t KeyLog::size() const {
  return state_->entries.size();
}

std::size_t KeyLog::State::slot(std::uint32_t hash, KeyLogLabel label, ByteView wanted) const {
  const std::size_t mask = table.size() - 1;
  std::size_t at = hash & mask;
  for (; table[at].entry != kFree; at = (at + 1) & mask) {
    if (table[at].hash != hash) continue;
    const Line& entry = entries[table[at].entry];
    if (entry.label == label && std::ranges::equal(id(entry), wanted)) return at;
  }
  return at;
}

const Line* KeyLog::State::find(KeyLogLabel label, ByteView wanted) const {
  if (table.empty()) return nullptr;
  const std::uint32_t number = table[slot(hash_of(label, wanted), label, wanted)].entry;
  return number == kFree ? nullptr : &entries[number];
}

// At most half full, after one more.
void KeyLog::State::grow_table() {
  constexpr std::size_t kSmallest = 64;
  if (2 * (entries.size() + 1) <= table.size()) return;
  std::vector<Place> larger(std::max(kSmallest, 2 * table.size()));
  const std::size_t mask = larger.size() - 1;
  for (const Place& place : table) {
    if (place.entry == kFree) continue;
    std::size_t at = place.hash & mask;
    while (larger[at].entry != kFree) at = (at + 1) & mask;
    larger[at] = place;
  }
  table = std::move(larger);
}

std::span<std::uint8_t> KeyLog::State::room(std::size_t size) {
  if (kChunkSize - used < size) {
    chunks.emplace_back(kChunkSize);
    used = 0;
  }
  return chunks.back().mutable_view().subspan(used, size);
}

KeyLog::Statistics& KeyLog::State::of(std::uint32_t source) {
  if (source >= statistics.size()) statistics.resize(std::size_t{source} + 1);
  return statistics[source];
}

void KeyLog::State::report(Statistics& of_source, std::uint64_t number, std::string_view what) {
  if (of_source.problems.size() < kProblemsNamed && problems_kept < kProblemsKept) {
    ++problems_kept;
    of_source.problems.push_back(fmt::format("line {}: {}", number, what));
  }
}

void KeyLog::State::note_known(Statistics& counts, const Line& known, ByteView again, std::uint64_t number) {
  const bool same = std::ranges::equal(secret(known), again);
  ++(same ? counts.duplicates : counts.contradictions);
  if (same) return;
  report(counts, number,
         fmt::format("another {} for the same connection; the first one counts",
                     key_log_label_name(known.label)));
}

void KeyLog::State::add(const KeyLogLine& line, std::uint64_t number, std::uint32_t source) {
  Statistics& counts = of(source);
  if (!line.problem.empty()) {
    ++counts.malformed;
    report(counts, number, line.problem);
    return;
  }
  if (!line.label) {
    ++counts.other_labels;
    return;
  }
  const std::size_t id_size = line.id.size() / 2;
  const std::size_t secret_size = line.secret.size() / 2;
  const std::span<std::uint8_t> place = room(id_size + secret_size);
  decode_hex(line.id, place.first(id_size));
  decode_hex(line.secret, place.subspan(id_size));
  grow_table();
  const ByteView id = place.first(id_size);
  const std::uint32_t hash = hash_of(*line.label, id);
  Place& there = table[slot(hash, *line.label, id)];
  if (there.entry != kFree) {
    note_known(counts, entries[there.entry], place.subspan(id_size), number);
    cleanse(place);
    return;
  }
  there = {static_cast<std::uint32_t>(entries.size()), hash};
  entries.push_back({static_cast<std::uint32_t>(chunks.size() - 1), static_cast<std::uint32_t>(used),
                     static_cast<std::uint16_t>(id_size), static_cast<std::uint16_t>(secret_size), source,
                     *line.label});
  used += place.size();
  ++counts.secrets;
}

}  // namespace tlspeel::secrets
