#include "trial.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tlspeel/output/certificate_saver.hpp"
#include "tlspeel/output/decrypted_pcap.hpp"
#include "tlspeel/output/formats.hpp"
#include "tlspeel/output/key_log_saver.hpp"
#include "tlspeel/output/stream_saver.hpp"
#include "tlspeel/pipeline/capture_with_secrets.hpp"
#include "tlspeel/pipeline/run.hpp"

#include "cli/load_secrets.hpp"
#include "mutant.hpp"
#include "slice.hpp"

namespace tlspeel::mutation {
namespace {

// Now and then all that a case has, as connections have state in common; mostly little, as that is quick.
constexpr std::size_t kWholeEvery = 32;
constexpr std::size_t kMostConnections = 4;
constexpr std::size_t kMostConnectionsOfOthers = 2;  // in files without damage

class Digest final : public output::ByteSink, public output::FileStore {
 public:
  void write(std::string_view bytes) override { add(as_bytes(bytes)); }
  void flush() override {}
  void append(const std::string& name, ByteView bytes) override {
    add(as_bytes(name));
    add(bytes);
  }
  void skip(const std::string& name, std::uint64_t count) override {
    add(as_bytes(name + '+' + std::to_string(count)));
  }
  void remove(const std::string& name) override { add(as_bytes('-' + name)); }
  // Of all that was written; nothing may be written behind it.
  std::uint64_t value() {
    end_block();
    return value_;
  }

 private:
  // In blocks of one size: in which parts it was written does not count.
  static constexpr std::size_t kBlock = std::size_t{1} << 16;
  void add(ByteView bytes) {
    std::string_view text = as_text(bytes);
    while (!text.empty()) {
      const std::string_view part = text.substr(0, kBlock - block_.size());
      block_ += part;
      text.remove_prefix(part.size());
      if (block_.size() == kBlock) end_block();
    }
  }
  void end_block() {
    value_ = (value_ ^ std::hash<std::string>{}(block_)) * 0x100000001b3;
    block_.clear();
  }
  std::uint64_t value_ = 0xcbf29ce484222325;
  std::string block_;
};

// A file without a place in a file system; it goes with this object.
class MemoryFile {
 public:
  explicit MemoryFile(ByteView bytes) : descriptor_(memfd_create("mutant", MFD_CLOEXEC)) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written <= 0) std::abort();  // no memory: nothing can be said about the mutant
      bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
  }
  ~MemoryFile() { (void)::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  std::string path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

 private:
  int descriptor_;
};

Bytes read_file(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return to_bytes(as_bytes(text));
}

std::vector<std::string> capture_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(".")) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with("capture")) continue;
    // A folder of captures: those in it, which have the extension that tells them from what lies beside them.
    if (entry.is_directory()) {
      for (const auto& inside : std::filesystem::directory_iterator(entry.path())) {
        const std::string file = inside.path().filename().string();
        if (!file.starts_with('.') && file.find(".pcap") != std::string::npos)
          names.push_back(name + '/' + file);
      }
    }
    if (entry.is_regular_file()) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> read_lines(const std::string& name) {
  std::vector<std::string> lines;
  std::ifstream file(name);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

Result<cli::Options> read_options(const std::vector<std::string>& captures,
                                  const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"tlspeel"};
  words.insert(words.end(), captures.begin(), captures.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<const char*> pointers;
  pointers.reserve(words.size());
  for (const std::string& word : words) pointers.push_back(word.c_str());
  auto parsed = cli::parse_options(static_cast<int>(pointers.size()), pointers.data());
  if (const auto* exit = std::get_if<cli::Exit>(&parsed)) return fail("args: " + exit->text);
  return std::get<cli::Options>(std::move(parsed));
}

// Every way of showing gets its share of the mutants.
output::TextOptions text_options(std::uint64_t choices) {
  output::TextOptions text;
  text.verbose = (choices & 1) != 0;
  text.explain = (choices & 2) != 0;
  text.show_secrets = (choices & 4) != 0;
  text.order = (choices & 8) != 0 ? output::Order::time : output::Order::connection;
  text.color = (choices & 16) != 0;
  return text;
}

const output::FormatRow& format_of(std::uint64_t choices) {
  const auto formats = output::formats();
  return formats[choices / 32 % formats.size()];
}

// Secrets that stood in captures are in the store since.
bool holds_secrets_of_captures(const secrets::Store& store) {
  return std::ranges::any_of(store.secrets(), [](const secrets::Store::Described& secret) {
    return secret.kind == "secrets in the capture";
  });
}

}  // namespace

Result<Case> Case::load(const std::string& name) {
  const std::vector<std::string> captures = capture_names();
  Case loaded;
  loaded.words_ = read_lines("args");
  auto options = read_options(captures, loaded.words_);
  if (!options) return tl::unexpected<Error>(options.error());
  loaded.name_ = name;
  loaded.options_ = *std::move(options);
  Connections connections;
  for (const std::string& capture : captures) {
    CaptureFile file{capture, read_file(capture), {}, {}};
    file.map = map_capture(file.bytes);
    file.connection_of = connections.of_packets(file.bytes, file.map);
    loaded.files_.push_back(std::move(file));
  }
  if (loaded.files_.empty()) return fail("there is no file capture*");
  if (auto secrets = loaded.load_secrets(); !secrets) return tl::unexpected<Error>(secrets.error());
  return loaded;
}

