// A filter expression in tcpdump's syntax, applied to packets of any link type: libpcap compiles it for each
// type when the first packet of it comes. Errors: what no link type understands fails in compile(); what one
// type does not understand is said by problem_with() and matches nothing of that type. Not thread safe.
// Source: pcap-filter(7).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"

namespace tlspeel::capture {

class PacketFilter {
 public:
  static Result<PacketFilter> compile(const std::string& expression);
  ~PacketFilter();
  PacketFilter(PacketFilter&&) noexcept;
  PacketFilter& operator=(PacketFilter&&) noexcept;

  // link_type: DLT_ value.
  bool matches(int link_type, ByteView bytes, std::uint32_t wire_length);
  // A sentence where the expression can be applied neither to frames of this type nor to the IP packets in
  // them.
  std::optional<std::string> problem_with(int link_type);

 private:
  struct State;
  explicit PacketFilter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tlspeel::capture
