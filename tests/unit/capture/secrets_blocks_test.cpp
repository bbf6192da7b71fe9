// The walk over pcapng blocks: what it finds, in pieces of every size, cut at every byte, and in files that
// contradict themselves.
#include "tlspeel/capture/secrets_blocks.hpp"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Found {
  std::string secrets;
  std::uint64_t after_packets = 0;
  std::uint32_t type = SecretsBlock::kTlsKeyLog;
  friend bool operator==(const Found&, const Found&) = default;
};

void PrintTo(const Found& found, std::ostream* out) {
  *out << '"' << found.secrets << "\" after " << found.after_packets << " type " << found.type;
}

OnSecretsBlock collect(std::vector<Found>& into) {
  return [&into](const SecretsBlock& block) {
    into.push_back({std::string(as_text(block.data)), block.after_packets, block.type});
  };
}

struct Walked {
  std::vector<Found> found;
  bool ended = false;
};

Walked walk(const Bytes& file, std::size_t piece) {
  Walked out;
  SecretsBlockWalker walker(collect(out.found));
  for (ByteView rest = file; !rest.empty();) {
    const std::size_t n = std::min(piece, rest.size());
    walker.push(rest.first(n));
    rest = rest.subspan(n);
  }
  out.ended = walker.ended();
  return out;
}

std::vector<Found> found_in(const Bytes& file) {
  return walk(file, file.size()).found;
}

std::vector<Found> found_in_file(const std::string& path) {
  std::vector<Found> found;
  const auto read = read_secrets_blocks(path, collect(found));
  EXPECT_TRUE(read.has_value()) << (read ? "" : read.error().message);
  return found;
}

Bytes section(Order order) {
  return pcapng_section(order) + pcapng_interface(order, 1);
}

Bytes packet(Order order, std::size_t size = 60) {
  return pcapng_packet(order, 0, 1, std::string(size, 'p'));
}

Bytes unknown_block(Order order, std::size_t size) {
  return pcapng_block(0xbad, Writer(order).raw(std::string(size, 'u')));
}

// Of everything one, and secrets of each length modulo four.
Bytes everything(Order order) {
  return section(order) + pcapng_secrets(order, "one") + packet(order) + unknown_block(order, 8) +
         pcapng_secrets(order, "four") + pcapng_simple_packet(order, "simple") +
         pcapng_secrets(order, "", 7) + packet(order) +
         pcapng_secrets(order, "seven", SecretsBlock::kTlsKeyLog, Bytes(12, 0));
}

std::vector<Found> all_of_everything() {
  return {{"one", 0}, {"four", 1}, {"", 2, 7}, {"seven", 3}};
}

class SecretsBlocks : public ::testing::TestWithParam<Order> {};

TEST_P(SecretsBlocks, AreFoundBeforeBetweenAndBehindPackets) {
  const Walked walked = walk(everything(GetParam()), ~std::size_t{0});
  EXPECT_EQ(walked.found, all_of_everything());
  EXPECT_FALSE(walked.ended);
}

TEST_P(SecretsBlocks, AreTheSameForEveryPieceSize) {
  const Bytes file = everything(GetParam());
  for (std::size_t piece = 1; piece <= file.size(); ++piece) {
    EXPECT_EQ(walk(file, piece).found, all_of_everything()) << "in pieces of " << piece;
  }
}

TEST_P(SecretsBlocks, AreTheSameForEverySplitInTwo) {
  const Bytes file = everything(GetParam());
  for (std::size_t split = 0; split <= file.size(); ++split) {
    std::vector<Found> found;
    SecretsBlockWalker walker(collect(found));
    walker.push(ByteView(file).first(split));
    walker.push(ByteView(file).subspan(split));
    EXPECT_EQ(found, all_of_everything()) << "split at " << split;
  }
}

