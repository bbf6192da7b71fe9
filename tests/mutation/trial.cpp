#include "trial.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tlspeel/output/formats.hpp"
#include "tlspeel/output/key_log_saver.hpp"
#include "tlspeel/output/stream_saver.hpp"
#include "tlspeel/pipeline/run.hpp"

#include "cli/load_secrets.hpp"
#include "mutant.hpp"

namespace tlspeel::mutation {
namespace {

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
  std::uint64_t value() const { return value_; }

 private:
  void add(ByteView bytes) {
    for (const std::uint8_t byte : bytes) value_ = (value_ ^ byte) * 0x100000001b3;  // FNV-1a
  }
  std::uint64_t value_ = 0xcbf29ce484222325;
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

Result<cli::Options> read_options(const std::vector<std::string>& captures) {
  std::vector<std::string> words{"tlspeel"};
  words.insert(words.end(), captures.begin(), captures.end());
  std::ifstream arguments("args");
  for (std::string line; std::getline(arguments, line);) words.push_back(line);
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

}  // namespace

Result<Case> Case::load(const std::string& name) {
  const std::vector<std::string> captures = capture_names();
  auto options = read_options(captures);
  if (!options) return tl::unexpected<Error>(options.error());
  Case loaded;
  loaded.name_ = name;
  loaded.options_ = *std::move(options);
  for (const std::string& capture : captures) {
    CaptureFile file{capture, read_file(capture), {}};
    file.map = map_capture(file.bytes);
    loaded.captures_may_hold_secrets_ |= !file.map.classic;
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
  Mutant made;
  made.choices = random.next();
  made.file = random.below(files_.size());
  const CaptureFile& file = files_.at(made.file);
  made.bytes = make_mutant(file.bytes, file.map, random);
  return made;
}

Mutant Case::undamaged() const {
  return {0, files_.front().bytes, 0};
}

std::uint64_t Case::run(const Mutant& mutant, std::size_t threads) {
  if (captures_may_hold_secrets_ && !load_secrets()) std::abort();  // they were loaded once
  const MemoryFile file(mutant.bytes);
  pipeline::RunConfig config;
  for (const CaptureFile& each : files_) config.captures.push_back(each.name);
  config.captures.at(mutant.file) = file.path();
  config.threads = threads;
  const output::TextOptions text = text_options(mutant.choices);
  config.plaintext = true;
  config.keylog_lines = true;
  config.reveal_secrets = text.show_secrets;
  Digest shown;
  Digest saved;
  Digest logged;
  const auto formats = output::formats();
  const auto& format = formats[mutant.choices / 32 % formats.size()];
  const auto writer = format.make(text, shown);
  output::StreamSaver saver(saved);
  output::KeyLogSaver key_log(logged);
  const auto report = pipeline::run(config, store_, {writer.get(), &saver, {}, &key_log});
  if (!report) shown.write(report.error().message);
  return shown.value() ^ saved.value() * 3 ^ logged.value() * 5;
}

std::size_t Case::size() const {
  std::size_t total = 0;
  for (const CaptureFile& file : files_) total += file.bytes.size();
  return total;
}

}  // namespace tlspeel::mutation
