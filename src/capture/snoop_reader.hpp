// snoop of Solaris, version 2: big-endian, microseconds, each record padded to what it says its length is.
// Link types are those of DLPI; the rest is as for pcap. Source: RFC 1761.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "capture/chained_reader.hpp"

namespace tlspeel::capture {

class SnoopReader final : public ChainedReader {
 public:
  static bool is_magic(ByteView head);
  // Takes the file header. Errors: a cause without the file's name; empty where the file ends too early.
  static Result<std::unique_ptr<RecordReader>> open(ByteSource& source);

  ReadState next(Packet& packet) override;

 private:
  struct Header {
    std::uint32_t on_wire = 0;
    std::uint32_t captured = 0;
    std::uint32_t record = 0;  // with this header and the padding
    std::uint32_t seconds = 0;
    std::uint32_t microseconds = 0;
  };

  explicit SnoopReader(ByteSource& source) : ChainedReader(source) {}
  Result<void> read_file_header();
  Header header_at(std::size_t position) const;
  static bool acceptable(const Header& header);
  std::size_t header_size() const override;
  bool first_is_acceptable() override { return acceptable(header_at(0)); }
  std::optional<std::size_t> plausible_record(std::size_t position) const override;

  int link_type_ = 0;
};

}  // namespace tlspeel::capture