// What was complete before the cut is found, nothing else, and the walk waits for more.
TEST_P(SecretsBlocks, AreFoundOnceTheyAreComplete) {
  const Bytes file = everything(GetParam());
  const std::vector<Found> all = all_of_everything();
  std::size_t before = 0;
  for (std::size_t size = 0; size <= file.size(); ++size) {
    Bytes cut = file;
    cut.resize(size);
    const Walked walked = walk(cut, ~std::size_t{0});
    EXPECT_FALSE(walked.ended) << size;
    ASSERT_LE(walked.found.size(), all.size());
    EXPECT_TRUE(std::equal(walked.found.begin(), walked.found.end(), all.begin())) << size;
    EXPECT_GE(walked.found.size(), before) << size;
    before = walked.found.size();
  }
  EXPECT_EQ(before, all.size());
  EXPECT_EQ(walk(Bytes(file.begin(), file.end() - 1), ~std::size_t{0}).found.size(), all.size() - 1);
}

// What skip() allows to leave out makes no difference.
TEST_P(SecretsBlocks, AreFoundWhenTheRestIsSkipped) {
  const Bytes file = everything(GetParam());
  for (std::size_t piece = 1; piece <= file.size(); ++piece) {
    std::vector<Found> found;
    SecretsBlockWalker walker(collect(found));
    std::size_t pushed = 0;
    for (std::size_t at = 0; at < file.size();) {
      const std::size_t n = std::min(piece, file.size() - at);
      walker.push(ByteView(file).subspan(at, n));
      pushed += n;
      at += n + walker.skip();
      walker.passed(walker.skip());
      EXPECT_EQ(walker.skip(), 0U);
    }
    EXPECT_EQ(found, all_of_everything()) << "in pieces of " << piece;
    if (piece < 16) {
      EXPECT_LT(pushed, file.size());
    }
  }
}

TEST_P(SecretsBlocks, MayBePassedInParts) {
  const Order order = GetParam();
  const Bytes head = section(order) + packet(order, 1000);
  std::vector<Found> found;
  SecretsBlockWalker walker(collect(found));
  walker.push(ByteView(head).first(head.size() - 900));
  ASSERT_EQ(walker.skip(), 896U);  // not its length behind it
  walker.passed(400);
  EXPECT_EQ(walker.skip(), 496U);
  walker.push(ByteView(head).subspan(head.size() - 500, 100));
  EXPECT_EQ(walker.skip(), 396U);
  walker.passed(396);
  EXPECT_EQ(walker.skip(), 0U);
  walker.push(ByteView(head).subspan(head.size() - 4));
  walker.push(pcapng_secrets(order, "secret"));
  EXPECT_THAT(found, ElementsAre(Found{"secret", 1}));
}

TEST_P(SecretsBlocks, OfAnUnknownTypeAreHandedOnAsSuch) {
  const Order order = GetParam();
  EXPECT_THAT(found_in(section(order) + pcapng_secrets(order, "wireguard", 0x57474b4c)),
              ElementsAre(Found{"wireguard", 0, 0x57474b4c}));
}

// libpcap counts packets of all three kinds.
TEST_P(SecretsBlocks, CountEveryKindOfPacket) {
  const Order order = GetParam();
  const Bytes obsolete = pcapng_block(2, Writer(order).raw(Bytes(20, 0)));
  const Bytes statistics = pcapng_block(5, Writer(order).raw(Bytes(12, 0)));
  EXPECT_THAT(found_in(section(order) + obsolete + statistics + pcapng_simple_packet(order, "s") +
                       packet(order) + pcapng_secrets(order, "x")),
              ElementsAre(Found{"x", 3}));
}

TEST_P(SecretsBlocks, MayClaimMoreThanTheirBlockHolds) {
  const Order order = GetParam();
  for (const std::uint32_t length : {5U, 100U, 0x7fffffffU, 0xfffffffdU, 0xffffffffU}) {
    const Bytes lying =
        pcapng_block(10, Writer(order).number(SecretsBlock::kTlsKeyLog, 4).number(length, 4).raw("four"));
    EXPECT_THAT(found_in(section(order) + lying + pcapng_secrets(order, "next")),
                ElementsAre(Found{"next", 0}))
        << length;
  }
}

