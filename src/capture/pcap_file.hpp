// One capture, read through libpcap: opening it with its filter, and its packets. Packet numbers are given by
// the caller. Errors are sentences that begin with the capture's name. Source: pcap(3PCAP), pcap-filter(7).
#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <pcap/pcap.h>

#include "tlspeel/capture/packet_source.hpp"

#include "capture/input.hpp"

namespace tlspeel::capture {

class PcapFile {
 public:
  // on_secrets: as Input has it.
  static Result<std::unique_ptr<PcapFile>> open(const std::string& path, const SourceOptions& options,
                                                const OnSecretsBlock& on_secrets = {});
  // Any stream, which is closed in every case; nothing is known of its size.
  static Result<std::unique_ptr<PcapFile>> open_stream(std::FILE* stream, const std::string& name,
                                                       const SourceOptions& options);
  ~PcapFile();
  PcapFile(const PcapFile&) = delete;
  PcapFile& operator=(const PcapFile&) = delete;

  // The next packet that the filter lets through; `number` is that of the last packet read before and is
  // counted up for every one.
  ReadState next(Packet& packet, std::uint64_t& number);
  const std::string& problem() const { return problem_; }
  std::uint64_t bytes_read() const { return input_ ? input_->bytes_read() : 0; }

 private:
  struct CloseHandle {
    void operator()(pcap_t* handle) const { pcap_close(handle); }
  };

  explicit PcapFile(std::string name) : name_(std::move(name)) {}
  Result<void> attach(std::FILE* stream, const SourceOptions& options);
  std::string why_not_opened(std::string_view reason, bool unreadable) const;
  Result<void> compile(const std::string& filter);
  std::string describe_failure(std::string_view reason, std::uint64_t number) const;

  std::string name_;
  std::unique_ptr<Input> input_;
  std::unique_ptr<pcap_t, CloseHandle> handle_;  // behind input_: is closed first
  int link_type_ = 0;
  bool filtered_ = false;
  bpf_program filter_{};
  std::string problem_;
};

}  // namespace tlspeel::capture
