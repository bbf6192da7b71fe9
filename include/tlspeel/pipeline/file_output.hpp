// Where the bytes go: a file descriptor with a large buffer, and a directory of files. Failures are
// remembered, not thrown: after the first one everything else is swallowed, and failure() is one sentence
// with the name and the cause. Not thread safe.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "tlspeel/base/result.hpp"
#include "tlspeel/output/stream_saver.hpp"
#include "tlspeel/output/writer.hpp"
#include "tlspeel/pipeline/open_files.hpp"

namespace tlspeel::pipeline {

class FileSink final : public output::ByteSink {
 public:
  // Made with mode 0600: decrypted text is nobody else's business. What an older file held goes with the
  // first flush, so that a run that cannot start leaves it alone.
  static Result<FileSink> create(const std::string& path);
  // The same for secrets: an older file becomes its owner's alone before anything is written, and the buffer
  // is cleansed.
  static Result<FileSink> create_for_secrets(const std::string& path);
  // A file without a name, beside `path` or, where that cannot be, where temporary files are; what is written
  // to it is gone with this object. For secrets, too.
  static Result<FileSink> create_unnamed(const std::string& path);
  static FileSink standard_output();
  ~FileSink() override;
  FileSink(FileSink&& other) noexcept;
  FileSink& operator=(FileSink&&) = delete;

  void write(std::string_view bytes) override;
  void flush() override;
  // Of create_unnamed(): all that was written, from its beginning, in parts of at most this size, which are
  // cleansed behind the last call. part() says how much it took; the rest is in front of the next part.
  // Nothing is to be written later on.
  void read_back(std::size_t most, const std::function<std::size_t(std::string_view)>& part);
  // Flushes and closes; what a file system tells only then becomes a failure, too.
  void close();

  bool reader_gone() const { return reader_gone_; }  // broken pipe: a normal end
  bool stopped() const { return reader_gone_ || failure_.has_value(); }
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  FileSink(int descriptor, std::string name, bool owned);
  void begin();
  void empty_buffer();

  int descriptor_ = -1;
  std::string name_;
  bool owned_ = false;
  bool begun_ = false;
  bool secret_ = false;
  bool reader_gone_ = false;
  std::optional<std::string> failure_;
  std::string buffer_;
};

// Makes it (mode 0700) where it is not there, and sees that files can be made in it.
Result<void> make_directory(const std::string& path);

class DirectoryStore final : public output::FileStore {
 public:
  // Makes the directory (mode 0700) if it is not there.
  static Result<DirectoryStore> open(const std::string& path);
  // Files are made with mode 0600; one from an earlier run is overwritten.
  void append(const std::string& name, ByteView bytes) override;
  void skip(const std::string& name, std::uint64_t count) override;
  void remove(const std::string& name) override;
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  explicit DirectoryStore(std::string path) : path_(std::move(path)) {}
  int descriptor_of(const std::string& name);

  std::string path_;
  OpenFiles open_;
  std::unordered_set<std::string> made_;
  std::optional<std::string> failure_;
};

}  // namespace tlspeel::pipeline
