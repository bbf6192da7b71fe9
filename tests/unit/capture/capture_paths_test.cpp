// What a folder, a file in it, a link and a name that is given twice stand for.
#include "tlspeel/capture/capture_paths.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

CapturePaths found(const std::vector<std::string>& arguments) {
  auto paths = find_captures(arguments);
  EXPECT_TRUE(paths.has_value()) << (paths ? "" : paths.error().message);
  return paths ? *std::move(paths) : CapturePaths{};
}

std::string error_of_finding(const std::vector<std::string>& arguments) {
  const auto paths = find_captures(arguments);
  return paths ? "no error" : paths.error().message;
}

const Bytes kCapture = pcap({{1, 0, "packet"}});

TEST(CapturePaths, FilesAndStandardInputStayAsTheyAre) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a", kCapture);
  const CapturePaths paths = found({folder.path("missing"), "-", file});
  EXPECT_THAT(paths.paths, ElementsAre(folder.path("missing"), "-", file));
  EXPECT_THAT(paths.notes, IsEmpty());
}

TEST(CapturePaths, FolderStandsForTheCapturesInIt) {
  const TemporaryFolder folder;
  const std::string second = folder.write("b.pcapng", pcapng_section(Order::big));
  const std::string first = folder.write("a.pcap", kCapture);
  folder.write(".hidden.pcap", kCapture);
  std::filesystem::create_directory(folder.path("z"));
  folder.write("z/inside.pcap", kCapture);
  folder.write("README", to_bytes(as_bytes("not a capture")));
  folder.write("empty", {});
  ASSERT_EQ(::mkfifo(folder.path("pipe").c_str(), 0600), 0);
  const CapturePaths paths = found({folder.path("")});
  EXPECT_THAT(paths.paths, ElementsAre(first, second));
  EXPECT_THAT(paths.notes,
              ElementsAre(folder.path("") + ": left out what is no capture: README, empty, pipe and 1 more"));
}

TEST(CapturePaths, FolderOfCapturesAloneIsNoNote) {
  const TemporaryFolder folder;
  folder.write("a", kCapture);
  EXPECT_THAT(found({folder.path("")}).notes, IsEmpty());
}

TEST(CapturePaths, FolderWithoutACaptureIsAnError) {
  const TemporaryFolder folder;
  const std::string sentence = folder.path("") + ": is a folder without a capture in it";
  EXPECT_EQ(error_of_finding({folder.path("")}), sentence);
  folder.write("README", to_bytes(as_bytes("not a capture")));
  EXPECT_EQ(error_of_finding({folder.path("")}), sentence);
}

// It is one, so it must not be passed over; nor must it keep the others from being read.
TEST(CapturePaths, BrokenCaptureInAFolderIsAProblem) {
  const TemporaryFolder folder;
  folder.write("a", kCapture);
  Bytes cut = pcap_header();
  cut.resize(10);
  const std::string broken = folder.write("b", cut);
  Bytes other = kCapture;
  other[4] = 9;  // the version
  const std::string newer = folder.write("c", other);
  const CapturePaths paths = found({folder.path("")});
  EXPECT_THAT(paths.paths, ElementsAre(folder.path("a")));
  EXPECT_THAT(paths.notes, IsEmpty());
  const std::string sentence = broken + ": is cut off before its first packet";
  ASSERT_EQ(paths.problems.size(), 2U);
  EXPECT_EQ(paths.problems[0], sentence + "; it was left out");
  EXPECT_THAT(paths.problems[1], StartsWith(newer + ": cannot be read as a capture ("));
  // Named by itself it is an error, which is found when it is opened.
  const CapturePaths alone = found({broken});
  EXPECT_THAT(alone.paths, ElementsAre(broken));
  EXPECT_THAT(alone.problems, IsEmpty());
  EXPECT_EQ(error_of(alone.paths), sentence);
}

TEST(CapturePaths, BrokenCapturesAloneAreAnError) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("in"));
  Bytes cut = pcap_header();
  cut.resize(10);
  const std::string broken = folder.write("in/b", cut);
  const std::string sentence = broken + ": is cut off before its first packet";
  EXPECT_EQ(error_of_finding({folder.path("in")}), sentence);
  folder.write("in/c", cut);
  EXPECT_EQ(error_of_finding({folder.path("in")}), sentence + " (and 1 more cannot be read either)");
  const std::string file = folder.write("a", kCapture);
  const CapturePaths paths = found({folder.path("in"), file});
  EXPECT_THAT(paths.paths, ElementsAre(file));
  EXPECT_EQ(paths.problems.size(), 2U);
}

TEST(CapturePaths, FileThatIsNamedTwiceIsReadOnce) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path("in"));
  const std::string file = folder.write("in/a", kCapture);
  const std::string other = folder.write("in/b", kCapture);
  std::filesystem::create_hard_link(file, folder.path("hard"));
  std::filesystem::create_symlink(file, folder.path("soft"));
  const CapturePaths paths =
      found({file, folder.path("in"), folder.path("hard"), folder.path("soft"), other});
  EXPECT_THAT(paths.paths, ElementsAre(file, other));
  const std::string again = ": was given more than once, and is read once";
  EXPECT_THAT(paths.notes, ElementsAre(file + again, folder.path("hard") + again, folder.path("soft") + again,
                                       other + again));
}

}  // namespace
}  // namespace tlspeel::capture
