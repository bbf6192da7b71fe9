// --with-secrets: the packets of a run as they were captured, in one pcapng that also holds the secrets of
// the sessions that were opened, as TLS key logs in Decryption Secrets Blocks in front of the packets: it
// opens without anything beside it. Packets keep their bytes from the link layer on, their lengths and times
// (nanoseconds); there is one interface for each link type. Those that the filter left out are left out, and
// so are the secrets of connections of which event::LeftOut says that nothing was chosen. Where connections
// were chosen, other packets than theirs are left out, too: those of connections whose ConnectionEnd is not
// seen or comes behind LeftOut of exchange 0, and what is no TCP; fragments stay. (A few others may pass, as
// pipeline/chosen_packets says.)
//
// As a Writer it wants RunConfig::keylog_lines; take() is for Outputs::packets. Secrets are known behind the
// packets that need them: both wait in files without names until close() puts FILE together. Secrets of
// a connection are held in memory until it ends. take() may run in another thread than everything else;
// close() when both are through. Errors: open() says which file cannot be made; later failures are
// remembered, and the rest is swallowed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
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
#include "tlspeel/pipeline/run.hpp"

namespace tlspeel::pipeline {

class ChosenPackets;

class CaptureWithSecrets final : public output::Writer {
 public:
  enum class Packets : std::uint8_t { all, of_chosen_connections };
  static Result<std::unique_ptr<CaptureWithSecrets>> open(const std::string& path,
                                                          Packets packets = Packets::all);
  ~CaptureWithSecrets() override;

  void take(const ReadPacket& read);
  void write(const event::Placed& placed) override;
  void flush() override {}
  void finish() override;
  void close();

  bool failed() const { return packets_failed_ || key_log_.failure().has_value(); }
  // After close().
  std::optional<std::string> failure() const;

 private:
  struct Connection {
    std::vector<event::Placed> secrets;  // SecretsRecovered
    std::uint32_t ends = 0;
    std::uint64_t first = 0;  // packet
    bool left_out = false;
  };

  CaptureWithSecrets(FileSink target, FileSink packets, FileSink key_log, Packets kept);
  std::uint32_t interface_of(int link_type);
  void keep(const Connection& connection, std::uint64_t first, std::uint64_t last);
  std::size_t copy_chosen(ByteView part);

  FileSink target_;
  FileSink packets_;  // blocks of them, as they go into the target
  FileSink key_log_;
  output::KeyLogSaver saver_;
  std::unordered_map<std::uint64_t, Connection> connections_;  // that have not ended
  std::unique_ptr<ChosenPackets> chosen_;                      // null: all are kept
  std::vector<int> link_types_;                                // by interface
  std::string block_;
  std::atomic<bool> packets_failed_ = false;
};

}  // namespace tlspeel::pipeline
