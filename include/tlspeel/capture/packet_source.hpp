// Packets out of captures: pcap (micro- and nanoseconds, both byte orders) and pcapng, read through libpcap
// from files, FIFOs and standard input ("-"). Several paths are one capture: read one after another, packet
// numbers count on (as Wireshark counts, from 1). A filter leaves packets out without changing the numbers of
// the others. Packet::bytes lives until the next next(). Errors: open_source() checks every path before
// anything is read (missing, unreadable, not a capture, bad filter); what only shows while reading comes out
// of next() as ReadState::damaged. Not thread safe; a source belongs to one thread, on_idle runs inside
// next(). Source: pcap-savefile(5), draft-ietf-opsawg-pcapng.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel::capture {

struct Packet {
  PacketRef at;
  std::uint32_t wire_length = 0;  // on the wire; bytes may be shorter where the snap length cut it
  int link_type = 0;              // DLT_ value
  ByteView bytes;                 // until the next next()
};

enum class ReadState : std::uint8_t {
  packet,
  end,      // every file was read; from now on always this
  damaged,  // problem() is a sentence naming the file; nothing more can be read from that file, but next()
            // goes on with the one after it
};

class PacketSource {
 public:
  PacketSource() = default;
  virtual ~PacketSource() = default;
  PacketSource(const PacketSource&) = delete;
  PacketSource& operator=(const PacketSource&) = delete;

  virtual ReadState next(Packet& packet) = 0;
  // The sentence for the last `damaged`; empty before there was one.
  virtual const std::string& problem() const = 0;
  // For a progress display: bytes taken from the files so far (read ahead included), and of how many
  // (nullopt: a pipe is among them).
  virtual std::uint64_t bytes_read() const = 0;
  virtual std::optional<std::uint64_t> bytes_total() const = 0;
};

struct SourceOptions {
  std::string filter;  // tcpdump's syntax; empty: every packet
  std::function<void()>
      on_idle;  // standard input and FIFOs only: called once when reading is about to wait for more bytes
};

Result<std::unique_ptr<PacketSource>> open_source(const std::vector<std::string>& paths,
                                                  const SourceOptions& options);

}  // namespace tlspeel::capture
