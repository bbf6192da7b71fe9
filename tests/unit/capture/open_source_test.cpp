// What cannot be read is found before anything is read, and named with its cause.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct NoCapture {
  const char* name;
  std::string content;
  const char* sentence;
};

class NoCaptures : public ::testing::TestWithParam<NoCapture> {};

TEST_P(NoCaptures, AreNamedForWhatTheyAre) {
  const TemporaryFolder folder;
  const std::string good = folder.write("good.pcap", pcap({{1, 0, "first"}}));
  const std::string path = folder.write("dump", to_bytes(as_bytes(GetParam().content)));
  EXPECT_EQ(error_of({path}), path + ": " + GetParam().sentence);
  EXPECT_EQ(error_of({good, path}), path + ": " + GetParam().sentence);
}

std::string first_of(const Bytes& bytes, std::size_t size) {
  return std::string(as_text(bytes).substr(0, size));
}

INSTANTIATE_TEST_SUITE_P(All, NoCaptures,
                         ::testing::Values(NoCapture{"empty", "", "is empty"},
                                           NoCapture{"zip", "PK\x03\x04 and more",
                                                     "is a ZIP archive; unpack it first (unzip)"},
                                           NoCapture{"key", "-----BEGIN PRIVATE KEY-----\n",
                                                     "is a PEM file (a key or a certificate), not a capture"},
                                           NoCapture{"text", "12:00:01 IP 192.0.2.1 > 192.0.2.2",
                                                     "is not a capture (neither pcap nor pcapng nor snoop)"},
                                           NoCapture{"three_bytes", "abc", "is not a capture (too short)"},
                                           NoCapture{"half_a_header", first_of(pcap({}), 14),
                                                     "is cut off before its first packet"}),
                         [](const auto& param) { return param.param.name; });

TEST(OpenSource, HeaderCutAtEveryLengthIsAnError) {
  const TemporaryFolder folder;
  for (const Bytes& whole :
       {pcap_header(), pcapng_section(Order::little) + pcapng_interface(Order::little, 1)}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const std::string path =
          folder.write("cut", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      // Nothing behind a section header is a capture without packets.
      const bool section_only = size == pcapng_section(Order::little).size() && whole.size() > 24;
      EXPECT_THAT(error_of({path}), StartsWith(section_only ? "no error" : path + ": ")) << size;
    }
  }
}

TEST(OpenSource, FormatThatIsTooOldOrTooNewIsNamed) {
  const TemporaryFolder folder;
  const Bytes version_9 = Writer(Order::little).number(kMicroseconds, 4).number(9, 2).raw(Bytes(18)).bytes();
  const std::string path = folder.write("dump", version_9);
  EXPECT_THAT(error_of({path}),
              StartsWith(path + ": cannot be read as a capture (unsupported pcap savefile version 9"));
}

TEST(OpenSource, MissingFileIsFoundBeforeTheFirstIsRead) {
  const TemporaryFolder folder;
  const std::string good = folder.write("good.pcap", pcap({{1, 0, "first"}}));
  const std::string missing = folder.path("missing.pcap");
  EXPECT_EQ(error_of({good, missing}), missing + ": No such file or directory");
}

TEST(OpenSource, DirectoryIsNamedAsOne) {
  const TemporaryFolder folder;
  EXPECT_EQ(error_of({folder.path("")}), folder.path("") + ": is a directory");
}

TEST(OpenSource, FileThatMayNotBeReadIsNamed) {
  const TemporaryFolder folder;
  const std::string path = folder.write("secret.pcap", pcap({}));
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  const bool root = geteuid() == 0;
  constexpr uid_t kNobody = 65534;
  if (root) {
    // root may read everything
    ASSERT_EQ(chmod(folder.path("").c_str(), 0755), 0);
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  const std::string error = error_of({path});
  if (root) {
    ASSERT_EQ(seteuid(0), 0);
  }
  EXPECT_EQ(error, path + ": Permission denied");
}

TEST(OpenSource, StandardInputIsReadOnceAtMost) {
  EXPECT_EQ(error_of({"-", "-"}), "standard input ('-') can be read only once, but was given more than once");
}

TEST(OpenSource, NothingToReadIsAnError) {
  EXPECT_EQ(error_of({}), "no capture was given");
}

}  // namespace
}  // namespace tlspeel::capture
