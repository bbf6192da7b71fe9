// --with-secrets: the packets of a run as they were captured, in one pcapng that also holds the secrets of
// the sessions that were opened, as TLS key logs in Decryption Secrets Blocks in front of the packets: it
// opens without anything beside it. Packets keep their bytes from the link layer on, their lengths and times
// (nanoseconds); there is one interface for each link type. Those that the filter left out are left out, and
// so are the secrets of connections of which event::LeftOut says that nothing was chosen.
//
// As a Writer it wants RunConfig::keylog_lines; take() is for Outputs::packets. Secrets are known behind the
// packets that need them: both wait in files without names until close() puts FILE together. Secrets of
// a connection are held in memory until it ends. take() may run in another thread than everything else;
// close() when both are through. Errors: open() says which file cannot be made; later failures are
// remembered, and the rest is swallowed.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "tlspeel/base/result.hpp"
#include "tlspeel/capture/packet_source.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/output/key_log_saver.hpp"
#include "tlspeel/output/writer.hpp"
#include "tlspeel/pipeline/file_output.hpp"

namespace tlspeel::pipeline {

class CaptureWithSecrets final : public output::Writer {
 public:
  static Result<std::unique_ptr<CaptureWithSecrets>> open(const std::string& path);

  void take(const capture::Packet& packet);
  void write(const event::Placed& placed) override;
  void flush() override {}
  void finish() override;
  void close();

  bool failed() const { return packets_failed_ || key_log_.failure().has_value(); }
  // After close().
  std::optional<std::string> failure() const;

 private:
  CaptureWithSecrets(FileSink target, FileSink packets, FileSink key_log);
  std::uint32_t interface_of(int link_type);
  void keep_secrets(std::uint64_t connection);

  FileSink target_;
  FileSink packets_;  // blocks of them, as they go into the target
  FileSink key_log_;
  output::KeyLogSaver saver_;
  std::unordered_map<std::uint64_t, std::vector<event::Placed>> held_;  // by connection: SecretsRecovered
  std::vector<int> link_types_;                                         // by interface
  std::string block_;
  std::atomic<bool> packets_failed_ = false;
};

}  // namespace tlspeel::pipeline
