#include "tlspeel/secrets/key_log.hpp"

#include <array>

#include <gmock/gmock.h>

#include "tlspeel/base/hex.hpp"

namespace tlspeel::secrets {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string hex(std::size_t bytes, std::string_view pair) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += pair;
  return out;
}
const std::string kRandom = hex(32, "a1");
const std::string kMaster = hex(48, "b2");

KeyLog read(std::string_view text, std::uint32_t source = 0) {
  KeyLog log;
  log.add(as_bytes(text), source);
  return log;
}

std::string found(const KeyLog& log, KeyLogLabel label, std::string_view id_hex) {
  const auto secret = log.find(label, *from_hex(id_hex));
  return secret ? to_hex(secret->secret) : "nothing";
}

std::string line(std::string_view label, std::string_view id, std::string_view secret) {
  return std::string(label) + " " + std::string(id) + " " + std::string(secret);
}

// What the sizes of a label's parts can be, in bytes.
struct Shape {
  KeyLogLabel label;
  std::size_t id;
  std::vector<std::size_t> secrets;
};

std::vector<Shape> shapes() {
  std::vector<Shape> out;
  for (std::size_t i = 0; i < kKeyLogLabels; ++i) {
    const auto label = static_cast<KeyLogLabel>(i);
    if (label == KeyLogLabel::rsa_session_id) continue;
    const bool traffic = i >= 1 && i <= 7;
    const bool any = label == KeyLogLabel::ech_secret || label == KeyLogLabel::ech_config ||
                     label == KeyLogLabel::pms_client_random;
    const std::vector<std::size_t> sizes = traffic ? std::vector<std::size_t>{32, 48}
                                           : any   ? std::vector<std::size_t>{1, 48, 1000, 16384}
                                                   : std::vector<std::size_t>{48};
    out.push_back({label, label == KeyLogLabel::rsa ? 8U : 32U, sizes});
  }
  return out;
}

TEST(KeyLog, EveryLabelInEverySizeThatItHas) {
  for (const Shape& shape : shapes()) {
    for (const std::size_t size : shape.secrets) {
      const std::string id = hex(shape.id, "0f");
      const std::string secret = hex(size, "c3");
      const KeyLog log = read(line(key_log_label_name(shape.label), id, secret));
      EXPECT_EQ(found(log, shape.label, id), secret) << key_log_label_name(shape.label) << ' ' << size;
      EXPECT_EQ(log.statistics(0).secrets, 1U);
      EXPECT_EQ(log.knows(*from_hex(id)), is_by_client_random(shape.label))
          << key_log_label_name(shape.label);
    }
  }
}

TEST(KeyLog, EveryOtherSizeIsMalformed) {
  for (const Shape& shape : shapes()) {
    const std::string name(key_log_label_name(shape.label));
    const std::string secret = hex(shape.secrets.front(), "c3");
    for (std::size_t size = 1; size < 70; ++size) {
      if (size == shape.id) continue;
      const auto statistics = read(line(name, hex(size, "0f"), secret)).statistics(0);
      EXPECT_EQ(statistics.malformed, 1U) << name << size;
      EXPECT_THAT(statistics.problems, ElementsAre("line 1: the id has the wrong size for its label"));
    }
    if (shape.secrets.front() == 1) continue;
    for (std::size_t size = 1; size < 70; ++size) {
      const auto statistics = read(line(name, hex(shape.id, "0f"), hex(size, "c3"))).statistics(0);
      const bool fits = std::ranges::find(shape.secrets, size) != shape.secrets.end();
      EXPECT_EQ(statistics.malformed, fits ? 0U : 1U) << name << size;
    }
  }
}

TEST(KeyLog, SecretsThatAreTooLarge) {
  const auto statistics = read(line("PMS_CLIENT_RANDOM", kRandom, hex(16385, "c3"))).statistics(0);
  EXPECT_EQ(statistics.malformed, 1U);
  EXPECT_THAT(statistics.problems, ElementsAre("line 1: the secret has the wrong size for its label"));
  // A line of many megabytes without an end, and one of a single word.
  EXPECT_EQ(read(line("PMS_CLIENT_RANDOM", kRandom, hex(9000000, "c3"))).statistics(0).malformed, 1U);
  EXPECT_EQ(read(std::string(9000000, 'A')).statistics(0).malformed, 1U);
}

TEST(KeyLog, RsaSessionIdHasIdsOfEverySize) {
  for (std::size_t size = 0; size <= 33; ++size) {
    const KeyLog log = read("RSA Session-ID:" + hex(size, "5e") + " Master-Key:" + kMaster);
    const bool fits = size >= 1 && size <= 32;
    EXPECT_EQ(log.statistics(0).malformed, fits ? 0U : 1U) << size;
    EXPECT_EQ(found(log, KeyLogLabel::rsa_session_id, hex(size, "5e")), fits ? kMaster : "nothing");
  }
  EXPECT_THAT(read("RSA Session-ID:5e " + kMaster).statistics(0).problems,
              ElementsAre("line 1: Session-ID without Master-Key"));
  EXPECT_EQ(read("RSA Session-ID:5e Master-Key:" + kMaster.substr(1)).statistics(0).malformed, 1U);
}

