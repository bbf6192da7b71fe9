// Messages that are compressed one by one with DEFLATE and may refer to those before (RFC 7692 section 7.2).
// The same bytes give the same content however they are split. Memory: 40 KiB between the first byte of a
// message and forget(). Nothing a peer sends makes it throw. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/coding/content_decoder.hpp"

namespace tlspeel::coding {

class MessageInflater {
 public:
  MessageInflater();
  ~MessageInflater();
  MessageInflater(const MessageInflater&) = delete;
  MessageInflater& operator=(const MessageInflater&) = delete;

  // Hands on what content decodes to. False: it is damaged, or is a bomb; note() says which. Then nothing can
  // be decoded until forget(). What the taker answers does not matter: what comes later may refer to all of
  // it.
  bool push(ByteView content, ContentDecoder::Taker& taker);
  // No content of this message follows.
  bool end_message(ContentDecoder::Taker& taker);
  // The next message refers to nothing.
  void forget();

  const std::string& note() const { return note_; }

 private:
  class State;
  bool run(ByteView content, ContentDecoder::Taker& taker);

  std::unique_ptr<State> state_;  // null: nothing to refer to
  std::uint64_t taken_ = 0;       // of this message
  std::uint64_t given_ = 0;
  std::string note_;
};

}  // namespace tlspeel::coding
