#include "tlspeel/pipeline/file_output.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

namespace tlspeel::pipeline {
namespace {

using testing::HasSubstr;

class FileOutput : public testing::Test {
 protected:
  FileOutput() {
    std::string pattern = testing::TempDir() + "file_output_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
  }
  ~FileOutput() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  std::string content(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  unsigned mode(const std::string& name) const {
    struct stat status {};
    return ::stat(path(name).c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
  }

  std::string folder_;
};

TEST_F(FileOutput, WritesSmallAndLargePiecesInOrder) {
  auto sink = FileSink::create(path("out"));
  ASSERT_TRUE(sink);
  const std::string large(std::size_t{1} << 20, 'x');
  sink->write("one ");
  sink->write(large);
  sink->write(" two");
  sink->close();
  EXPECT_FALSE(sink->failure());
  EXPECT_EQ(content("out"), "one " + large + " two");
  EXPECT_EQ(mode("out"), 0600U);
}

TEST_F(FileOutput, WhatAnOlderFileHeldStaysUntilThereIsSomethingToSay) {
  std::ofstream(path("out")) << "from an earlier run";
  {
    const auto sink = FileSink::create(path("out"));
    ASSERT_TRUE(sink);
  }
  EXPECT_EQ(content("out"), "from an earlier run");
  auto sink = FileSink::create(path("out"));
  ASSERT_TRUE(sink);
  sink->write("new");
  sink->close();
  EXPECT_EQ(content("out"), "new");
}

TEST_F(FileOutput, SecretsAreForTheOwnerAloneWhateverTheFileWas) {
  std::ofstream(path("keys.log")) << "from an earlier run";
  ASSERT_EQ(::chmod(path("keys.log").c_str(), 0666), 0);
  {
    const auto sink = FileSink::create_for_secrets(path("keys.log"));
    ASSERT_TRUE(sink);
  }
  EXPECT_EQ(mode("keys.log"), 0600U);
  EXPECT_EQ(content("keys.log"), "from an earlier run");
  auto sink = FileSink::create_for_secrets(path("keys.log"));
  ASSERT_TRUE(sink);
  for (int i = 0; i < 3; ++i) {  // the buffer is emptied in between
    sink->write(std::string(std::size_t{200} * 1024, static_cast<char>('a' + i)));
  }
  sink->close();
  EXPECT_FALSE(sink->failure());
  const std::string third(std::size_t{200} * 1024, 'c');
  EXPECT_EQ(content("keys.log").size(), 3 * third.size());
  EXPECT_TRUE(content("keys.log").ends_with(third));
  EXPECT_EQ(mode("keys.log"), 0600U);
}

TEST_F(FileOutput, SecretsMayGoWhereThereIsNoMode) {
  auto sink = FileSink::create_for_secrets("/dev/null");
  ASSERT_TRUE(sink);
  sink->write("CLIENT_RANDOM");
  sink->close();
  EXPECT_FALSE(sink->failure());
  EXPECT_FALSE(FileSink::create_for_secrets(path("no/such/folder")));
}

TEST_F(FileOutput, NamesTheFileAndTheCause) {
  const auto missing = FileSink::create(path("no/such/folder"));
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("no/such/folder: cannot be written: No such file"));
  auto full = FileSink::create("/dev/full");
  ASSERT_TRUE(full);
  full->write("lost");
  full->flush();
  ASSERT_TRUE(full->failure());
  EXPECT_THAT(*full->failure(), HasSubstr("/dev/full: cannot be written: No space left"));
  EXPECT_TRUE(full->stopped());
  full->write("swallowed");
  full->close();
  EXPECT_THAT(*full->failure(), HasSubstr("No space left"));
}

TEST_F(FileOutput, ADirectoryIsMadeForTheOwnerAlone) {
  auto store = DirectoryStore::open(path("streams"));
  ASSERT_TRUE(store);
  store->append("a", as_bytes("one"));
  store->append("a", as_bytes(" two"));
  EXPECT_FALSE(store->failure());
  EXPECT_EQ(content("streams/a"), "one two");
  EXPECT_EQ(mode("streams"), 0700U);
  EXPECT_EQ(mode("streams/a"), 0600U);
}

TEST_F(FileOutput, SkipsWithZerosAlsoAtTheEndAndAfterReopening) {
  auto store = DirectoryStore::open(path("streams"));
  ASSERT_TRUE(store);
  store->append("a", as_bytes("one"));
  store->skip("a", 2);
  store->append("a", as_bytes("two"));
  for (int n = 0; n < 300; ++n) store->append(std::to_string(n), as_bytes("x"));
  store->skip("a", 1);
  store->append("a", as_bytes("three"));
  store->skip("a", 3);
  EXPECT_FALSE(store->failure());
  EXPECT_EQ(content("streams/a"), std::string("one\0\0two\0three\0\0\0", 17));
}

TEST_F(FileOutput, RemovesWhatAnEarlierRunLeft) {
  {
    auto store = DirectoryStore::open(path("streams"));
    ASSERT_TRUE(store);
    store->append("a.holes", as_bytes("map"));
  }
  auto store = DirectoryStore::open(path("streams"));
  ASSERT_TRUE(store);
  store->remove("a.holes");
  store->remove("never there");
  EXPECT_FALSE(store->failure());
  EXPECT_FALSE(std::filesystem::exists(path("streams/a.holes")));
}

TEST_F(FileOutput, AnotherRunOverwrites) {
  for (const char* text : {"a long text of the first run", "second"}) {
    auto store = DirectoryStore::open(path("streams"));
    ASSERT_TRUE(store);
    store->append("a", as_bytes(std::string_view(text)));
  }
  EXPECT_EQ(content("streams/a"), "second");
}

TEST_F(FileOutput, MoreFilesThanMayBeOpenAtOnce) {
  constexpr int kFiles = 300;
  auto store = DirectoryStore::open(path("streams"));
  ASSERT_TRUE(store);
  for (int round = 0; round < 2; ++round) {
    for (int n = 0; n < kFiles; ++n) {
      store->append(std::to_string(n), as_bytes(std::to_string(n) + "." + std::to_string(round) + ";"));
    }
  }
  EXPECT_FALSE(store->failure());
  for (int n = 0; n < kFiles; ++n) {
    const std::string name = std::to_string(n);
    EXPECT_EQ(content("streams/" + name), name + ".0;" + name + ".1;");
  }
}

TEST_F(FileOutput, ALinkDoesNotLeadThePlaintextElsewhere) {
  auto store = DirectoryStore::open(path("streams"));
  ASSERT_TRUE(store);
  std::filesystem::create_symlink(path("elsewhere"), path("streams/a"));
  store->append("a", as_bytes("secret"));
  ASSERT_TRUE(store->failure());
  EXPECT_THAT(*store->failure(), HasSubstr("streams/a: cannot be written"));
  EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
}

TEST_F(FileOutput, AFileIsNoDirectory) {
  std::ofstream(path("file")) << "x";
  const auto store = DirectoryStore::open(path("file"));
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("is not a directory"));
}

}  // namespace
}  // namespace tlspeel::pipeline
