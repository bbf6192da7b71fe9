#include "tlspeel/pipeline/capture_with_secrets.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tlspeel/capture/secrets_blocks.hpp"
#include "tlspeel/pipeline/run.hpp"

#include "pipeline/chosen_packets.hpp"

namespace tlspeel::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string in_case(const std::string& name) {
  return std::string(TLSPEEL_TESTDATA) + "/captures/" + name;
}

struct Kept {
  std::uint64_t number = 0;
  std::int64_t time_ns = 0;
  std::uint32_t wire_length = 0;
  int link_type = 0;
  Bytes bytes;
  bool operator==(const Kept&) const = default;
};

std::vector<Kept> packets_of(const std::string& path) {
  std::vector<Kept> out;
  auto source = capture::open_source({path}, {});
  if (!source) throw std::runtime_error(source.error().message);
  for (capture::Packet packet; (*source)->next(packet) == capture::ReadState::packet;) {
    out.push_back(
        {packet.at.number, packet.at.time_ns, packet.wire_length, packet.link_type, to_bytes(packet.bytes)});
  }
  return out;
}

// As text, with the number of packets in front of each block.
std::vector<std::string> secrets_of(const std::string& path) {
  std::vector<std::string> out;
  const auto read = capture::read_secrets_blocks(path, [&out](const capture::SecretsBlock& block) {
    EXPECT_EQ(block.type, capture::SecretsBlock::kTlsKeyLog);
    EXPECT_EQ(block.after_packets, 0U);
    out.emplace_back(as_text(block.data));
  });
  if (!read) throw std::runtime_error(read.error().message);
  return out;
}

class CaptureWithSecretsTest : public testing::Test {
 protected:
  CaptureWithSecretsTest() {
    std::string pattern = testing::TempDir() + "with_secrets_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
  }
  ~CaptureWithSecretsTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  // Runs over a capture, and gives back the path of what was made of it.
  std::string make(const std::string& capture, secrets::Store& store, std::size_t threads,
                   const std::string& filter = {}) {
    const std::string out = path("out-" + std::to_string(++made_) + ".pcapng");
    auto writer = CaptureWithSecrets::open(out);
    if (!writer) throw std::runtime_error(writer.error().message);
    Outputs outputs{{writer->get()}};
    outputs.packets = [&](const ReadPacket& read) { (*writer)->take(read); };
    RunConfig config;
    config.captures = {capture};
    config.filter = filter;
    config.threads = threads;
    config.keylog_lines = true;
    const auto report = run(config, store, outputs);
    EXPECT_TRUE(report);
    opened_ = report->connections_opened;
    (*writer)->close();
    EXPECT_FALSE((*writer)->failed());
    EXPECT_EQ((*writer)->failure(), std::nullopt);
    return out;
  }
  static std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string folder_;
  int made_ = 0;
  std::uint64_t opened_ = 0;
};

TEST_F(CaptureWithSecretsTest, OpensWithoutAnythingElse) {
  for (const std::string name : {"resumed_inside", "openssl_matrix"}) {
    const std::string capture = in_case(name + "/capture.pcap");
    auto store = secrets::Store::load({{in_case(name + "/server.key")}});
    ASSERT_TRUE(store);
    const std::string first = make(capture, *store, 1);
    const std::uint64_t opened = opened_;
    EXPECT_GT(opened, 1U);
    EXPECT_EQ(packets_of(first), packets_of(capture));
    for (const std::size_t threads : {2U, 4U, 8U}) {
      auto again = secrets::Store::load({{in_case(name + "/server.key")}});
      EXPECT_EQ(content(make(capture, *again, threads)), content(first));
    }
    secrets::Store nothing;
    const std::string second = make(first, nothing, 2);
    EXPECT_EQ(opened_, opened);
    EXPECT_EQ(content(second), content(first));
  }
}

