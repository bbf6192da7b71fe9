#include "secrets/file_bytes.hpp"

#include <csignal>
#include <thread>

#include <sys/stat.h>

#include "test_folder.hpp"

namespace tlspeel::secrets {
namespace {

class SecretFile : public TestFolder {
 protected:
  static std::string read(const std::string& path, std::size_t longest = 1000) {
    const auto bytes = read_secret_file(path, longest, "a test");
    return bytes ? std::string(as_text(bytes->view())) : bytes.error().message;
  }
  // Through a pipe, whose size nobody knows beforehand.
  std::string piped(const std::string& content, std::size_t longest) const {
    const std::string fifo = path("fifo");
    EXPECT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    ::signal(SIGPIPE, SIG_IGN);  // what is too large is not read to its end
    std::thread writer([&] { std::ofstream(fifo, std::ios::binary) << content; });
    std::string got = read(fifo, longest);
    writer.join();
    std::filesystem::remove(fifo);
    return got;
  }
};

TEST_F(SecretFile, OfEverySizeAroundTheLimit) {
  for (const std::size_t size : {0U, 1U, 999U, 1000U}) {
    EXPECT_EQ(read(file("f", std::string(size, 'x'))), std::string(size, 'x'));
  }
  EXPECT_EQ(read(file("f", std::string(1001, 'x'))), path("f") + ": too large to be a test");
}

TEST_F(SecretFile, OutOfAPipe) {
  EXPECT_EQ(piped("", 1000), "");
  EXPECT_EQ(piped("secret", 1000), "secret");
  const std::string large(300000, 'y');
  EXPECT_EQ(piped(large, large.size()), large);
  EXPECT_EQ(piped(large, large.size() - 1), path("fifo") + ": too large to be a test");
  EXPECT_EQ(piped(std::string(70, 'z'), 69), path("fifo") + ": too large to be a test");
}

TEST_F(SecretFile, WhatIsNoFile) {
  EXPECT_EQ(read(path("")), path("") + ": Is a directory");
  EXPECT_EQ(read(path("missing")), path("missing") + ": No such file or directory");
  EXPECT_EQ(read("/dev/zero"), "/dev/zero: too large to be a test");
  EXPECT_EQ(read("/dev/null"), "");
  const std::string sparse = file("sparse", "x");
  std::filesystem::resize_file(sparse, std::uintmax_t{1} << 40);
  EXPECT_EQ(read(sparse), sparse + ": too large to be a test");
  // A file that says it is empty and is not.
  EXPECT_TRUE(read("/proc/self/status", 100000).starts_with("Name:"));
}

TEST_F(SecretFile, LeavesNoDescriptorOpen) {
  const auto open_files = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const auto before = open_files();
  for (int i = 0; i < 5; ++i) {
    (void)read(path("missing"));
    (void)read(file("f", "x"));
    (void)read("/dev/zero");
    (void)read(path(""));
  }
  EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace tlspeel::secrets
