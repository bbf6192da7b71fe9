#include "tlspeel/secrets/psks.hpp"

#include <gmock/gmock.h>

#include "tlspeel/base/hex.hpp"

#include "test_folder.hpp"

namespace tlspeel::secrets {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> keys_of(const Psks& psks, ByteView identity) {
  std::vector<std::string> out;
  for (const Psk* psk : psks.of(identity)) out.push_back(to_hex(psk->key.view()));
  return out;
}
std::vector<std::string> keys_of(const Psks& psks, std::string_view identity) {
  return keys_of(psks, as_bytes(identity));
}

TEST(Psk, AnIdentityAndAKeyOrAKeyForAll) {
  Psks psks;
  ASSERT_TRUE(psks.add("client:0011"));
  ASSERT_TRUE(psks.add("AAbb"));
  ASSERT_TRUE(psks.add("client:22"));
  EXPECT_THAT(keys_of(psks, "client"), ElementsAre("0011", "22", "aabb"));
  EXPECT_THAT(keys_of(psks, "other"), ElementsAre("aabb"));
  EXPECT_EQ(psks.all()[0].label, "PSK client");
  EXPECT_EQ(psks.all()[1].label, "PSK");
  EXPECT_TRUE(psks.all()[1].any_identity);
}

TEST(Psk, TheLastColonParts) {
  Psks psks;
  ASSERT_TRUE(psks.add("urn:device:7:beef"));
  ASSERT_TRUE(psks.add(":cafe"));
  EXPECT_THAT(keys_of(psks, "urn:device:7"), ElementsAre("beef"));
  EXPECT_THAT(keys_of(psks, ""), ElementsAre("cafe")) << "an empty identity is one";
  EXPECT_THAT(keys_of(psks, "urn"), IsEmpty());
}

TEST(Psk, IdentitiesInHexNeedNotBeText) {
  Psks psks;
  ASSERT_TRUE(psks.add("#00ff3a:0102"));
  ASSERT_TRUE(psks.add("#nothex:0304"));
  EXPECT_THAT(keys_of(psks, Bytes{0x00, 0xff, 0x3a}), ElementsAre("0102"));
  EXPECT_THAT(keys_of(psks, "#nothex"), ElementsAre("0304"));
  EXPECT_EQ(psks.all()[0].label, "PSK #00ff3a");
}

TEST(Psk, WhatIsNoneIsRefusedAndNotShown) {
  for (const char* text : {"", "a:", "a:1", "a:12x4", "secretkey", "123", "a:12 34", ":"}) {
    const auto added = Psks().add(text);
    ASSERT_FALSE(added) << text;
    EXPECT_EQ(added.error().message,
              "a pre-shared key is IDENTITY:HEX, or HEX alone, with an even number of hex digits");
  }
}

// RFC 4279 section 5.3, RFC 8446 section 4.2.11: lengths of two bytes.
TEST(Psk, SizesUpToTheirLimits) {
  const std::string most(65535, 'i');
  EXPECT_TRUE(Psks().add(most + ":00"));
  EXPECT_FALSE(Psks().add(most + "i:00"));
  EXPECT_TRUE(Psks().add("#" + std::string(131070, '0') + ":00"));
  EXPECT_FALSE(Psks().add("#" + std::string(131072, '0') + ":00"));
  EXPECT_TRUE(Psks().add("i:" + std::string(131070, '0')));
  EXPECT_FALSE(Psks().add("i:" + std::string(131072, '0')));
}

class PskFile : public TestFolder {
 protected:
  std::string problem(std::string_view content) const {
    Psks psks;
    const auto added = psks.add_file(file("psk.txt", content));
    return added ? "no problem" : added.error().message;
  }
};

TEST_F(PskFile, OneALineWithCommentsBlanksAndEitherLineEnd) {
  Psks psks;
  ASSERT_TRUE(
      psks.add_file(file("psk.txt",
                         "# made by psktool\r\n\n  alice:0011  \r\n#comment without a colon\n# a: comment\n"
                         "bob:2233\n#00ff:4455\n6677")));
  EXPECT_THAT(keys_of(psks, "alice"), ElementsAre("0011", "6677"));
  EXPECT_THAT(keys_of(psks, "bob"), ElementsAre("2233", "6677"));
  EXPECT_THAT(keys_of(psks, Bytes{0x00, 0xff}), ElementsAre("4455", "6677"));
  EXPECT_EQ(psks.all().size(), 4U);
}

TEST_F(PskFile, ErrorsNameFileAndLineAndNeverTheKey) {
  EXPECT_THAT(problem("alice:0011\n\n# x\nbob:deadbeef0\n"),
              EndsWith("psk.txt: line 4 is no pre-shared key (IDENTITY:HEX, or HEX alone)"));
  EXPECT_THAT(problem("bob:deadbeef0\n"), Not(HasSubstr("deadbeef")));
  EXPECT_THAT(problem("# nothing\n"), EndsWith("psk.txt: no pre-shared key in it"));
  EXPECT_THAT(problem(""), EndsWith("psk.txt: no pre-shared key in it"));
  Psks psks;
  EXPECT_EQ(psks.add_file("/nonexistent/psk.txt").error().message,
            "/nonexistent/psk.txt: No such file or directory");
}

TEST_F(PskFile, CutAtEveryLength) {
  const std::string whole = "alice:00112233";
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::string got = problem(whole.substr(0, size));
    const bool whole_bytes = size > 6 && size % 2 == 0;
    EXPECT_EQ(got == "no problem", whole_bytes) << size;
  }
}

}  // namespace
}  // namespace tlspeel::secrets
