// Classic captures: micro- and nanoseconds, both byte orders, versions 2.0 to 2.4 (up to 2.2, and in part of
// 2.3, the two lengths of a packet are swapped), and their variants: the longer packet headers of Kuznetzov's
// libpcap (as Red Hat 6.1 and SuSE 6.3 had it, too) and of Nokia's tcpdump, the file header of Ixia's lcap,
// and what AIX writes. Longer packet headers are in part told by the first packets alone, and then only in a
// regular file: from a pipe the first packet would come late, and what comes is taken as usual. A capture
// length above the snap length is accepted, with all bytes, as far as a packet can be so large.
// Source: pcap-savefile(5), draft-ietf-opsawg-pcap; for the variants, what Wireshark reads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "capture/chained_reader.hpp"

namespace tlspeel::capture {

class PcapReader final : public ChainedReader {
 public:
  static bool is_magic(ByteView head);
  // Takes the file header, and looks at the first packets. Errors: a cause without the file's name; empty
  // where the file ends too early.
  static Result<std::unique_ptr<RecordReader>> open(ByteSource& source);

  ReadState next(Packet& packet) override;

 private:
  enum class Lengths : std::uint8_t { as_they_are, swapped, swapped_if_larger };
  struct Header {
    std::uint32_t seconds = 0;
    std::uint32_t fraction = 0;
    std::uint32_t captured = 0;
    std::uint32_t on_wire = 0;
  };

  explicit PcapReader(ByteSource& source) : ChainedReader(source) {}
  Result<void> read_file_header();
  void take_link_type(std::uint32_t link_type, bool as_aix);
  void choose_header_size(std::uint32_t kind);
  bool fits(std::size_t header_size);
  Header header_at(std::size_t position) const;
  bool acceptable(const Header& header);
  bool plausible(const Header& header, std::optional<std::uint32_t> near_seconds) const;
  std::size_t header_size() const override { return header_size_; }
  bool first_is_acceptable() override { return acceptable(header_at(0)); }
  std::optional<std::size_t> plausible_record(std::size_t position) const override;

  bool little_endian_ = true;
  bool nanoseconds_ = false;
  std::size_t header_size_ = 16;
  std::size_t padding_ = 0;  // in front of each packet, counted in its lengths
  Lengths lengths_ = Lengths::as_they_are;
  std::uint32_t most_captured_ = 0;
  int link_type_ = 0;
};

}  // namespace tlspeel::capture
