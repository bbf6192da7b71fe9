// snoop of Solaris, version 2: big-endian, microseconds, each record padded to what it says its length is.
// Link types are those of DLPI; the rest is as for pcap. Source: RFC 1761.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "capture/record_reader.hpp"

namespace tlspeel::capture {

class SnoopReader final : public RecordReader {
 public:
  static bool is_magic(ByteView head);
  // Takes the file header. Errors: a cause without the file's name; empty where the file ends too early.
  static Result<std::unique_ptr<RecordReader>> open(ByteSource& source);

  ReadState next(Packet& packet) override;
  const Damage& damage() const override { return damage_; }

 private:
  struct Header {
    std::uint32_t on_wire = 0;
    std::uint32_t captured = 0;
    std::uint32_t record = 0;  // with this header and the padding
    std::uint32_t seconds = 0;
    std::uint32_t microseconds = 0;
  };

  explicit SnoopReader(ByteSource& source) : source_(&source) {}
  Result<void> read_file_header();
  Header header_at(std::size_t position) const;
  static bool acceptable(const Header& header);
  bool plausible(const Header& header) const;
  bool chain_at(std::size_t position);
  ReadState resume(const char* what);

  ByteSource* source_;
  int link_type_ = 0;
  std::optional<std::uint32_t> last_seconds_;
  bool ended_ = false;
  Damage damage_;
};

}  // namespace tlspeel::capture
