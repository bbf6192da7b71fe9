// One capture: its bytes, unpacked where it is compressed, the reader of its format (which its first bytes
// tell), and sentences for what is wrong with it. Packet numbers are given by the caller. Errors are
// sentences that begin with the capture's name.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tlspeel/capture/packet_source.hpp"

#include "capture/byte_source.hpp"
#include "capture/record_reader.hpp"

namespace tlspeel::capture {

class CaptureFile {
 public:
  // on_secrets: as ByteSource has it.
  static Result<std::unique_ptr<CaptureFile>> open(const std::string& path, const SourceOptions& options,
                                                   const OnSecretsBlock& on_secrets = {});
  static Result<std::unique_ptr<CaptureFile>> of(ByteView bytes, const std::string& name);
  // Of a source of which nothing was read.
  static Result<std::unique_ptr<CaptureFile>> of(std::unique_ptr<ByteSource> source, const std::string& name);
  // Whether the file begins as a capture does. Errors: it cannot be read, or does and is broken.
  static Result<bool> is_capture(const std::string& path);
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;

  // The next packet; `number` is that of the last packet read before and is counted up for every one.
  ReadState next(Packet& packet, std::uint64_t& number);
  const std::string& problem() const { return problem_; }
  // Where many are open.
  void use_small_blocks() { source_->use_small_blocks(); }
  std::uint64_t bytes_read() const { return source_->bytes_read(); }

 private:
  CaptureFile(std::string name, std::unique_ptr<ByteSource> source)
      : name_(std::move(name)), source_(std::move(source)) {}
  Result<void> attach();
  Result<void> attach_unpacked();
  std::string why_not_opened(std::string_view reason) const;
  std::string what_is_wrong(std::string_view reason) const;
  std::string describe(const Damage& damage, std::uint64_t number) const;

  std::string name_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<RecordReader> reader_;
  bool pcapng_ = false;
  std::string problem_;
};

}  // namespace tlspeel::capture
