// Blocks of a pcapng file (draft-ietf-opsawg-pcapng section 4), appended to a text: one section,
// little-endian on every machine, its interfaces with times in nanoseconds since 1970 and no snap length,
// packets of any size up to 4 GiB with a comment where there is one, and TLS key logs. Functions of their
// arguments; who calls them sees to the order (section, interfaces, what refers to them).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::output::pcapng {

void append_section(std::string& out);
// link_type: a LINKTYPE_ value; description: may be empty. Interfaces are counted from 0 in the order in
// which they are appended.
void append_interface(std::string& out, std::uint16_t link_type, std::string_view description);

struct PacketHead {
  std::uint32_t interface = 0;
  std::int64_t time_ns = 0;  // before 1970 a file cannot say: 0
  std::uint32_t wire_length = 0;
};
// comment: UTF-8, at most 65,535 bytes of it; empty: none.
void append_packet(std::string& out, const PacketHead& head, ByteView bytes, std::string_view comment);

// A Decryption Secrets Block: whole lines of a key log.
void append_key_log(std::string& out, std::string_view lines);

}  // namespace tlspeel::output::pcapng
