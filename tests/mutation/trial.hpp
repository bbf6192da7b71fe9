// A case of testdata/captures, ready to be run in this process: its arguments, secrets and capture files, and
// the whole pipeline over a damaged copy of one of the files, or over slices of some of them of which one is
// damaged. Relative names in the arguments are those of the case's folder, which must be the current one.
// Errors are one sentence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/secrets/store.hpp"

#include "capture_map.hpp"
#include "cli/options.hpp"
#include "mutant.hpp"

namespace tlspeel::mutation {

struct CaptureFile {
  std::string name;
  Bytes bytes;
  CaptureMap map;
  std::vector<std::size_t> connection_of;  // each packet
};

struct MutantFile {
  std::size_t file = 0;        // which of the case's captures it stands for
  std::optional<Bytes> bytes;  // none: it is that one
};

struct Mutant {
  std::vector<MutantFile> files;
  std::uint64_t choices = 0;  // how it is shown: format, options
};

class Case {
 public:
  static Result<Case> load(const std::string& name);

  Mutant mutant(std::uint64_t run_seed, std::uint64_t number) const;
  // The files as they are.
  Mutant undamaged() const;
  // A digest of everything that came out.
  std::uint64_t run(const Mutant& mutant, std::size_t threads);

  // How the command shows what run() does, but for the captures: a word each.
  std::vector<std::string> arguments(const Mutant& mutant) const;

  const std::string& name() const { return name_; }
  const std::string& file_name(std::size_t file) const { return files_.at(file).name; }
  std::size_t size() const;  // bytes of all captures

 private:
  Result<void> load_secrets();
  Mutant of_whole_files(std::size_t damaged, Random& random) const;
  Mutant of_slices(std::size_t damaged, Random& random) const;

  std::string name_;
  cli::Options options_;
  std::vector<CaptureFile> files_;
  secrets::Store store_;
  bool captures_added_secrets_ = false;  // they stay in the store: the next run needs a new one
  std::vector<std::string> words_;       // of the file args
};

}  // namespace tlspeel::mutation
