#include "destinations.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/output/body_saver.hpp"
#include "tlspeel/output/certificate_saver.hpp"
#include "tlspeel/output/decrypted_pcap.hpp"
#include "tlspeel/output/formats.hpp"
#include "tlspeel/output/key_log_saver.hpp"
#include "tlspeel/output/stream_saver.hpp"

#include "certificate_check.hpp"
#include "overwriting.hpp"

namespace tlspeel::cli {
namespace {

std::vector<output::Writer*> pointers(const std::vector<std::unique_ptr<output::Writer>>& writers) {
  std::vector<output::Writer*> out;
  out.reserve(writers.size());
  for (const auto& each : writers) out.push_back(each.get());
  return out;
}

}  // namespace

Result<void> Destinations::open(const output::TextOptions& text) {
  text_ = text;
  using Step = Result<void> (Destinations::*)();
  for (const Step step :
       {&Destinations::open_output, &Destinations::open_har, &Destinations::open_bodies,
        &Destinations::open_streams, &Destinations::open_key_log, &Destinations::open_decrypted_pcap,
        &Destinations::open_with_secrets, &Destinations::open_certificates}) {
    if (auto opened = (this->*step)(); !opened) return opened;
  }
  if (!options_.choice.empty()) {
    chosen_only_ = std::make_unique<output::ChosenOnly>(options_.choice, pointers(exchange_writers_),
                                                        pointers(connection_writers_));
  }
  return {};
}

pipeline::Outputs Destinations::outputs() {
  pipeline::Outputs out;
  if (chosen_only_) {
    out.writers = {chosen_only_.get()};
  } else {
    out.writers = pointers(exchange_writers_);
    const std::vector<output::Writer*> others = pointers(connection_writers_);
    out.writers.insert(out.writers.end(), others.begin(), others.end());
  }
  out.stop = [this] { return stopped(); };
  if (with_secrets_ != nullptr) {
    out.packets = [to = with_secrets_](const pipeline::ReadPacket& read) { to->take(read); };
  }
  return out;
}

bool Destinations::stopped() const {
  return std::ranges::any_of(files_, [](const auto& file) { return file->stopped(); }) ||
         std::ranges::any_of(directories_, [](const auto& each) { return each->failure().has_value(); }) ||
         (bodies_ && bodies_->failure()) || (with_secrets_ != nullptr && with_secrets_->failed());
}

std::vector<std::string> Destinations::close() {
  std::vector<std::string> failures;
  for (const auto& file : files_) {
    file->close();
    if (file->failure()) failures.push_back(*file->failure());
  }
  for (const auto& each : directories_) {
    if (each->failure()) failures.push_back(*each->failure());
  }
  if (bodies_ && bodies_->failure()) failures.push_back(*bodies_->failure());
  if (with_secrets_ != nullptr) {
    with_secrets_->close();
    if (const auto failure = with_secrets_->failure()) failures.push_back(*failure);
  }
  return failures;
}

Result<void> Destinations::open_output() {
  pipeline::FileSink* sink = nullptr;
  if (options_.output.empty()) {
    sink = files_.emplace_back(std::make_unique<pipeline::FileSink>(pipeline::FileSink::standard_output()))
               .get();
  } else {
    const auto opened =
        open_file("--output", options_.output, options_.show_secrets ? Privacy::secrets : Privacy::content);
    if (!opened) return tl::unexpected<Error>(opened.error());
    sink = *opened;
  }
  exchange_writers_.push_back(output::find_format(options_.format)->make(text_, *sink));
  return {};
}

Result<void> Destinations::open_har() {
  if (options_.har.empty()) return {};
  const auto opened = open_file("--har", options_.har, Privacy::content);
  if (!opened) return tl::unexpected<Error>(opened.error());
  exchange_writers_.push_back(output::find_format(output::kHarFormat)->make(text_, **opened));
  return {};
}

Result<void> Destinations::open_bodies() {
  if (options_.save_bodies.empty()) return {};
  auto opened = pipeline::BodyFiles::open(options_.save_bodies);
  if (!opened) return tl::unexpected<Error>(opened.error());
  bodies_.emplace(*std::move(opened));
  exchange_writers_.push_back(std::make_unique<output::BodySaver>(*bodies_));
  return {};
}

Result<void> Destinations::open_streams() {
  if (options_.save_streams.empty()) return {};
  const auto opened = open_directory(options_.save_streams);
  if (!opened) return tl::unexpected<Error>(opened.error());
  connection_writers_.push_back(std::make_unique<output::StreamSaver>(**opened));
  return {};
}

Result<void> Destinations::open_key_log() {
  if (options_.keylog_out.empty()) return {};
  const auto opened = open_file("--keylog-out", options_.keylog_out, Privacy::secrets);
  if (!opened) return tl::unexpected<Error>(opened.error());
  connection_writers_.push_back(std::make_unique<output::KeyLogSaver>(**opened));
  return {};
}

Result<void> Destinations::open_decrypted_pcap() {
  if (options_.decrypted_pcap.empty()) return {};
  const auto opened = open_file("--decrypted-pcap", options_.decrypted_pcap, Privacy::secrets);
  if (!opened) return tl::unexpected<Error>(opened.error());
  connection_writers_.push_back(std::make_unique<output::DecryptedPcap>(**opened, options_.mapped_ports));
  return {};
}

Result<void> Destinations::open_certificates() {
  if (options_.certs.empty()) return {};
  const auto opened = open_directory(options_.certs);
  if (!opened) return tl::unexpected<Error>(opened.error());
  output::CheckChain check;
  if (options_.verify_certs) {
    auto trusted = check_by_system();
    if (!trusted) return tl::unexpected<Error>(trusted.error());
    check = *std::move(trusted);
  }
  connection_writers_.push_back(std::make_unique<output::CertificateSaver>(**opened, std::move(check)));
  return {};
}

Result<void> Destinations::open_with_secrets() {
  const std::string& path = options_.with_secrets;
  if (path.empty()) return {};
  if (auto checked = check_overwrites_nothing(options_, "--with-secrets", path); !checked) return checked;
  using Packets = pipeline::CaptureWithSecrets::Packets;
  auto opened = pipeline::CaptureWithSecrets::open(
      path, options_.choice.empty() ? Packets::all : Packets::of_chosen_connections);
  if (!opened) return tl::unexpected<Error>(opened.error());
  with_secrets_ = opened->get();
  connection_writers_.push_back(*std::move(opened));
  return {};
}

Result<pipeline::FileSink*> Destinations::open_file(std::string_view option, const std::string& path,
                                                    Privacy privacy) {
  if (const auto checked = check_overwrites_nothing(options_, option, path); !checked) {
    return tl::unexpected<Error>(checked.error());
  }
  auto opened = privacy == Privacy::secrets ? pipeline::FileSink::create_for_secrets(path)
                                            : pipeline::FileSink::create(path);
  if (!opened) return tl::unexpected<Error>(opened.error());
  return files_.emplace_back(std::make_unique<pipeline::FileSink>(*std::move(opened))).get();
}

Result<pipeline::DirectoryStore*> Destinations::open_directory(const std::string& path) {
  auto opened = pipeline::DirectoryStore::open(path);
  if (!opened) return tl::unexpected<Error>(opened.error());
  return directories_.emplace_back(std::make_unique<pipeline::DirectoryStore>(*std::move(opened))).get();
}

}  // namespace tlspeel::cli
