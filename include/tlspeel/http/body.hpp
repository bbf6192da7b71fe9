// Keeps of a body what is worth showing and counts the rest: nothing is copied once it is known to be binary,
// or beyond the limit. Codings are undone as the body arrives and no further than it is shown, so that a
// large download costs little: how long all of it would be is known only where all was shown. Where somebody
// wants all of it, it is handed on in pieces besides. One object for the bodies of one sender, one after
// another. Not thread safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/http_message.hpp"
#include "tlspeel/http/media_type.hpp"

namespace tlspeel::coding {
class ContentDecoder;
}  // namespace tlspeel::coding

namespace tlspeel::http {

class BodyPieces;

// What is wanted of the bodies of a connection.
struct BodyOptions {
  std::uint64_t max_shown = 0;  // bytes of each text body that are kept for showing
  bool pieces = false;          // all of every body, as BodyPiece events
};

// Takes the content of bodies as it arrives: of one connection, where somebody wants all of it.
class PieceTaker {
 public:
  virtual ~PieceTaker() = default;
  virtual void take_piece(event::BodyPiece piece) = 0;

 private:
  friend class BodyPieces;
  unsigned decoders_ = 0;  // at work on bodies of this connection
};

class BodyKeeper {
 public:
  // pieces: null where nobody wants them; must outlive this object.
  explicit BodyKeeper(std::uint64_t max_shown, PieceTaker* pieces = nullptr);
  ~BodyKeeper();
  BodyKeeper(const BodyKeeper&) = delete;
  BodyKeeper& operator=(const BodyKeeper&) = delete;

  // head has its fields and its exchange; its body is filled from here on.
  void begin(event::HttpMessage& head);
  void add(event::HttpBody& body, ByteView content) {
    body.size += content.size();
    if (doubting_ && !coded_) look_for_binary(body, content);
    if (keeping_) keep(body, content);
    if (looking_) look_at(content);
    if (pieces_) hand_on(content);
  }
  // A hole, whose place is kept. What is missing the caller counts.
  void skip(event::HttpBody& body, const event::Hole& hole);
  // Bytes may be missing here. Nobody knows how many, if any: decoding ends.
  void doubt();
  void finish(event::HttpBody& body);
  // What comes from here on is counted only, and handed on.
  void keep_no_more();

 private:
  struct FirstLook;

  void keep(event::HttpBody& body, ByteView content);
  void hand_on(ByteView content);
  void decode(event::HttpBody& body, ByteView content);
  void look(event::HttpBody& body);
  FirstLook& first_look();
  void look_at(ByteView content);
  void look_for_binary(event::HttpBody& body, ByteView content);
  void name_content(event::HttpBody& body);
  void finish_decoded(event::HttpBody& body);
  bool has_parts(event::HttpBody& body, bool cut) const;
  void drop(event::HttpBody& body);

  std::uint64_t max_shown_;
  TextByType kind_ = TextByType::unknown;
  bool keeping_ = false;
  bool looked_ = false;
  bool coded_ = false;
  bool looking_ = false;                             // the first bytes may tell what it is
  bool doubting_ = false;                            // they may tell that it is not the text it is said to be
  std::unique_ptr<coding::ContentDecoder> decoder_;  // from the first byte of a coded body on
  std::unique_ptr<const std::string> boundary_;      // of a multipart body
  std::unique_ptr<FirstLook> look_;                  // from the first byte of a body that may be binary on
  std::unique_ptr<BodyPieces> pieces_;               // null: nobody wants them
};

}  // namespace tlspeel::http
