// Runs damaged copies of the captures of testdata/captures through the whole pipeline. run.sh says how to use
// it. Exit code 0: nothing was found; 1: something was; 2: could not run.
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "supervisor.hpp"
#include "trial.hpp"

namespace tlspeel::mutation {
namespace {

struct Arguments {
  std::vector<std::string> folders;
  Plan plan;
  std::uint64_t seed = 1;
  std::string failed = "mutants";  // where mutants with a finding are written to
  bool write_only = false;
};

class DamagedCase final : public Subject {
 public:
  DamagedCase(Case& one, std::uint64_t seed) : one_(&one), seed_(seed) {}
  void run_undamaged() override { (void)one_->run(one_->undamaged(), 1); }
  std::uint64_t run(std::uint64_t number, std::size_t threads) override {
    return one_->run(one_->mutant(seed_, number), threads);
  }
  std::size_t size() const override { return one_->size(); }

 private:
  Case* one_;
  std::uint64_t seed_;
};

// For a shell.
std::string quoted(const std::string& word) {
  std::string out = "'";
  for (const char letter : word) out += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return out + "'";
}

void write_file(const std::filesystem::path& path, ByteView bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  const std::string_view text = as_text(bytes);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

// Writes the files of a mutant into a folder of their own. Returns the command that shows it.
std::string save(const Case& one, const Arguments& arguments, std::uint64_t number) {
  const Mutant mutant = one.mutant(arguments.seed, number);
  const std::filesystem::path folder =
      std::filesystem::path(arguments.failed) / fmt::format("{}-{}-{}", one.name(), arguments.seed, number);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  std::string command = fmt::format("cd {} && tlspeel", quoted(std::filesystem::current_path().string()));
  for (const MutantFile& file : mutant.files) {
    const std::string& name = one.file_name(file.file);
    if (file.bytes) write_file(folder / name, *file.bytes);
    command += ' ' + quoted(file.bytes ? (folder / name).string() : name);
  }
  for (const std::string& word : one.arguments(mutant)) command += ' ' + quoted(word);
  return command + fmt::format(" --save-streams {} --keylog-out {}", quoted((folder / "streams").string()),
                               quoted((folder / "keys.log").string()));
}

// How many findings.
std::size_t report(const Case& one, const Arguments& arguments, const Figures& figures) {
  fmt::print(
      "{:28} {:>7} mutants  {:7.1f} a second  slowest {:6.3f} s (undamaged {:6.3f} s)  {:4} MB  {} "
      "findings\n",
      one.name(), figures.run, figures.seconds > 0 ? static_cast<double>(figures.run) / figures.seconds : 0,
      figures.slowest, figures.undamaged, figures.memory_kb / 1024, figures.findings.size());
  for (const Finding& finding : figures.findings) {
    fmt::print(
        "  mutant {}: {}\n  again: tests/mutation/run.sh --case {} --seed {} --first {} --count 1\n"
        "  written for: {}\n",
        finding.number, finding.what, one.name(), arguments.seed, finding.number,
        save(one, arguments, finding.number));
  }
  (void)std::fflush(stdout);
  return figures.findings.size();
}

int run(const Arguments& arguments) {
  std::size_t findings = 0;
  for (const std::string& folder : arguments.folders) {
    std::filesystem::current_path(folder);
    auto one = Case::load(std::filesystem::path(folder).filename().string());
    if (!one) {
      fmt::print(stderr, "{}: {}\n", folder, one.error().message);
      return 2;
    }
    if (arguments.write_only) {
      fmt::print("{}\n", save(*one, arguments, arguments.plan.first));
      continue;
    }
    DamagedCase damaged(*one, arguments.seed);
    const auto figures = run_mutants(damaged, arguments.plan);
    if (!figures) {
      fmt::print(stderr, "{}: {}\n", folder, figures.error().message);
      return 2;
    }
    findings += report(*one, arguments, *figures);
  }
  return findings == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tlspeel::mutation

int main(int argc, char** argv) {
  using namespace tlspeel::mutation;
  try {
    Arguments arguments;
    CLI::App app("Runs damaged copies of captures through the whole pipeline.");
    app.add_option("FOLDER", arguments.folders, "cases of testdata/captures")->required();
    app.add_option("--count", arguments.plan.count, "mutants of each case")->default_val(100);
    app.add_option("--first", arguments.plan.first, "number of the first mutant")->default_val(0);
    app.add_option("--seed", arguments.seed, "another seed, other mutants")->default_val(1);
    app.add_option("--failed", arguments.failed, "folder for mutants with a finding")->default_val("mutants");
    app.add_flag("--write", arguments.write_only, "write the first mutant there, run nothing");
    CLI11_PARSE(app, argc, argv);
    arguments.failed = std::filesystem::absolute(arguments.failed).string();
    for (std::string& folder : arguments.folders) folder = std::filesystem::canonical(folder).string();
    return run(arguments);
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "mutants: %s\n", error.what());
    return 2;
  }
}
