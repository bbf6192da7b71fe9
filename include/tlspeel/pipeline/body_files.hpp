// The files of --save-bodies: hidden ones in a directory until they have a name, and then never in the place
// of another one, whoever made that. Made with mode 0600. Failures are remembered, not thrown: after the
// first one everything else is swallowed, and failure() is one sentence with the name and the cause. Not
// thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/result.hpp"
#include "tlspeel/output/body_saver.hpp"
#include "tlspeel/pipeline/open_files.hpp"

namespace tlspeel::pipeline {

class BodyFiles final : public output::PartStore {
 public:
  // Makes the directory (mode 0700) if it is not there.
  static Result<BodyFiles> open(const std::string& path);
  // Parts that have no name go.
  ~BodyFiles() override;
  BodyFiles(BodyFiles&& other) = default;
  BodyFiles& operator=(BodyFiles&&) = delete;

  void append(std::uint64_t part, ByteView bytes) override;
  void skip(std::uint64_t part, std::uint64_t count) override;
  std::string keep(std::uint64_t part, const std::string& stem, const std::string& extension) override;
  void drop(std::uint64_t part) override;
  // Lines of earlier runs stay.
  void list(std::string_view head, std::string_view lines) override;
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  explicit BodyFiles(std::string path) : path_(std::move(path)) {}
  void flush();
  void write(std::uint64_t part, ByteView bytes);
  int descriptor_of(std::uint64_t part);
  int make(std::uint64_t part);
  std::string reserve(const std::string& stem, const std::string& extension);
  void fail_at(const std::string& path, int error);

  std::string path_;
  OpenFiles open_;                                        // by path
  std::unordered_map<std::uint64_t, std::string> parts_;  // their paths
  std::optional<std::string> failure_;
  // Small pieces of one part, which is not written yet: bodies may come in chunks of a byte.
  Bytes unwritten_;
  std::uint64_t unwritten_part_ = 0;
};

}  // namespace tlspeel::pipeline