TEST_P(SecretsBlocks, MayBeTooShortForSecrets) {
  const Order order = GetParam();
  for (const std::size_t size : {0U, 4U}) {
    const Bytes empty = pcapng_block(10, Writer(order).number(0, size));
    EXPECT_THAT(found_in(section(order) + empty + pcapng_secrets(order, "next")),
                ElementsAre(Found{"next", 0}))
        << size;
  }
}

// The block is passed over without its bytes being there; only its header is pushed.
TEST_P(SecretsBlocks, LargerThanTheCapArePassedOver) {
  const Order order = GetParam();
  const std::uint32_t length = SecretsBlockWalker::kMaxSecrets + 4;
  const Bytes header = Writer(order)
                           .number(10, 4)
                           .number(length + 20, 4)
                           .number(SecretsBlock::kTlsKeyLog, 4)
                           .number(length, 4)
                           .bytes();
  std::vector<Found> found;
  SecretsBlockWalker walker(collect(found));
  walker.push(section(order) + header);
  ASSERT_EQ(walker.skip(), length);
  walker.passed(walker.skip());
  walker.push(Writer(order).number(length + 20, 4).bytes());
  walker.push(pcapng_secrets(order, "next"));
  EXPECT_THAT(found, ElementsAre(Found{"next", 0}));
}

TEST_P(SecretsBlocks, AreFoundBehindALengthThatCannotBeTrue) {
  const Order order = GetParam();
  for (const std::uint32_t length : {0U, 1U, 8U, 11U, 0xffffffffU}) {
    for (const std::uint32_t type : {1U, 6U, 10U, 0xbadU}) {
      const Bytes damaged = Writer(order).number(type, 4).number(length, 4).number(0, 7).bytes();
      const Bytes file = section(order) + pcapng_secrets(order, "x") + damaged + packet(order) +
                         pcapng_secrets(order, "y") + packet(order) + pcapng_secrets(order, "z");
      for (const std::size_t piece : {std::size_t{1}, std::size_t{13}, file.size()}) {
        EXPECT_THAT(walk(file, piece).found, ElementsAre(Found{"x", 0}, Found{"y", 1}, Found{"z", 2}))
            << type << ' ' << length << ' ' << piece;
      }
    }
  }
}

TEST_P(SecretsBlocks, AreFoundBehindText) {
  const Order order = GetParam();
  const Bytes file = section(order) + packet(order) + to_bytes(as_bytes("3 bytes, or more of text")) +
                     pcapng_secrets(order, "y") + unknown_block(order, 40) + pcapng_secrets(order, "z");
  for (std::size_t piece = 1; piece <= file.size(); ++piece) {
    EXPECT_THAT(walk(file, piece).found, ElementsAre(Found{"y", 1}, Found{"z", 1})) << piece;
  }
}

TEST_P(SecretsBlocks, AreFoundBehindABlockWhoseLengthsDiffer) {
  const Order order = GetParam();
  for (const Bytes& block : {pcapng_secrets(order, "secret"), packet(order)}) {
    Bytes damaged = block;
    damaged.back() ^= 1U;
    damaged[damaged.size() - 4] ^= 1U;
    const Walked walked = walk(section(order) + damaged + pcapng_secrets(order, "next"), 1);
    EXPECT_THAT(walked.found, ElementsAre(Found{"next", 0}));
    EXPECT_FALSE(walked.ended);
  }
}

TEST_P(SecretsBlocks, AreFoundBehindADamagedSectionHeader) {
  const Order order = GetParam();
  const Bytes good = section(order) + pcapng_secrets(order, "x");
  Bytes wrong_magic = pcapng_section(order);
  wrong_magic[9] ^= 1U;
  const Bytes too_short = Writer(order).number(0x0a0d0d0a, 4).number(24, 4).number(0x1a2b3c4d, 4).bytes();
  for (const Bytes& damaged : {wrong_magic, too_short}) {
    EXPECT_THAT(walk(good + damaged + pcapng_secrets(order, "y"), 1).found,
                ElementsAre(Found{"x", 0}, Found{"y", 0}));
    EXPECT_TRUE(walk(damaged, 1).ended);
  }
}

