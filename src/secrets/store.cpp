#include "tlspeel/secrets/store.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <mutex>
#include <shared_mutex>
#include <utility>

#include <fmt/format.h>

#include "file_bytes.hpp"
#include "growing_file.hpp"
#include "later_secrets.hpp"

namespace tlspeel::secrets {
namespace {

// A log of ten million lines; more would not fit in memory either.
constexpr std::size_t kLongestKeyLog = std::size_t{4} << 30;

struct LogFile {
  std::string path;
  std::string label;
};

// Those that stand in captures.
struct CaptureSecrets {
  LaterSecrets secrets;
  mutable std::shared_mutex mutex;    // guards everything below
  std::vector<std::string> captures;  // by origin: their names
  std::vector<std::string> labels;    // of the same; two captures in different folders may have one name

  std::size_t number_of(std::string_view capture);
  std::string label(std::size_t origin) const;
};

std::string counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string CaptureSecrets::label(std::size_t origin) const {
  const std::shared_lock lock(mutex);
  return labels[origin];
}

std::size_t CaptureSecrets::number_of(std::string_view capture) {
  const std::unique_lock lock(mutex);
  const auto known = std::ranges::find(captures, capture);
  if (known != captures.end()) return static_cast<std::size_t>(known - captures.begin());
  captures.emplace_back(capture);
  std::string label = "secrets in " + std::filesystem::path(capture).filename().string();
  if (std::ranges::find(labels, label) != labels.end()) label = "secrets in " + captures.back();
  labels.push_back(std::move(label));
  return captures.size() - 1;
}

}  // namespace

struct Store::State {
  PrivateKeys keys;
  KeyLog log;  // of the files given; the source is their position
  std::vector<LogFile> log_files;
  Psks psks;
  TicketKeys ticket_keys;
  CaptureSecrets capture;
  std::vector<GrowingFile> growing;  // by the numbers of log_files
  LaterSecrets grown;                // lines that came to them; the origin is the number, too

  std::string label_for(const std::string& path) const;
  std::vector<KeyLog::Statistics> of_log_files() const;
  Result<void> add_key_log(const std::string& path);
  Result<void> load(const Config& config);
};

Store::Store() : state_(std::make_unique<State>()) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

Result<Store> Store::load(const Config& config) {
  Store store;
  if (const auto loaded = store.state_->load(config); !loaded) return tl::unexpected<Error>(loaded.error());
  return store;
}

Result<void> Store::State::load(const Config& config) {
  Result<void> added;
  for (const std::string& path : config.key_paths) {
    if (added = keys.add_path(path, config.password); !added) return added;
  }
  for (const std::string& path : config.keylog_paths) {
    if (added = add_key_log(path); !added) return added;
  }
  for (const std::string& psk : config.psks) {
    if (added = psks.add(psk); !added) return added;
  }
  for (const std::string& path : config.psk_paths) {
    if (added = psks.add_file(path); !added) return added;
  }
  for (const std::string& path : config.ticket_key_paths) {
    if (added = ticket_keys.add_file(path, label_for(path)); !added) return added;
  }
  return {};
}

// The file's name, or the path where another secret is called the same.
std::string Store::State::label_for(const std::string& path) const {
  std::string name = std::filesystem::path(path).filename().string();
  const bool taken =
      std::ranges::any_of(keys.keys(), [&](const LoadedKey& key) { return key.label == name; }) ||
      std::ranges::any_of(log_files, [&](const LogFile& file) { return file.label == name; }) ||
      std::ranges::any_of(ticket_keys.files(),
                          [&](const TicketKeys::File& file) { return file.label == name; });
  return taken || name.empty() ? path : name;
}

Result<void> Store::State::add_key_log(const std::string& path) {
  const auto file = read_secret_file(path, kLongestKeyLog, "a key log");
  if (!file) return tl::unexpected<Error>(file.error());
  log.add(file->view(), static_cast<std::uint32_t>(log_files.size()));
  log_files.push_back({path, label_for(path)});
  growing.emplace_back(path, file->view());
  return {};
}

std::vector<Store::Match> Store::candidates(ByteView certificate_spki_sha256,
                                            std::size_t encrypted_size) const {
  std::vector<Match> matches;
  const auto& keys = state_->keys.keys();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const crypto::PrivateKey& key = keys[i].key;
    const bool matches_certificate = std::ranges::equal(key.spki_sha256(), certificate_spki_sha256);
    const bool matches_size = key.rsa_modulus_size() == encrypted_size;
    if (key.is_rsa() && (certificate_spki_sha256.empty() ? matches_size : matches_certificate)) {
      matches.push_back({&key, i, keys[i].label});
    }
  }
  return matches;
}