Result<void> Case::load_secrets() {
  auto loaded = cli::load_secrets(options_, false);
  if (!loaded) return tl::unexpected<Error>(loaded.error());
  store_ = *std::move(loaded);
  return {};
}

Mutant Case::mutant(std::uint64_t run_seed, std::uint64_t number) const {
  Random random(seed_of(run_seed, name_, number));
  const std::uint64_t choices = random.next();
  const std::size_t damaged = random.below(files_.size());
  Mutant made = random.one_in(kWholeEvery) ? of_whole_files(damaged, random) : of_slices(damaged, random);
  made.choices = choices;
  return made;
}

Mutant Case::of_whole_files(std::size_t damaged, Random& random) const {
  Mutant made = undamaged();
  const CaptureFile& file = files_.at(damaged);
  made.files.at(damaged).bytes = make_mutant(file.bytes, file.map, random);
  return made;
}

Mutant Case::of_slices(std::size_t damaged, Random& random) const {
  const std::set<std::size_t> files = choose_files(damaged, files_.size(), random);
  std::set<std::size_t> connections;
  for (const std::size_t each : files) {
    const std::size_t most = each == damaged ? kMostConnections : kMostConnectionsOfOthers;
    choose_connections(files_.at(each).connection_of, most, random, connections);
  }
  Mutant made;
  for (const std::size_t each : files) {
    const CaptureFile& file = files_.at(each);
    Bytes bytes = slice(file.bytes, file.map, file.connection_of, connections);
    if (each == damaged) bytes = make_mutant(bytes, map_capture(bytes), random);
    made.files.push_back({each, std::move(bytes)});
  }
  return made;
}

Mutant Case::undamaged() const {
  Mutant whole;
  for (std::size_t i = 0; i < files_.size(); ++i) whole.files.push_back({i, std::nullopt});
  return whole;
}

std::vector<std::string> Case::arguments(const Mutant& mutant) const {
  std::vector<std::string> words = words_;
  const output::TextOptions text = text_options(mutant.choices);
  words.insert(words.end(), {"--format", std::string(format_of(mutant.choices).name), "--order",
                             text.order == output::Order::time ? "time" : "connection", "--color",
                             text.color ? "always" : "never"});
  if (text.verbose) words.emplace_back("--verbose");
  if (text.explain) words.emplace_back("--explain");
  if (text.show_secrets) words.emplace_back("--show-secrets");
  return words;
}

std::uint64_t Case::run(const Mutant& mutant, std::size_t threads) {
  if (captures_added_secrets_ && !load_secrets()) std::abort();  // they were loaded once
  pipeline::RunConfig config;
  std::vector<std::unique_ptr<MemoryFile>> held;
  for (const MutantFile& file : mutant.files) {
    if (file.bytes) held.push_back(std::make_unique<MemoryFile>(*file.bytes));
    config.captures.push_back(file.bytes ? held.back()->path() : file_name(file.file));
  }
  config.filter = options_.filter;
  config.threads = threads;
  const output::TextOptions text = text_options(mutant.choices);
  config.plaintext = true;
  config.keylog_lines = true;
  config.body_pieces = true;
  config.http2_frames = true;
  config.fingerprints = true;
  config.reveal_secrets = text.show_secrets;
  Digest shown;
  Digest saved;
  Digest logged;
  Digest plain;
  Digest certificates;
  const MemoryFile handed_on({});
  const auto writer = format_of(mutant.choices).make(text, shown);
  output::StreamSaver saver(saved);
  output::KeyLogSaver key_log(logged);
  output::DecryptedPcap decrypted(plain, {{443, 80}});
  output::CertificateSaver certificate_saver(certificates);
  const auto with_secrets = pipeline::CaptureWithSecrets::open(
      handed_on.path(), (mutant.choices & 1) != 0
                            ? pipeline::CaptureWithSecrets::Packets::all
                            : pipeline::CaptureWithSecrets::Packets::of_chosen_connections);
  if (!with_secrets) std::abort();  // no room: nothing can be said about the mutant
  pipeline::Outputs outputs{
      {writer.get(), &saver, &key_log, &decrypted, &certificate_saver, with_secrets->get()}};
  outputs.packets = [&](const pipeline::ReadPacket& read) { (*with_secrets)->take(read); };
  const auto report = pipeline::run(config, store_, outputs);
  (*with_secrets)->close();
  Digest packets;
  packets.write(as_text(read_file(handed_on.path())));
  if (!report) shown.write(report.error().message);
  captures_added_secrets_ = holds_secrets_of_captures(store_);
  return shown.value() ^ saved.value() * 3 ^ logged.value() * 5 ^ plain.value() * 7 ^
         certificates.value() * 11 ^ packets.value() * 13;
}

std::size_t Case::size() const {
  std::size_t total = 0;
  for (const CaptureFile& file : files_) total += file.bytes.size();
  return total;
}

}  // namespace tlspeel::mutation