// What looks like the start of a large block there is waited for, but not beyond the end.
TEST_P(SecretsBlocks, AreFoundBehindWhatLooksLikeABlock) {
  const Order order = GetParam();
  const Bytes lure = Writer(order).number(0, 8).number(6, 4).number(1U << 20U, 4).bytes();
  std::vector<Found> found;
  SecretsBlockWalker walker(collect(found));
  walker.push(section(order) + lure + pcapng_secrets(order, "y"));
  EXPECT_THAT(found, IsEmpty());
  walker.finish();
  EXPECT_THAT(found, ElementsAre(Found{"y", 0}));
  const TemporaryFolder folder;
  EXPECT_THAT(found_in_file(folder.write("a", section(order) + lure + pcapng_secrets(order, "y"))),
              ElementsAre(Found{"y", 0}));
}

// Writers that forget the padding in the length, at both ends or at the first.
TEST_P(SecretsBlocks, MayHaveALengthWithoutPadding) {
  const Order order = GetParam();
  for (const bool at_both_ends : {true, false}) {
    const Bytes odd = Writer(order)
                          .number(10, 4)
                          .number(25, 4)
                          .number(SecretsBlock::kTlsKeyLog, 4)
                          .number(5, 4)
                          .raw(std::string("five!\0\0\0", 8))
                          .number(at_both_ends ? 25 : 28, 4)
                          .bytes();
    EXPECT_THAT(found_in(section(order) + odd + pcapng_secrets(order, "next")),
                ElementsAre(Found{"five!", 0}, Found{"next", 0}));
  }
}

// Only what has come takes memory, whatever a block claims.
TEST_P(SecretsBlocks, ThatNeverComeTakeNoMemory) {
  const Order order = GetParam();
  const std::uint32_t length = SecretsBlockWalker::kMaxSecrets;
  const Bytes start = section(order) + Writer(order)
                                           .number(10, 4)
                                           .number(length + 20, 4)
                                           .number(SecretsBlock::kTlsKeyLog, 4)
                                           .number(length, 4)
                                           .raw("few bytes")
                                           .bytes();
  std::vector<SecretsBlockWalker> many;
  for (int i = 0; i < 2000; ++i) {  // half a terabyte, were it believed
    many.emplace_back([](const SecretsBlock&) { ADD_FAILURE(); });
    many.back().push(start);
    EXPECT_FALSE(many.back().ended());
  }
}

INSTANTIATE_TEST_SUITE_P(ByteOrders, SecretsBlocks, ::testing::Values(Order::little, Order::big));

TEST(SecretsBlocksOfSections, EachHaveTheirByteOrder) {
  for (const auto& [first, second, third] :
       {std::tuple{Order::little, Order::big, Order::little}, {Order::big, Order::big, Order::little}}) {
    const Bytes file = section(first) + packet(first) + pcapng_secrets(first, "first") + section(second) +
                       pcapng_secrets(second, "second") + packet(second) + section(third) +
                       pcapng_secrets(third, "third");
    for (std::size_t piece = 1; piece <= file.size(); ++piece) {
      EXPECT_THAT(walk(file, piece).found,
                  ElementsAre(Found{"first", 1}, Found{"second", 1}, Found{"third", 2}));
    }
  }
}

TEST(SecretsBlocksOfSections, MayHaveAnyLengthInTheHeader) {
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{1} << 40U, ~std::uint64_t{0}}) {
    const Bytes header = pcapng_block(
        0x0a0d0d0a, Writer(Order::little).number(0x1a2b3c4d, 4).number(1, 2).number(0, 2).number(length, 8));
    EXPECT_THAT(found_in(header + pcapng_secrets(Order::little, "x")), ElementsAre(Found{"x", 0}));
  }
}

