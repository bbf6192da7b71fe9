// Packets out of captures: pcap, pcapng and snoop, also compressed (gzip, zstd, xz, lzip, bzip2, LZ4), from
// files, FIFOs and standard input ("-"). Several paths are one capture, merged by the time of the packets: a
// file keeps its own order, also where its clock goes back, and packets of the same time stand in the order
// of the paths. Packets are numbered through all files, from 1 (as mergecap and Wireshark do). A pipe among
// several is waited for whenever its next packet may be the earliest; FIFOs are all open before one is read.
// Any number of files may follow one another; no more than 128 that overlap in time are open (fewer, where
// the system allows fewer descriptors): what cannot be opened then is read late, and that comes out of next()
// as ReadState::damaged. Packet::bytes lives until the next next(), or as long as its block is held. Errors:
// open_source() checks every path before anything is read (missing, unreadable, not a capture); what only
// shows while reading comes out of next() as ReadState::damaged. Not thread safe; a source belongs to one
// thread, on_idle runs inside next(). Secrets that stand in a pcapng file are told before its packets are:
// those of all regular files (also where standard input is one) inside open_source(), and those of a pipe
// when they are read, which may be ahead of the packet that next() gives. Source: pcap-savefile(5), draft-
// ietf-opsawg-pcapng, RFC 1761.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel::capture {

// What a capture is read into, many packets at once. Nothing in it changes while others hold it; they let go
// of it between two calls of next().
struct ByteBlock {
  std::unique_ptr<std::uint8_t[]> bytes;  // NOLINT(*-avoid-c-arrays): not cleared before use
  std::size_t size = 0;
};
using BlockPtr = std::shared_ptr<const ByteBlock>;

struct Packet {
  PacketRef at;
  std::uint32_t wire_length = 0;    // on the wire; bytes may be shorter where the snap length cut it
  int link_type = 0;                // DLT_ value
  ByteView bytes;                   // until the next next(), or for as long as somebody holds the block
  const BlockPtr* block = nullptr;  // that they lie in, until the next next(); null: not to be held
};

// What stands in a file for a DLT_ value: LINKTYPE_, which differs for a few (pcap-linktype(7)).
std::uint32_t link_type_of_dlt(int dlt);

enum class ReadState : std::uint8_t {
  packet,
  end,      // every file was read; from now on always this
  damaged,  // problem() is a sentence naming the file (its packets by their number in it); next() goes on
            // behind the damage, or with the next file
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

// A TLS key log in a capture.
struct CaptureSecrets {
  // It was there before all packets with a higher number; 0 for those of a regular file. Never falls.
  std::uint64_t after_packet = 0;
  std::string_view capture;  // what the user calls it; as key_log until the call returns
  ByteView key_log;
};

struct SourceOptions {
  std::function<void()>
      on_idle;  // standard input and FIFOs only: called once when reading is about to wait for more bytes
  std::function<void(const CaptureSecrets&)> on_secrets{};  // may be null: nobody wants them
};

// Paths of files and pipes: what folders stand for, find_captures() tells (capture_paths.hpp).
Result<std::unique_ptr<PacketSource>> open_source(const std::vector<std::string>& paths,
                                                  const SourceOptions& options);

}  // namespace tlspeel::capture