std::optional<Store::Match> Store::key_of_certificate(ByteView certificate_spki_sha256) const {
  const auto& keys = state_->keys.keys();
  for (std::size_t i = 0; i < keys.size() && !certificate_spki_sha256.empty(); ++i) {
    if (std::ranges::equal(keys[i].key.spki_sha256(), certificate_spki_sha256)) {
      return Match{&keys[i].key, i, keys[i].label};
    }
  }
  return std::nullopt;
}

std::optional<Store::Match> Store::key_of_public(ByteView public_key) const {
  const auto& keys = state_->keys.keys();
  for (std::size_t i = 0; i < keys.size() && !public_key.empty(); ++i) {
    if (std::ranges::equal(keys[i].key.public_key(), public_key)) {
      return Match{&keys[i].key, i, keys[i].label};
    }
  }
  return std::nullopt;
}

std::optional<Store::Logged> Store::logged(KeyLogLabel label, ByteView id, std::uint64_t packet) const {
  if (const auto found = state_->log.find(label, id)) {
    return Logged{SecretBytes(found->secret), state_->log_files[found->source].label};
  }
  if (auto found = state_->grown.find(label, id, packet)) {
    return Logged{std::move(found->secret), state_->log_files[found->origin].label};
  }
  if (auto found = state_->capture.secrets.find(label, id, packet)) {
    return Logged{std::move(found->secret), state_->capture.label(found->origin)};
  }
  return std::nullopt;
}

std::vector<Store::LoggedOf> Store::all_logged(KeyLogLabel label, ByteView client_random,
                                               std::uint64_t packet, std::size_t most) const {
  std::vector<LoggedOf> out;
  if (!client_random.empty()) {
    if (auto one = logged(label, client_random, packet)) {
      out.push_back({to_bytes(client_random), std::move(one->secret)});
    }
    return out;
  }
  for (const KeyLog::Entry& each : state_->log.of_label(label, most)) {
    out.push_back({to_bytes(each.id), SecretBytes(each.found.secret)});
  }
  for (const LaterSecrets* const later : {&state_->grown, &state_->capture.secrets}) {
    later->append_of_label(label, packet, most, out);
  }
  return out;
}

bool Store::logged_any(ByteView client_random, std::uint64_t packet) const {
  if (state_->log.knows(client_random)) return true;
  for (std::size_t i = 0; i < kKeyLogLabels; ++i) {
    const auto label = static_cast<KeyLogLabel>(i);
    if (is_by_client_random(label) && logged(label, client_random, packet)) return true;
  }
  return false;
}

bool Store::has_key_log(std::uint64_t packet) const {
  return !state_->log_files.empty() || state_->capture.secrets.any(packet);
}

bool Store::has_private_keys() const {
  return !state_->keys.keys().empty();
}

const Psks& Store::psks() const {
  return state_->psks;
}

const TicketKeys& Store::ticket_keys() const {
  return state_->ticket_keys;
}

void Store::add_capture_secrets(std::uint64_t after_packet, std::string_view capture_name, ByteView key_log) {
  CaptureSecrets& capture = state_->capture;
  capture.secrets.add(after_packet, capture.number_of(capture_name), key_log);
}

