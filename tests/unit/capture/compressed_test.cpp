// Captures that come compressed: the same packets as unpacked, from files and pipes; cut, damaged, followed
// by something; with secrets; and compressed things that are no captures.
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlspeel/base/counts.hpp"

#include "capture_files.hpp"
#include "compressing.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Incompressible, so that what is cut off is as much of the compressed file as of the packets.
Bytes capture_of(std::size_t packets, std::size_t size = 1000) {
  std::mt19937 random(1);  // NOLINT(cert-msc*): the same in every run
  std::vector<Record> records;
  for (std::size_t i = 0; i < packets; ++i) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    records.push_back({static_cast<std::uint32_t>(1000 + i), 0, bytes});
  }
  return pcap(records);
}

Bytes cut(Bytes bytes, std::size_t size) {
  bytes.resize(size);
  return bytes;
}

class Compressed : public ::testing::TestWithParam<Compressor> {
 protected:
  Bytes compress(const Bytes& bytes) const { return GetParam().compress(bytes); }
  std::string name() const { return std::string(name_of(GetParam().compression)); }
  std::string write(const Bytes& bytes) const { return folder_.write("dump", bytes); }
  const TemporaryFolder folder_;
};

TEST_P(Compressed, ReadsAsUnpacked) {
  const Bytes plain = capture_of(2000);
  const ReadBack expected = read_all({folder_.write("plain", plain)});
  ASSERT_EQ(expected.packets.size(), 2000U);
  const Bytes packed = compress(plain);
  auto source = open_source({write(packed)}, {});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  const ReadBack read = read_all(**source);
  EXPECT_EQ(read.packets, expected.packets);
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_EQ((*source)->bytes_read(), packed.size());
  EXPECT_EQ((*source)->bytes_total(), packed.size());
}

TEST_P(Compressed, ReadsFromAPipe) {
  const Bytes plain = capture_of(100);
  const Bytes packed = compress(plain);
  const std::string path = folder_.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    const int descriptor = ::open(path.c_str(), O_WRONLY);
    for (std::size_t at = 0; at < packed.size(); at += 700) {
      const std::size_t n = std::min<std::size_t>(700, packed.size() - at);
      EXPECT_EQ(::write(descriptor, packed.data() + at, n), static_cast<ssize_t>(n));
    }
    ::close(descriptor);
  });
  const ReadBack read = read_all({path});
  writer.join();
  EXPECT_EQ(read.packets, read_all({folder_.write("plain", plain)}).packets);
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST_P(Compressed, StreamsOneAfterAnotherAreOneFile) {
  const Bytes plain = capture_of(10);
  const auto middle = plain.begin() + 4321;
  const Bytes packed = compress(Bytes(plain.begin(), middle)) + compress(Bytes(middle, plain.end()));
  const ReadBack read = read_all({write(packed + Bytes(1024, 0))});
  EXPECT_EQ(read.packets, read_all({folder_.write("plain", plain)}).packets);
  EXPECT_THAT(read.problems, IsEmpty());
}

TEST_P(Compressed, CutAnywhereGivesWhatStandsBefore) {
  const Bytes plain = capture_of(30);
  const std::vector<ReadPacket> all = read_all({folder_.write("plain", plain)}).packets;
  const Bytes packed = compress(plain);
  std::size_t before = 0;
  for (std::size_t size = kCompressionHead; size < packed.size(); size += 517) {
    const std::string path = write(cut(packed, size));
    auto source = open_source({path}, {});
    const std::string sentence = path + ": its " + name() + " data is cut off";
    if (!source) {
      EXPECT_EQ(source.error().message, sentence);
      continue;
    }
    const ReadBack read = read_all(**source);
    const std::size_t n = read.packets.size();
    ASSERT_LE(n, all.size());
    EXPECT_TRUE(std::equal(read.packets.begin(), read.packets.end(), all.begin()));
    EXPECT_THAT(read.problems, ElementsAre(sentence + " behind packet " + std::to_string(n) +
                                           "; everything before it was read"));
    EXPECT_GE(n, before);
    before = n;
  }
  // The others know their bytes only once a block of them is complete.
  if (GetParam().compression == Compression::gzip || GetParam().compression == Compression::xz) {
    EXPECT_GE(before, all.size() - 3);
  }
}

