// Writes small captures, field by field, and reads whole sources back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/capture/packet_source.hpp"

namespace tlspeel::capture::test {

enum class Order : std::uint8_t { little, big };

// Appends fields in the byte order of the machine that "captured".
class Writer {
 public:
  explicit Writer(Order order) : order_(order) {}
  Writer& number(std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t byte = order_ == Order::little ? i : size - 1 - i;
      bytes_.push_back(static_cast<std::uint8_t>(value >> 8U * byte));
    }
    return *this;
  }
  Writer& raw(std::string_view text) {
    append(bytes_, as_bytes(text));
    return *this;
  }
  Writer& raw(const Bytes& bytes) {
    append(bytes_, bytes);
    return *this;
  }
  Order order() const { return order_; }
  const Bytes& bytes() const { return bytes_; }

 private:
  Order order_;
  Bytes bytes_;
};

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;

struct Record {
  std::uint32_t seconds;
  std::uint32_t fraction;
  std::string bytes;
  std::uint32_t more_on_the_wire = 0;
};

inline Bytes pcap_header(std::uint32_t link_type = 1, Order order = Order::little,
                         std::uint32_t magic = kMicroseconds) {
  return Writer(order)
      .number(magic, 4)
      .number(2, 2)
      .number(4, 2)
      .number(0, 8)
      .number(262144, 4)
      .number(link_type, 4)
      .bytes();
}

inline Bytes pcap_record(const Record& r, Order order = Order::little) {
  const std::size_t size = r.bytes.size();
  return Writer(order)
      .number(r.seconds, 4)
      .number(r.fraction, 4)
      .number(size, 4)
      .number(size + r.more_on_the_wire, 4)
      .raw(r.bytes)
      .bytes();
}

inline Bytes pcap(const std::vector<Record>& records, std::uint32_t link_type = 1,
                  Order order = Order::little, std::uint32_t magic = kMicroseconds) {
  Bytes out = pcap_header(link_type, order, magic);
  for (const Record& record : records) append(out, pcap_record(record, order));
  return out;
}

inline Bytes pcapng_block(std::uint32_t type, const Writer& body) {
  Bytes padded = body.bytes();
  padded.resize((padded.size() + 3) / 4 * 4);
  const std::size_t length = padded.size() + 12;
  return Writer(body.order()).number(type, 4).number(length, 4).raw(padded).number(length, 4).bytes();
}
inline Bytes pcapng_section(Order order) {
  return pcapng_block(0x0a0d0d0a,
                      Writer(order).number(0x1a2b3c4d, 4).number(1, 2).number(0, 2).number(~0ULL, 8));
}
// `resolution`: the if_tsresol option, a negative power of ten
inline Bytes pcapng_interface(Order order, std::uint16_t link_type, std::uint8_t resolution = 6) {
  return pcapng_block(1, Writer(order)
                             .number(link_type, 2)
                             .number(0, 2)
                             .number(262144, 4)
                             .number(9, 2)
                             .number(1, 2)
                             .raw(std::string(1, static_cast<char>(resolution)))
                             .raw(std::string(3, '\0'))
                             .number(0, 4));
}
inline Bytes pcapng_packet(Order order, std::uint32_t interface, std::uint64_t time,
                           const std::string& bytes) {
  return pcapng_block(6, Writer(order)
                             .number(interface, 4)
                             .number(time >> 32U, 4)
                             .number(time & 0xffffffffU, 4)
                             .number(bytes.size(), 4)
                             .number(bytes.size(), 4)
                             .raw(bytes));
}
inline Bytes pcapng_simple_packet(Order order, const std::string& bytes) {
  return pcapng_block(3, Writer(order).number(bytes.size(), 4).raw(bytes));
}
// `options`: what stands behind the secrets and their padding
inline Bytes pcapng_secrets(Order order, const std::string& secrets, std::uint32_t type = 0x544c534b,
                            const Bytes& options = {}) {
  return pcapng_block(10, Writer(order)
                              .number(type, 4)
                              .number(secrets.size(), 4)
                              .raw(secrets)
                              .raw(std::string((4 - secrets.size() % 4) % 4, '\0'))
                              .raw(options));
}
inline Bytes operator+(Bytes left, const Bytes& right) {
  append(left, right);
  return left;
}

// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tlspeel-capture-XXXXXX").string();
    const char* made = mkdtemp(pattern.data());
    EXPECT_NE(made, nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string path(const std::string& name) const { return path_ / name; }
  std::string write(const std::string& name, const Bytes& bytes) const {
    std::ofstream stream(path(name), std::ios::binary);
    stream << as_text(bytes);
    EXPECT_TRUE(stream.flush().good());
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

struct ReadPacket {
  std::uint64_t number;
  std::int64_t time_ns;
  std::uint32_t wire_length;
  int link_type;
  std::string bytes;
  friend bool operator==(const ReadPacket&, const ReadPacket&) = default;
};

struct ReadBack {
  std::vector<ReadPacket> packets;
  std::vector<std::string> problems;
};

inline ReadBack read_all(PacketSource& source) {
  ReadBack out;
  Packet packet;
  for (;;) {
    switch (source.next(packet)) {
      case ReadState::packet:
        out.packets.push_back({packet.at.number, packet.at.time_ns, packet.wire_length, packet.link_type,
                               std::string(as_text(packet.bytes))});
        break;
      case ReadState::damaged:
        out.problems.push_back(source.problem());
        break;
      case ReadState::end:
        return out;
    }
  }
}

inline ReadBack read_all(const std::vector<std::string>& paths, const SourceOptions& options = {}) {
  auto source = open_source(paths, options);
  EXPECT_TRUE(source.has_value()) << (source ? "" : source.error().message);
  return source ? read_all(**source) : ReadBack{};
}

inline std::string error_of(const std::vector<std::string>& paths, const SourceOptions& options = {}) {
  const auto source = open_source(paths, options);
  return source ? "no error" : source.error().message;
}

}  // namespace tlspeel::capture::test
