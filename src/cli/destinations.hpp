// Where a run writes to: the files and directories that the options name, and the writers that fill them.
// Lives as long as the run. Not thread safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/result.hpp"
#include "tlspeel/output/chosen_only.hpp"
#include "tlspeel/output/writer.hpp"
#include "tlspeel/pipeline/body_files.hpp"
#include "tlspeel/pipeline/capture_with_secrets.hpp"
#include "tlspeel/pipeline/file_output.hpp"
#include "tlspeel/pipeline/run.hpp"

#include "options.hpp"

namespace tlspeel::cli {

class Destinations {
 public:
  // options outlives this object. Nothing is written yet: a run that cannot start leaves older files alone.
  explicit Destinations(const Options& options) : options_(options) {}
  Destinations(const Destinations&) = delete;
  Destinations& operator=(const Destinations&) = delete;

  Result<void> open(const output::TextOptions& text);
  pipeline::Outputs outputs();  // they refer to this object
  // Closes all; what could not be written, a sentence each.
  std::vector<std::string> close();

 private:
  enum class Privacy : bool { content, secrets };

  Result<pipeline::FileSink*> open_file(std::string_view option, const std::string& path, Privacy privacy);
  Result<pipeline::DirectoryStore*> open_directory(const std::string& path);
  Result<void> open_output();
  Result<void> open_har();
  Result<void> open_bodies();
  Result<void> open_streams();
  Result<void> open_key_log();
  Result<void> open_decrypted_pcap();
  Result<void> open_with_secrets();
  Result<void> open_certificates();
  bool stopped() const;  // somebody cannot be written to any more

  const Options& options_;
  output::TextOptions text_;
  std::vector<std::unique_ptr<pipeline::FileSink>> files_;  // the first one is the output
  std::vector<std::unique_ptr<pipeline::DirectoryStore>> directories_;
  std::optional<pipeline::BodyFiles> bodies_;
  std::vector<std::unique_ptr<output::Writer>> exchange_writers_;    // show what was chosen
  std::vector<std::unique_ptr<output::Writer>> connection_writers_;  // take connections as wholes
  pipeline::CaptureWithSecrets* with_secrets_ = nullptr;             // one of them; null: not asked for
  std::unique_ptr<output::ChosenOnly> chosen_only_;                  // null: everything was
};

}  // namespace tlspeel::cli