void Store::read_on(std::uint64_t after_packet) {
  for (std::size_t i = 0; i < state_->growing.size(); ++i) {
    const GrowingFile::Lines added = state_->growing[i].added();
    if (!added.text.empty()) state_->grown.add(after_packet, i, added.text.view(), added.first);
  }
}

bool Store::empty() const {
  return empty(std::numeric_limits<std::uint64_t>::max());
}

bool Store::empty(std::uint64_t packet) const {
  return state_->keys.keys().empty() && state_->psks.all().empty() && state_->ticket_keys.empty() &&
         !has_key_log(packet);
}

// By their numbers, with what came to them since they were read.
std::vector<KeyLog::Statistics> Store::State::of_log_files() const {
  std::vector<KeyLog::Statistics> out = grown.statistics();
  out.resize(log_files.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    KeyLog::Statistics whole = log.statistics(static_cast<std::uint32_t>(i));
    add_up(whole, out[i]);
    out[i] = std::move(whole);
  }
  return out;
}

std::vector<Store::Described> Store::secrets() const {
  std::vector<Described> out;
  for (const LoadedKey& loaded : state_->keys.keys()) {
    out.push_back({"private key", loaded.label, loaded.key.description()});
  }
  const auto of_files = state_->of_log_files();
  for (std::size_t i = 0; i < of_files.size(); ++i) {
    out.push_back({"key log", state_->log_files[i].label, counted(of_files[i].secrets, "secret")});
  }
  const auto of_captures = state_->capture.secrets.statistics();
  for (std::size_t i = 0; i < of_captures.size(); ++i) {
    out.push_back(
        {"secrets in the capture", state_->capture.label(i), counted(of_captures[i].secrets, "secret")});
  }
  for (const Psk& psk : state_->psks.all()) {
    out.push_back({"pre-shared key", psk.label, counted(psk.key.size(), "byte")});
  }
  for (const TicketKeys::File& file : state_->ticket_keys.files()) {
    out.push_back({"ticket key", file.label, file.description});
  }
  return out;
}

namespace {

// "keys.log: 12 malformed lines (line 7: ...)"
void warn(std::vector<std::string>& out, const std::string& name, const KeyLog::Statistics& s, bool a_file) {
  std::vector<std::string> counts;
  if (s.malformed != 0) counts.push_back(counted(s.malformed, "malformed line"));
  if (s.contradictions != 0) counts.push_back(counted(s.contradictions, "contradiction"));
  if (!counts.empty()) {
    const bool more = s.malformed + s.contradictions > s.problems.size();
    const std::string named = fmt::format("{}{}", fmt::join(s.problems, "; "), more ? "; ..." : "");
    out.push_back(fmt::format("{}: {}{}", name, fmt::join(counts, " and "),
                              s.problems.empty() ? "" : fmt::format(" ({})", named)));
  }
  if (a_file && s.secrets + s.duplicates == 0) out.push_back(name + ": no secret in this key log");
}

}  // namespace

std::vector<std::string> Store::warnings() const {
  std::vector<std::string> out;
  const auto of_files = state_->of_log_files();
  for (std::size_t i = 0; i < of_files.size(); ++i) warn(out, state_->log_files[i].path, of_files[i], true);
  // One sentence for each capture, however many blocks it has.
  const auto of_captures = state_->capture.secrets.statistics();
  for (std::size_t i = 0; i < of_captures.size(); ++i) {
    warn(out, state_->capture.label(i), of_captures[i], false);
  }
  if (state_->capture.secrets.too_many())
    out.emplace_back("more secrets in the captures than are kept; the last ones are ignored");
  if (state_->grown.too_many())
    out.emplace_back("the key logs grew by more secrets than are kept; the last ones are ignored");
  for (const std::string& warning : state_->keys.warnings()) out.push_back(warning);
  return out;
}

}  // namespace tlspeel::secrets