TEST_P(Compressed, FollowedBySomethingElseIsToldAfterAllPackets) {
  const std::string path = write(compress(capture_of(3)) + to_bytes(as_bytes("and a line of text\n")));
  const ReadBack read = read_all({path});
  EXPECT_EQ(read.packets.size(), 3U);
  EXPECT_THAT(read.problems, ElementsAre(path + ": its " + name() +
                                         " data is followed by something else behind packet 3; everything "
                                         "before it was read"));
}

TEST_P(Compressed, DamagedIsTold) {
  Bytes packed = compress(capture_of(2000));
  for (std::size_t i = 0; i < 64; ++i) packed[packed.size() / 2 + i] ^= 0x5aU;
  const std::string path = write(packed);
  const auto source = open_source({path}, {});
  if (!source) {
    EXPECT_EQ(source.error().message, path + ": its " + name() + " data is damaged");
    return;
  }
  const ReadBack read = read_all(**source);
  ASSERT_FALSE(read.problems.empty());
  // Of those whose data can be read whatever it is, the checksum tells.
  const std::string start = path + ": its " + name() + " data ";
  EXPECT_THAT(read.problems.back(),
              testing::AnyOf(StartsWith(start + "is damaged behind packet "),
                             testing::AllOf(StartsWith(start + "does not fit the checksum over the "),
                                            testing::EndsWith(", may be damaged"))));
}

TEST(CompressedByGzip, WhatDoesNotFitItsChecksumMayBeDamaged) {
  const TemporaryFolder folder;
  const Bytes plain = capture_of(3);
  for (const std::size_t from_end : {8U, 1U}) {  // RFC 1952 section 2.3.1: CRC32, ISIZE
    Bytes packed = gzip(plain);
    packed[packed.size() - from_end] ^= 1U;
    const std::string path = folder.write("dump.gz", packed);
    const ReadBack read = read_all({path});
    EXPECT_EQ(read.packets.size(), 3U);
    EXPECT_THAT(read.problems, ElementsAre(path + ": its gzip data does not fit the checksum over the " +
                                           grouped(plain.size()) +
                                           " bytes in it: what was read, up to packet 3, may be damaged"));
  }
}

TEST_P(Compressed, WhatIsNoCaptureIsNamed) {
  const auto error = [&](const Bytes& content) { return error_of({write(compress(content))}); };
  const std::string start = folder_.path("dump") + ": is " + name() + "-compressed, and what is in it ";
  EXPECT_EQ(error({}), start + "is empty");
  EXPECT_EQ(error(to_bytes(as_bytes("some text"))),
            start + "is not a capture (neither pcap nor pcapng nor snoop)");
  EXPECT_EQ(error(cut(pcap({}), 14)), start + "is cut off before its first packet");
  EXPECT_EQ(error(gzip(capture_of(1))), start + "is compressed once more; unpack it first");
}

