#include "tlspeel/pipeline/body_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

namespace tlspeel::pipeline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BodyFilesTest : public testing::Test {
 protected:
  BodyFilesTest() {
    std::string pattern = testing::TempDir() + "body_files_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
  }
  ~BodyFilesTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  BodyFiles open() { return *BodyFiles::open(folder_ + "/bodies"); }
  std::set<std::string> names() const {
    std::set<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/bodies"))
      out.insert(entry.path().filename());
    return out;
  }
  std::string content(const std::string& name) const {
    std::ifstream file(folder_ + "/bodies/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  unsigned mode(const std::string& name) const {
    struct stat status {};
    return ::stat((folder_ + "/bodies" + name).c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
  }

  std::string folder_;
};

TEST_F(BodyFilesTest, PartsAreHiddenUntilTheyHaveAName) {
  BodyFiles files = open();
  files.append(1, as_bytes("one "));
  files.append(2, as_bytes("other"));
  files.skip(1, 3);
  files.append(1, as_bytes(" two"));
  for (const std::string& name : names()) EXPECT_TRUE(name.starts_with('.')) << name;
  EXPECT_EQ(files.keep(1, "a.b", ".txt"), "a.b.txt");
  EXPECT_EQ(content("a.b.txt"), std::string("one \0\0\0 two", 11));
  EXPECT_EQ(mode("/a.b.txt"), 0600U);
  EXPECT_EQ(mode(""), 0700U);
  files.drop(2);
  EXPECT_EQ(files.keep(3, "empty", ".bin"), "empty.bin");
  EXPECT_THAT(names(), ElementsAre("a.b.txt", "empty.bin"));
  EXPECT_FALSE(files.failure());
}

TEST_F(BodyFilesTest, NothingIsReplaced) {
  for (int run = 0; run < 3; ++run) {
    BodyFiles files = open();
    files.append(1, as_bytes("run " + std::to_string(run)));
    files.keep(1, "name", ".txt");
    files.list("head\n", "line\n");
  }
  EXPECT_THAT(names(), ElementsAre("index.tsv", "name-2.txt", "name-3.txt", "name.txt"));
  EXPECT_EQ(content("name.txt"), "run 0");
  EXPECT_EQ(content("name-3.txt"), "run 2");
  EXPECT_EQ(content("index.tsv"), "head\nline\nline\nline\n");
}

TEST_F(BodyFilesTest, LinksAreNotFollowed) {
  BodyFiles files = open();
  std::ofstream(folder_ + "/other") << "somebody else's";
  std::filesystem::create_symlink(folder_ + "/other", folder_ + "/bodies/name.txt");
  std::filesystem::create_symlink(folder_ + "/other", folder_ + "/bodies/index.tsv");
  files.append(1, as_bytes("mine"));
  EXPECT_EQ(files.keep(1, "name", ".txt"), "name-2.txt");
  EXPECT_EQ(content("name.txt"), "somebody else's");
  files.list("head\n", "line\n");
  ASSERT_TRUE(files.failure());
  EXPECT_THAT(*files.failure(), HasSubstr("index.tsv: cannot be written: "));
}

TEST_F(BodyFilesTest, ManyPartsTakeTurns) {
  BodyFiles files = open();
  for (int round = 0; round < 3; ++round)
    for (std::uint64_t part = 0; part < 1000; ++part)
      files.append(part, as_bytes(std::to_string(part) + " "));
  for (std::uint64_t part = 0; part < 1000; ++part) files.keep(part, std::to_string(part), ".txt");
  EXPECT_FALSE(files.failure());
  EXPECT_EQ(names().size(), 1000U);
  EXPECT_EQ(content("617.txt"), "617 617 617 ");
}

TEST_F(BodyFilesTest, PartsWithoutANameGo) {
  {
    BodyFiles files = open();
    files.append(1, as_bytes("part"));
    EXPECT_EQ(names().size(), 1U);
  }
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(BodyFilesTest, WhatCannotBeWrittenIsSaidOnce) {
  std::ofstream(folder_ + "/bodies") << "a file";
  EXPECT_FALSE(BodyFiles::open(folder_ + "/bodies"));
  std::filesystem::remove(folder_ + "/bodies");
  BodyFiles files = open();
  std::filesystem::remove_all(folder_ + "/bodies");
  files.append(1, as_bytes("part"));
  ASSERT_TRUE(files.failure());
  EXPECT_EQ(files.keep(1, "name", ".txt"), "");
}

}  // namespace
}  // namespace tlspeel::pipeline