TEST(KeyLog, LineEndsBlanksCommentsAndCase) {
  std::string upper = kMaster;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string lf = line("CLIENT_RANDOM", kRandom, upper);
  for (const std::string& text : std::vector<std::string>{
           lf, lf + "\n", lf + "\r\n", "\xef\xbb\xbf" + lf + "\r\n", "\n\n# comment\n" + lf + "\n#\n",
           "  \t" + lf + " \t \r\n", "#" + lf + "\n" + lf, "CLIENT_RANDOM\t" + kRandom + "  " + upper,
           lf + std::string(3, '\0')}) {
    const KeyLog log = read(text);
    EXPECT_EQ(found(log, KeyLogLabel::client_random, kRandom), kMaster) << text;
    EXPECT_EQ(log.statistics(0).malformed, 0U) << text;
    EXPECT_EQ(log.size(), 1U);
  }
  EXPECT_TRUE(read("").empty());
  EXPECT_TRUE(read("\xef\xbb\xbf").empty());
  EXPECT_TRUE(read("# only a comment").empty());
  // Lower-case labels are nobody's.
  EXPECT_EQ(read(line("client_random", kRandom, kMaster)).statistics(0).other_labels, 1U);
}

TEST(KeyLog, LabelsOfOthersAreCountedAndNoMistake) {
  const auto statistics =
      read("SERVER_TRAFFIC_SECRET_1 " + kRandom + " " + kMaster + "\nQUIC_X 00 11\n").statistics(0);
  EXPECT_EQ(statistics.other_labels, 2U);
  EXPECT_EQ(statistics.malformed, 0U);
  EXPECT_EQ(statistics.secrets, 0U);
}

TEST(KeyLog, MalformedLinesAreNamedWithTheirNumbers) {
  const std::string good = line("CLIENT_RANDOM", kRandom, kMaster) + "\n";
  const KeyLog log = read("\n" + good + "<html>\nCLIENT_RANDOM\n# x\nCLIENT_RANDOM " + kRandom + "\n" +
                          line("CLIENT_RANDOM", kRandom, kMaster + "0") + "\n" +
                          line("CLIENT_RANDOM", kRandom + "0", kMaster) + "\n" +
                          line("CLIENT_RANDOM", kRandom, hex(48, "zz")) + "\n" +
                          line("CLIENT_RANDOM", kRandom, kMaster) + " more\nNOBODYS_LABEL 00 0g\n");
  EXPECT_THAT(log.statistics(0).problems,
              ElementsAre("line 3: not a line of a key log", "line 4: cut off: label, id and secret are due",
                          "line 6: cut off: label, id and secret are due",
                          "line 7: the secret has an odd number of hex digits",
                          "line 8: the id has an odd number of hex digits",
                          "line 9: something else than hex digits where hex is due",
                          "line 10: more than label, id and secret", "line 11: not a line of a key log"));
  EXPECT_EQ(log.statistics(0).malformed, 8U);
  EXPECT_EQ(log.size(), 1U);
}

// No secret ever stands in a message, even of lines that are nearly right.
TEST(KeyLog, MessagesHoldNothingOfALine) {
  const std::string nearly = line("CLIENT_RANDOM", kRandom, kMaster);
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) text += nearly.substr(0, nearly.size() - 2 * i - 1) + "\n";
  for (const std::string& problem : read(text).statistics(0).problems) {
    EXPECT_THAT(problem, testing::Not(HasSubstr("b2b2")));
    EXPECT_THAT(problem, testing::Not(HasSubstr("a1a1")));
  }
}

TEST(KeyLog, TenThousandMalformedLinesAreCountedAndTheFirstOnesNamed) {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "x\n";
  const auto statistics = read(text).statistics(0);
  EXPECT_EQ(statistics.malformed, 10000U);
  EXPECT_THAT(statistics.problems, SizeIs(KeyLog::kProblemsNamed));
}

TEST(KeyLog, NamesOfProblemsDoNotGrowWithTheNumberOfSources) {
  KeyLog log;
  for (std::uint32_t source = 0; source < 1000; ++source) log.add(as_bytes("x\ny\n"), source);
  std::size_t named = 0;
  for (std::uint32_t source = 0; source < 1000; ++source) {
    EXPECT_EQ(log.statistics(source).malformed, 2U);
    named += log.statistics(source).problems.size();
  }
  EXPECT_EQ(named, KeyLog::kProblemsKept);
}

TEST(KeyLog, TheSameAgainIsADuplicateAndSomethingElseAContradiction) {
  const std::string other = hex(48, "d4");
  const KeyLog log =
      read(line("CLIENT_RANDOM", kRandom, kMaster) + "\n" + line("CLIENT_RANDOM", kRandom, kMaster) + "\n" +
           line("CLIENT_RANDOM", kRandom, other) + "\n");
  EXPECT_EQ(found(log, KeyLogLabel::client_random, kRandom), kMaster) << "the first one counts";
  const auto statistics = log.statistics(0);
  EXPECT_EQ(statistics.secrets, 1U);
  EXPECT_EQ(statistics.duplicates, 1U);
  EXPECT_EQ(statistics.contradictions, 1U);
  EXPECT_THAT(statistics.problems,
              ElementsAre("line 3: another CLIENT_RANDOM for the same connection; the first one counts"));
}