TEST_P(Compressed, SecretsOfAFileCountForAll) {
  const Bytes plain = pcapng_section(Order::little) + pcapng_interface(Order::little, 1) +
                      pcapng_packet(Order::little, 0, 1, "first") + pcapng_secrets(Order::little, "keys");
  std::vector<std::pair<std::uint64_t, std::string>> secrets;
  SourceOptions options;
  options.on_secrets = [&secrets](const CaptureSecrets& found) {
    secrets.emplace_back(found.after_packet, as_text(found.key_log));
  };
  const std::string path = write(compress(plain));
  const auto source = open_source({path}, options);
  ASSERT_TRUE(source.has_value()) << source.error().message;
  EXPECT_THAT(secrets, ElementsAre(std::pair(std::uint64_t{0}, std::string("keys"))));
  EXPECT_EQ(read_all(**source).packets.size(), 1U);

  const int input = ::dup(STDIN_FILENO);
  const int descriptor = ::open(path.c_str(), O_RDONLY);
  ASSERT_EQ(::dup2(descriptor, STDIN_FILENO), STDIN_FILENO);
  ::close(descriptor);
  EXPECT_EQ(read_all({"-"}, options).packets.size(), 1U);
  EXPECT_EQ(secrets.size(), 2U);
  if (input >= 0) {
    ::dup2(input, STDIN_FILENO);
    ::close(input);
  }
}

TEST_P(Compressed, SecretsOfAPipeCountFromWhereTheyStand) {
  const Bytes packed =
      compress(pcapng_section(Order::big) + pcapng_interface(Order::big, 1) +
               pcapng_packet(Order::big, 0, 1, "first") + pcapng_secrets(Order::big, "keys"));
  const std::string path = folder_.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::thread writer([&] {
    const int descriptor = ::open(path.c_str(), O_WRONLY);
    EXPECT_EQ(::write(descriptor, packed.data(), packed.size()), static_cast<ssize_t>(packed.size()));
    ::close(descriptor);
  });
  std::vector<std::pair<std::uint64_t, std::string>> secrets;
  SourceOptions options;
  options.on_secrets = [&secrets](const CaptureSecrets& found) {
    secrets.emplace_back(found.after_packet, as_text(found.key_log));
  };
  EXPECT_EQ(read_all({path}, options).packets.size(), 1U);
  writer.join();
  EXPECT_THAT(secrets, ElementsAre(std::pair(std::uint64_t{1}, std::string("keys"))));
}

INSTANTIATE_TEST_SUITE_P(All, Compressed, ::testing::ValuesIn(kCompressors),
                         [](const auto& param) { return std::string(name_of(param.param.compression)); });

// A gzip that is flushed now and then shows its packets while it is being made.
TEST(LiveGzip, GivesWhatWasFlushedAndIsIdleWhereItWaits) {
  const Bytes plain = pcap({{1, 0, "first"}, {2, 0, "second"}});
  const std::size_t first = 24 + 16 + 5;
  z_stream stream{};
  ASSERT_EQ(::deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  const auto deflated = [&stream](ByteView bytes, int flush) {
    Bytes out(4096);
    stream.next_in = const_cast<Bytef*>(bytes.data());  // NOLINT(*-const-cast)
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    ::deflate(&stream, flush);
    out.resize(out.size() - stream.avail_out);
    return out;
  };
  const TemporaryFolder folder;
  const std::string path = folder.path("fifo");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int both_ends = ::open(path.c_str(), O_RDWR);
  const auto send = [both_ends](const Bytes& bytes) {
    ASSERT_EQ(::write(both_ends, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  };
  send(deflated(ByteView(plain).first(first), Z_SYNC_FLUSH));
  int idle = 0;
  const auto source = open_source({path}, {.on_idle = [&] {
                                    if (++idle == 1) send(deflated(ByteView(plain).subspan(first), Z_FINISH));
                                    if (idle == 2) ::close(both_ends);
                                  }});
  ASSERT_TRUE(source.has_value()) << source.error().message;
  Packet packet;
  ASSERT_EQ((*source)->next(packet), ReadState::packet);
  EXPECT_EQ(idle, 0);
  ASSERT_EQ((*source)->next(packet), ReadState::packet);
  EXPECT_EQ(as_text(packet.bytes), "second");
  EXPECT_EQ(idle, 1);
  EXPECT_EQ((*source)->next(packet), ReadState::end);
  ::deflateEnd(&stream);
}

}  // namespace
}  // namespace tlspeel::capture
