// Key logs that are still being written: which lines are taken when, and for which packets they count.
#include "secrets/growing_file.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/secrets/store.hpp"

#include "test_folder.hpp"

namespace tlspeel::secrets {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string client_random(char id, char secret) {
  return "CLIENT_RANDOM " + std::string(64, id) + " " + std::string(96, secret) + "\n";
}

class Growing : public TestFolder {
 protected:
  void append(std::string_view text) const {
    std::ofstream(path("keys.log"), std::ios::binary | std::ios::app) << text;
  }
  static std::string text_of(const GrowingFile::Lines& lines) {
    return std::to_string(lines.first) + ":" + std::string(as_text(lines.text.view()));
  }
};

TEST_F(Growing, GivesWholeLinesThatWereAdded) {
  GrowingFile log(file("keys.log", "one\n"), as_bytes("one\n"));
  EXPECT_TRUE(log.added().text.empty());
  append("two\nthr");
  EXPECT_EQ(text_of(log.added()), "2:two\n");
  EXPECT_TRUE(log.added().text.empty());
  append("ee\n");
  EXPECT_EQ(text_of(log.added()), "3:three\n");
}

TEST_F(Growing, ReadsALineAgainThatHadNoEnd) {
  GrowingFile log(file("keys.log", "one\ntw"), as_bytes("one\ntw"));
  EXPECT_TRUE(log.added().text.empty());
  append("o\n");
  EXPECT_EQ(text_of(log.added()), "2:two\n");
}

TEST_F(Growing, TakesNoMoreThanItMayAtATime) {
  GrowingFile log(file("keys.log", ""), {});
  const std::string line = std::string(1023, '#') + "\n";
  std::string much;
  while (much.size() <= GrowingFile::kMost) much += line;
  append(much + "last\n");
  std::string got;
  for (int i = 0; i < 3; ++i) got += as_text(log.added().text.view());
  EXPECT_TRUE(got == much + "last\n") << got.size();  // too long to be shown
}

TEST_F(Growing, BeginsAnewWhereTheFileDid) {
  GrowingFile log(file("keys.log", "one\ntwo\n"), as_bytes("one\ntwo\n"));
  (void)file("keys.log", "new\n");
  EXPECT_EQ(text_of(log.added()), "1:new\n");
  std::filesystem::remove(path("keys.log"));
  EXPECT_TRUE(log.added().text.empty());
}

class GrowingStore : public Growing {
 protected:
  std::string logged(char id, std::uint64_t packet) const {
    const auto found =
        store.logged(KeyLogLabel::client_random, Bytes(32, static_cast<std::uint8_t>(id)), packet);
    return found ? found->label + " " + std::to_string(found->secret.view()[0]) : "nothing";
  }
  void load() {
    Config config;
    config.keylog_paths = {path("keys.log")};
    auto loaded = Store::load(config);
    ASSERT_TRUE(loaded);
    store = *std::move(loaded);
  }

  Store store;
};

TEST_F(GrowingStore, CountsWhatWasAddedFromItsPacketOn) {
  (void)file("keys.log", client_random('1', '2'));
  load();
  store.read_on(5);
  append(client_random('3', '4'));
  store.read_on(10);
  store.read_on(20);
  EXPECT_EQ(logged(0x11, 1), "keys.log 34");
  EXPECT_EQ(logged(0x33, 10), "nothing");
  EXPECT_EQ(logged(0x33, 11), "keys.log 68");
  EXPECT_EQ(store.all_logged(KeyLogLabel::client_random, {}, 10, 9).size(), 1U);
  EXPECT_EQ(store.all_logged(KeyLogLabel::client_random, {}, 11, 9).size(), 2U);
  ASSERT_EQ(store.secrets().size(), 1U);
  EXPECT_EQ(store.secrets().front().description, "2 secrets");
}

TEST_F(GrowingStore, SaysWhatIsWrongWithLinesByTheirNumbers) {
  (void)file("keys.log", "# nothing yet\n");
  load();
  EXPECT_THAT(store.warnings(), ElementsAre(HasSubstr("no secret in this key log")));
  append(client_random('1', '2') + "CLIENT_RANDOM 11 22\n");
  store.read_on(0);
  EXPECT_THAT(store.warnings(), ElementsAre(HasSubstr("1 malformed line (line 3:")));
}

}  // namespace
}  // namespace tlspeel::secrets
