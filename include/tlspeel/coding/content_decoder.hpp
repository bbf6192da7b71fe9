// Undoes the codings of one body (RFC 9110 section 8.4): gzip, deflate, compress, br, zstd, and any few of
// them one above another. Pushed bytes of any split; the same bytes give the same content however they are
// split. Decodes only as far as there is room for. Memory: the window of each format, see
// src/coding/decoder.hpp, from the first byte on and until the decoding is over. Nothing a peer sends makes
// it throw. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"

namespace tlspeel::coding {

class Decoder;

class ContentDecoder {
 public:
  // codings: as listed in Content-Encoding ("gzip, br"), in the order in which they were applied. Null where
  // one of them is not known, or where there are too many.
  // free: bytes that it may make of a body, whatever their number; beyond that no more than so many times
  // what they came from.
  static std::unique_ptr<ContentDecoder> make(std::string_view codings, std::uint64_t free = kFree);

  // Takes what was decoded, in order. False: no more is wanted, and it is over. Views are borrowed for the
  // call.
  class Taker {
   public:
    virtual ~Taker() = default;
    virtual bool take(ByteView decoded) = 0;
  };

  ~ContentDecoder();
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  // Appends what content decodes to, until out holds `most` bytes; then it is over.
  void push(ByteView content, Bytes& out, std::uint64_t most);
  // Hands on what content decodes to.
  void push(ByteView content, Taker& taker);
  // Content is missing here or is not wanted: it is over. why may be empty.
  void stop(std::string_view why);
  // No content follows: says what is wrong with that.
  void finish();

  // False: nothing more will be decoded.
  bool going() const { return going_; }
  // All of the content was decoded. Known after finish().
  bool whole() const { return whole_; }
  // Why not, or what else was odd: "gzip is damaged: incorrect data check". Empty: nothing was, or out was
  // full.
  const std::string& note() const { return note_; }

 private:
  // A server applies one, and a proxy that knows no better another.
  static constexpr std::size_t kMostCodings = 4;
  // Whoever asked to see more than 64 MiB of one body may wait for that much.
  static constexpr std::uint64_t kFree = std::uint64_t{64} << 20;

  struct Stage {
    std::string name;
    std::unique_ptr<Decoder> decoder;
    std::uint64_t taken = 0;
    std::uint64_t given = 0;
    std::uint64_t behind = 0;  // bytes behind its end
  };

  explicit ContentDecoder(std::uint64_t free);

  void run(std::size_t index, ByteView content, Taker& taker);
  bool expands_too_much(Stage& stage);
  void over();

  std::array<Stage, kMostCodings> stages_;  // in the order in which they are undone
  std::size_t count_ = 0;
  std::uint64_t free_;
  bool going_ = true;
  bool whole_ = false;
  std::string note_;
};

}  // namespace tlspeel::coding