TEST_F(CaptureWithSecretsTest, IsForItsOwnerAlone) {
  secrets::Store nothing;
  std::ofstream(path("out-1.pcapng")) << "older";
  ASSERT_EQ(::chmod(path("out-1.pcapng").c_str(), 0644), 0);
  const std::string out = make(in_case("apache_rsa/capture.pcap"), nothing, 1);
  struct stat status {};
  ASSERT_EQ(::stat(out.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_THAT(secrets_of(out), IsEmpty());
  // Nothing else stays beside it.
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(CaptureWithSecretsTest, HasOnlyWhatTheFilterLeaves) {
  auto store = secrets::Store::load({{in_case("apache_rsa/server.key")}});
  ASSERT_TRUE(store);
  const std::string capture = in_case("apache_rsa/capture.pcap");
  const auto all = packets_of(capture);
  const std::string out = make(capture, *store, 1, "greater 200");
  std::vector<Bytes> expected;
  std::vector<Bytes> found;
  for (const Kept& each : all) {
    if (each.wire_length >= 200) expected.push_back(each.bytes);
  }
  for (const Kept& each : packets_of(out)) found.push_back(each.bytes);
  EXPECT_LT(expected.size(), all.size());
  EXPECT_EQ(found, expected);
}

TEST_F(CaptureWithSecretsTest, KeepsLinkTypesLengthsAndTimes) {
  auto writer = CaptureWithSecrets::open(path("out"));
  ASSERT_TRUE(writer);
  const Bytes bytes{1, 2, 3, 4, 5};
  const auto take = [&](std::uint64_t number, int link_type, std::size_t size) {
    const capture::Packet packet{
        {number, 1'700'000'000'123'456'789}, 1500, link_type, ByteView(bytes).first(size)};
    (*writer)->take({packet, {}});
  };
  take(1, 1, 5);
  take(2, 12, 4);  // DLT_RAW: LINKTYPE_RAW is 101
  take(3, 113, 0);
  take(4, 1, 3);
  (*writer)->finish();
  (*writer)->close();
  const std::int64_t time = 1'700'000'000'123'456'789;
  EXPECT_THAT(packets_of(path("out")),
              ElementsAre(Kept{1, time, 1500, 1, {1, 2, 3, 4, 5}}, Kept{2, time, 1500, 12, {1, 2, 3, 4}},
                          Kept{3, time, 1500, 113, {}}, Kept{4, time, 1500, 1, {1, 2, 3}}));
  EXPECT_THAT(content(path("out")), HasSubstr(std::string("\x01\0\0\0\x20\0\0\0\x65\0", 10)));
}

event::Placed recovered(std::uint64_t connection, std::uint8_t secret) {
  auto lines = std::make_shared<std::vector<event::KeyLogLine>>();
  lines->push_back({"L", Bytes{1}, SecretBytes(ByteView(Bytes{secret}))});
  return {connection, {1, 0}, event::SecretsRecovered{std::move(lines)}};
}

TEST_F(CaptureWithSecretsTest, WhatIsLeftOutKeepsItsSecrets) {
  auto writer = CaptureWithSecrets::open(path("out"));
  ASSERT_TRUE(writer);
  for (std::uint8_t connection = 1; connection <= 5; ++connection)
    (*writer)->write(recovered(connection, connection));
  (*writer)->write({2, {2, 0}, event::LeftOut{0}});
  (*writer)->write({3, {2, 0}, event::LeftOut{7}});  // of an exchange
  for (const std::uint64_t connection : {3U, 2U, 1U, 4U})
    (*writer)->write({connection, {2, 0}, event::ConnectionEnd{}});
  (*writer)->write(recovered(4, 3));  // it was told
  (*writer)->finish();                // the fifth has no end
  (*writer)->close();
  EXPECT_THAT(secrets_of(path("out")), ElementsAre("L 01 03\nL 01 01\nL 01 04\nL 01 05\n"));
}

TEST_F(CaptureWithSecretsTest, LongKeyLogsStandInSeveralBlocksOfWholeLines) {
  auto writer = CaptureWithSecrets::open(path("out"));
  ASSERT_TRUE(writer);
  constexpr std::size_t kLines = 30'000;
  std::string expected;
  for (std::size_t i = 0; i < kLines; ++i) {
    auto lines = std::make_shared<std::vector<event::KeyLogLine>>();
    Bytes id(32, static_cast<std::uint8_t>(i));
    id[0] = static_cast<std::uint8_t>(i >> 8U);
    lines->push_back({"CLIENT_RANDOM", id, SecretBytes(48)});
    (*writer)->write({i + 1, {1, 0}, event::SecretsRecovered{std::move(lines)}});
    (*writer)->write({i + 1, {1, 0}, event::ConnectionEnd{}});
  }
  (*writer)->finish();
  (*writer)->close();
  const auto blocks = secrets_of(path("out"));
  ASSERT_GT(blocks.size(), 1U);
  std::size_t lines = 0;
  for (const std::string& each : blocks) {
    EXPECT_TRUE(each.starts_with("CLIENT_RANDOM ") && each.ends_with("\n"));
    EXPECT_LE(each.size(), std::size_t{1} << 20U);
    lines += static_cast<std::size_t>(std::ranges::count(each, '\n'));
  }
  EXPECT_EQ(lines, kLines);
}

// Lets one connection through, and says of another one that nothing of it was chosen.
class OneOfTwo final : public output::Writer {
 public:
  OneOfTwo(output::Writer& to, std::uint64_t chosen, std::uint64_t left_out)
      : to_(to), chosen_(chosen), left_out_(left_out) {}
  void write(const event::Placed& placed) override {
    if (const auto* const start = std::get_if<event::ConnectionStart>(&placed.event);
        start != nullptr && placed.connection == chosen_) {
      port = start->client.port;
    }
    const bool last = std::holds_alternative<event::ConnectionEnd>(placed.event);
    if (last && placed.connection == left_out_) to_.write({left_out_, placed.at, event::LeftOut{0}});
    if (placed.connection == chosen_ || placed.connection == left_out_) to_.write(placed);
  }
  void flush() override { to_.flush(); }
  void finish() override { to_.finish(); }

  std::uint16_t port = 0;

 private:
  output::Writer& to_;
  std::uint64_t chosen_;
  std::uint64_t left_out_;
};

TEST_F(CaptureWithSecretsTest, OfChosenConnectionsThePacketsAndNoOthers) {
  const std::string capture = in_case("apache_rsa/capture.pcap");
  auto store = secrets::Store::load({{in_case("apache_rsa/server.key")}});
  ASSERT_TRUE(store);
  auto writer = CaptureWithSecrets::open(path("out"), CaptureWithSecrets::Packets::of_chosen_connections);
  ASSERT_TRUE(writer);
  OneOfTwo one(**writer, 2, 3);
  RunConfig config;
  config.captures = {capture};
  config.threads = 2;
  config.keylog_lines = true;
  Outputs outputs{{&one}};
  outputs.packets = [&](const ReadPacket& read) { (*writer)->take(read); };
  ASSERT_TRUE(run(config, *store, outputs));
  (*writer)->close();
  EXPECT_EQ((*writer)->failure(), std::nullopt);
  const auto blocks = secrets_of(path("out"));
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(std::ranges::count(blocks[0], '\n'), 1);
  config.filter = "tcp port " + std::to_string(one.port);
  std::vector<Bytes> expected;
  outputs = {};
  outputs.packets = [&](const ReadPacket& read) {
    EXPECT_EQ(read.flows.size(), 1U);
    expected.push_back(to_bytes(read.packet.bytes));
  };
  ASSERT_TRUE(run(config, *store, outputs));
  std::vector<Bytes> found;
  for (const Kept& each : packets_of(path("out"))) found.push_back(each.bytes);
  // What answers the last FIN is behind the connection's end.
  ASSERT_GE(found.size() + 2, expected.size());
  ASSERT_GT(found.size(), 10U);
  expected.resize(found.size());
  EXPECT_EQ(found, expected);
}

TEST_F(CaptureWithSecretsTest, FragmentsStayWhateverIsChosen) {
  auto writer = CaptureWithSecrets::open(path("out"), CaptureWithSecrets::Packets::of_chosen_connections);
  ASSERT_TRUE(writer);
  const Bytes bytes{1, 2, 3};
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const capture::Packet packet{{number, 5}, 3, 1, ByteView(bytes)};
    (*writer)->take({packet, {}, number == 2});
  }
  (*writer)->finish();
  (*writer)->close();
  EXPECT_EQ(packets_of(path("out")).size(), 1U);
}

TEST(ChosenPackets, KnowsEndsAndNumbers) {
  ChosenPackets chosen;
  EXPECT_FALSE(chosen.has(7, 1));
  chosen.add(7, 10, 20);
  chosen.add(7, 30, 30);
  for (const std::uint64_t number : {10U, 20U, 30U}) EXPECT_TRUE(chosen.has(7, number));
  for (const std::uint64_t number : {9U, 21U, 29U, 31U}) EXPECT_FALSE(chosen.has(7, number));
  EXPECT_FALSE(chosen.has(8, 15));
}

TEST(ChosenPackets, HasAllWhereTooManyWereChosen) {
  ChosenPackets chosen;
  for (std::size_t i = 0; i < ChosenPackets::kMost; ++i) chosen.add(7, 2 * i, 2 * i);
  EXPECT_FALSE(chosen.has_all());
  chosen.add(7, 1, 1);
  EXPECT_TRUE(chosen.has_all());
  EXPECT_TRUE(chosen.has(8, 3));
}

TEST_F(CaptureWithSecretsTest, SaysWhatCannotBeMade) {
  const auto nowhere = CaptureWithSecrets::open(path("nowhere/out"));
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, HasSubstr("nowhere/out: cannot be written"));
}

TEST_F(CaptureWithSecretsTest, RemembersThatTheDiskIsFull) {
  auto writer = CaptureWithSecrets::open("/dev/full");
  ASSERT_TRUE(writer);
  (*writer)->finish();
  (*writer)->close();
  ASSERT_TRUE((*writer)->failure());
  EXPECT_THAT(*(*writer)->failure(), HasSubstr("/dev/full: cannot be written"));
}

}  // namespace
}  // namespace tlspeel::pipeline
