#include "tlspeel/output/pcapng_blocks.hpp"

#include <algorithm>
#include <cstddef>

namespace tlspeel::output::pcapng {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kDecryptionSecrets = 10;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint32_t kTlsKeyLog = 0x544c534b;

constexpr std::uint16_t kEndOfOptions = 0;
constexpr std::uint16_t kComment = 1;
constexpr std::uint16_t kDescription = 3;  // of an interface
constexpr std::uint16_t kApplication = 4;  // of a section
constexpr std::uint16_t kTimeResolution = 9;
constexpr char kNanoseconds = 9;  // 10^-9 s

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof number; ++i)
    out += static_cast<char>(static_cast<unsigned char>(number >> 8U * i));
}

void pad(std::string& out, std::size_t size) {
  out.append((4 - size % 4) % 4, '\0');
}

void put_option(std::string& out, std::uint16_t code, std::string_view value) {
  value = value.substr(0, 0xffff);
  put(out, code);
  put(out, static_cast<std::uint16_t>(value.size()));
  out += value;
  pad(out, value.size());
}

// The length stands at both ends; what a block holds is known when it is there.
template <class Body>
void put_block(std::string& out, std::uint32_t type, const Body& body) {
  const std::size_t begin = out.size();
  put(out, type);
  put(out, std::uint32_t{0});
  body();
  const auto length = static_cast<std::uint32_t>(out.size() - begin + sizeof(std::uint32_t));
  put(out, length);
  std::string stated;
  put(stated, length);
  out.replace(begin + sizeof type, stated.size(), stated);
}

}  // namespace

void append_section(std::string& out) {
  put_block(out, kSectionHeader, [&out] {
    put(out, kByteOrderMagic);
    put(out, std::uint16_t{1});  // version 1.0
    put(out, std::uint16_t{0});
    put(out, ~std::uint64_t{0});  // the section's length is not said
    put_option(out, kApplication, "tlspeel");
    put_option(out, kEndOfOptions, {});
  });
}

void append_interface(std::string& out, std::uint16_t link_type, std::string_view description) {
  put_block(out, kInterface, [&] {
    put(out, link_type);
    put(out, std::uint16_t{0});
    put(out, std::uint32_t{0});  // no snap length
    if (!description.empty()) put_option(out, kDescription, description);
    put_option(out, kTimeResolution, std::string_view(&kNanoseconds, 1));
    put_option(out, kEndOfOptions, {});
  });
}

void append_packet(std::string& out, const PacketHead& head, ByteView bytes, std::string_view comment) {
  const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(head.time_ns, 0));
  put_block(out, kEnhancedPacket, [&] {
    put(out, head.interface);
    put(out, static_cast<std::uint32_t>(time >> 32U));
    put(out, static_cast<std::uint32_t>(time));
    put(out, static_cast<std::uint32_t>(bytes.size()));
    put(out, head.wire_length);
    out += as_text(bytes);
    pad(out, bytes.size());
    if (comment.empty()) return;
    put_option(out, kComment, comment);
    put_option(out, kEndOfOptions, {});
  });
}

void append_key_log(std::string& out, std::string_view lines) {
  put_block(out, kDecryptionSecrets, [&] {
    put(out, kTlsKeyLog);
    put(out, static_cast<std::uint32_t>(lines.size()));
    out += lines;
    pad(out, lines.size());
  });
}

}  // namespace tlspeel::output::pcapng