TEST(KeyLog, SourcesAreCountedApartAndTheFirstOneCounts) {
  KeyLog log = read(line("CLIENT_RANDOM", kRandom, kMaster) + "\nx\n", 0);
  log.add(as_bytes(line("CLIENT_RANDOM", kRandom, hex(48, "d4")) + "\n" +
                   line("CLIENT_TRAFFIC_SECRET_0", kRandom, hex(32, "e5"))),
          3);
  EXPECT_EQ(found(log, KeyLogLabel::client_random, kRandom), kMaster);
  EXPECT_EQ(log.find(KeyLogLabel::client_random, *from_hex(kRandom))->source, 0U);
  EXPECT_EQ(log.find(KeyLogLabel::client_traffic_secret_0, *from_hex(kRandom))->source, 3U);
  EXPECT_EQ(log.statistics(0).malformed, 1U);
  EXPECT_EQ(log.statistics(3).contradictions, 1U);
  EXPECT_EQ(log.statistics(3).secrets, 1U);
  EXPECT_EQ(log.statistics(1).secrets + log.statistics(2).secrets + log.statistics(4).secrets, 0U);
}

TEST(KeyLog, IdsOfOneLabelAreNotThoseOfAnother) {
  const KeyLog log = read(line("CLIENT_RANDOM", kRandom, kMaster));
  EXPECT_EQ(found(log, KeyLogLabel::pms_client_random, kRandom), "nothing");
  EXPECT_EQ(found(log, KeyLogLabel::client_random, hex(31, "a1")), "nothing");
  EXPECT_EQ(found(log, KeyLogLabel::client_random, hex(31, "a1") + "a0"), "nothing");
  EXPECT_EQ(found(KeyLog(), KeyLogLabel::client_random, kRandom), "nothing");
  EXPECT_FALSE(log.knows({}));
}

// A program that still writes: the last line ends anywhere.
TEST(KeyLog, TheLastLineCutAtEveryLength) {
  const std::string first = line("CLIENT_RANDOM", hex(32, "11"), kMaster) + "\n";
  for (const std::string& last : {line("CLIENT_RANDOM", kRandom, kMaster), line("RSA", hex(8, "77"), kMaster),
                                  "RSA Session-ID:" + hex(32, "5e") + " Master-Key:" + kMaster}) {
    for (std::size_t size = 0; size < last.size(); ++size) {
      const KeyLog log = read(first + last.substr(0, size));
      EXPECT_EQ(log.size(), 1U) << last.substr(0, size);
      EXPECT_EQ(log.statistics(0).malformed, size == 0 ? 0U : 1U) << size;
    }
    EXPECT_EQ(read(first + last).size(), 2U);
  }
}

// Grows over its chunks and its table; every secret stays what it was.
TEST(KeyLog, AHundredThousandLines) {
  std::string text;
  const auto id_of = [](std::uint32_t n) {
    Bytes id(32);
    for (std::size_t i = 0; i < 4; ++i) id[28 + i] = static_cast<std::uint8_t>(n >> (8 * i));
    return id;
  };
  constexpr std::uint32_t kLines = 100000;
  for (std::uint32_t n = 0; n < kLines; ++n) {
    text += line("CLIENT_RANDOM", to_hex(id_of(n)), to_hex(id_of(~n)) + hex(16, "00")) + "\n";
  }
  KeyLog log = read(text, 0);
  log.add(as_bytes(text), 1);
  EXPECT_EQ(log.statistics(0).secrets, kLines);
  EXPECT_EQ(log.statistics(1).duplicates, kLines);
  EXPECT_EQ(log.statistics(1).secrets, 0U);
  for (std::uint32_t n = 0; n < kLines; n += 997) {
    const auto secret = log.find(KeyLogLabel::client_random, id_of(n));
    ASSERT_TRUE(secret) << n;
    EXPECT_EQ(to_hex(secret->secret), to_hex(id_of(~n)) + hex(16, "00"));
  }
  EXPECT_FALSE(log.find(KeyLogLabel::client_random, id_of(kLines)));
  KeyLog moved = std::move(log);
  EXPECT_EQ(moved.size(), kLines);
}

TEST(KeyLog, LargeSecretsOfEverySizeAroundTheEndOfAChunk) {
  std::string text;
  for (std::size_t n = 0; n < 200; ++n) {
    text += line("PMS_CLIENT_RANDOM", hex(31, "a1") + to_hex(Bytes(1, static_cast<std::uint8_t>(n))),
                 hex(16384 - n, "9a")) +
            "\n";
  }
  const KeyLog log = read(text);
  for (std::size_t n = 0; n < 200; ++n) {
    EXPECT_EQ(found(log, KeyLogLabel::pms_client_random,
                    hex(31, "a1") + to_hex(Bytes(1, static_cast<std::uint8_t>(n)))),
              hex(16384 - n, "9a"));
  }
}

}  // namespace
}  // namespace tlspeel::secrets
