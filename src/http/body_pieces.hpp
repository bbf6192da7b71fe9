// The content of one body after the other, handed on as it arrives, and without its codings where they can be
// undone. Nothing of it is kept but the first bytes of a coded body, until they prove to be what they are
// said to be. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/coding/content_decoder.hpp"
#include "tlspeel/event/http_message.hpp"
#include "tlspeel/http/body.hpp"

namespace tlspeel::http {

class BodyPieces final : private coding::ContentDecoder::Taker {
 public:
  explicit BodyPieces(PieceTaker& taker) : taker_(taker) {}
  ~BodyPieces() override { drop_decoder(); }
  BodyPieces(const BodyPieces&) = delete;
  BodyPieces& operator=(const BodyPieces&) = delete;

  // decodable: its first byte is the first of what was coded.
  void begin(const event::HttpMessage& head, bool decodable);
  void add(ByteView content);
  void skip(const event::Hole& hole);
  // Bytes may be missing here.
  void doubt();
  void finish(event::HttpBody& body);

 private:
  bool take(ByteView decoded) override;
  void make_decoder(const std::string& coding, bool decodable);
  void decode(ByteView content);
  void run_decoder(ByteView content);
  void as_it_came(ByteView rest);
  void stop_decoding(std::string_view why);
  void drop_decoder();
  void give(ByteView content);
  void note(std::string_view text);

  PieceTaker& taker_;
  Direction direction_ = Direction::client;
  std::uint32_t exchange_ = 0;
  std::uint64_t offset_ = 0;
  bool any_ = false;      // content or a hole came
  bool decoded_ = false;  // what is given is decoded
  bool over_ = false;     // nothing more can be decoded
  bool doubted_ = false;
  bool may_be_plain_ = false;  // what is coded made nothing yet
  std::string note_;
  std::unique_ptr<coding::ContentDecoder> decoder_;
  Bytes first_;  // where it may be plain: all that came
  Bytes made_;   // by the decoder, in the call under way
};

}  // namespace tlspeel::http