TEST(SecretsBlocksElsewhere, AreNone) {
  const Bytes classic = pcap({{1, 0, "packet"}});
  for (const Bytes& file : {classic, Bytes{}, to_bytes(as_bytes("\n\r\r")), Bytes(100, 0),
                            pcapng_secrets(Order::little, "without a section")}) {
    EXPECT_THAT(found_in(file), IsEmpty());
  }
  EXPECT_TRUE(walk(classic, 4).ended);
  EXPECT_TRUE(walk(Bytes(4, 0), 1).ended);
  EXPECT_FALSE(walk(Bytes(3, 0), 1).ended);
}

TEST(SecretsFile, IsReadWithSeeking) {
  const TemporaryFolder folder;
  for (const Order order : {Order::little, Order::big}) {
    const Bytes large = packet(order, 1000000);
    const Bytes file = section(order) + large + pcapng_secrets(order, std::string(300000, 'x')) + large +
                       unknown_block(order, 500000) + pcapng_secrets(order, "y");
    EXPECT_THAT(found_in_file(folder.write("a.pcapng", file)),
                ElementsAre(Found{std::string(300000, 'x'), 1}, Found{"y", 2}));
    EXPECT_EQ(found_in_file(folder.write("b.pcapng", everything(order))), all_of_everything());
  }
}

// Blocks of all sizes, so that pieces of all sizes are read.
TEST(SecretsFile, IsReadWhateverTheSizeOfItsBlocks) {
  const TemporaryFolder folder;
  Bytes file = section(Order::little);
  std::vector<Found> expected;
  for (std::uint64_t n = 0; n < 3000; ++n) {
    append(file, packet(Order::little, n * n % 9001));
    if (n % 7 != 0) continue;
    expected.push_back({std::string(n * n % 5003, 's'), n + 1});
    append(file, pcapng_secrets(Order::little, expected.back().secrets));
  }
  EXPECT_EQ(found_in_file(folder.write("a.pcapng", file)), expected);
}

TEST(SecretsFile, MayEndAnywhere) {
  const TemporaryFolder folder;
  const Bytes file = everything(Order::little);
  for (std::size_t size = 0; size <= file.size(); ++size) {
    const Bytes cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(found_in_file(folder.write("cut.pcapng", cut)), found_in(cut)) << size;
  }
}

TEST(SecretsFile, OfAnotherKindHasNone) {
  const TemporaryFolder folder;
  EXPECT_THAT(found_in_file(folder.write("classic.pcap", pcap({{1, 0, "packet"}}))), IsEmpty());
  EXPECT_THAT(found_in_file(folder.write("empty", {})), IsEmpty());
}

// Nobody writes into it: opening it would wait for ever.
TEST(SecretsFile, ThatIsAPipeIsLeftAlone) {
  const TemporaryFolder folder;
  ASSERT_EQ(::mkfifo(folder.path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(found_in_file(folder.path("fifo")), IsEmpty());
}

TEST(SecretsFile, ThatIsMissingIsSaid) {
  const TemporaryFolder folder;
  const std::string path = folder.path("missing.pcapng");
  const auto read = read_secrets_blocks(path, [](const SecretsBlock&) { ADD_FAILURE(); });
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().message, path + ": No such file or directory");
}

TEST(SecretsFile, OnStandardInputIsReadFromWhereItStands) {
  const TemporaryFolder folder;
  const std::string path = folder.write(
      "two.pcapng", everything(Order::little) + section(Order::big) + pcapng_secrets(Order::big, "x"));
  const int saved = ::dup(STDIN_FILENO);
  const int file = ::open(path.c_str(), O_RDONLY);
  ASSERT_EQ(::dup2(file, STDIN_FILENO), STDIN_FILENO);
  const auto start = static_cast<off_t>(everything(Order::little).size());
  ASSERT_EQ(::lseek(STDIN_FILENO, start, SEEK_SET), start);
  const auto found = found_in_file("-");
  const off_t now = ::lseek(STDIN_FILENO, 0, SEEK_CUR);
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(file);
  EXPECT_THAT(found, ElementsAre(Found{"x", 0}));
  EXPECT_EQ(now, start);
}

}  // namespace
}  // namespace tlspeel::capture
