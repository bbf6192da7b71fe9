// Header blocks of one sender into fields: HPACK (RFC 7541), by the inflater of libnghttp2. It is given one
// representation after the other, so that what refers to a part of the dynamic table that nobody captured is
// known before: such a field is named as unknown, never guessed.
//
// Why a table that begins anew behind a loss serves: an index counts the entries from the newest on, so the
// n-th is the same one whatever was there before; and it drops an entry no earlier than the sender's does,
// since it holds no more than that one.
//
// Memory: the table, with a cap. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/http_message.hpp"

struct nghttp2_hd_inflater;

namespace tlspeel::http2 {

struct Representation;

// SETTINGS_HEADER_TABLE_SIZE where none was sent.
inline constexpr std::uint32_t kFirstTableSize = 4096;

struct DecodedFields {
  event::HttpFields fields;
  std::size_t cost = 0;          // of fields, in bytes of memory
  std::size_t left_out = 0;      // fields beyond the cap
  std::size_t unknown = 0;       // of fields: those of which something refers to what was not captured
  std::string_view fault;        // static text: the block breaks off where it is malformed; usually empty
  std::uint32_t table_size = 0;  // that the block claims beyond what is allowed; 0: none
};

class FieldDecoder {
 public:
  // A complete header block. Behind a malformed one the table is unknown.
  DecodedFields decode(ByteView block);
  // Blocks were lost: the sender's table holds what is not known here.
  void forget();
  // The sender acknowledged this SETTINGS_HEADER_TABLE_SIZE.
  void allow(std::uint32_t table_size) { allowed_ = table_size; }

 private:
  struct Delete {
    void operator()(nghttp2_hd_inflater* inflater) const;
  };

  bool begin();
  bool take(const Representation& representation, DecodedFields& out);
  bool take_table_size(std::uint32_t size, DecodedFields& out);
  bool take_with_unknown_name(const Representation& representation, DecodedFields& out);
  bool feed(ByteView representation, const std::string& unknown_name, DecodedFields& out);
  static void add(std::string_view name, std::string_view value, DecodedFields& out);
  bool end();

  std::unique_ptr<nghttp2_hd_inflater, Delete> inflater_;
  std::uint32_t allowed_ = kFirstTableSize;
  std::string_view missing_;  // static text: why entries may be missing; empty: none is
  bool lost_ = false;         // blocks: the size of the table is not known either
};

}  // namespace tlspeel::http2
