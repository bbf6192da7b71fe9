// The representations that a header block is made of (RFC 7541 section 6), as far as their integers and the
// lengths of their strings tell: enough to know what each refers to before anything is decoded. Pure
// functions; views borrow from the block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/reader.hpp"

namespace tlspeel::http2 {

enum class RepresentationKind : std::uint8_t {
  indexed,                // section 6.1
  literal_indexed,        // section 6.2.1: goes into the dynamic table
  literal_not_indexed,    // section 6.2.2
  literal_never_indexed,  // section 6.2.3
  table_size,             // section 6.3
};

struct Representation {
  RepresentationKind kind = RepresentationKind::indexed;
  std::uint32_t index = 0;  // of the field or of its name; 0: the name is a string
  std::uint32_t size = 0;   // table_size
  ByteView whole;
  ByteView strings;         // literals: the name (where index is 0) and the value, each with its length
  std::size_t longest = 0;  // bytes of the longer of these as they are coded
};

// nullopt: the block ends inside it, or it breaks the format.
std::optional<Representation> next_representation(Reader& in);

// Appends an integer with a prefix of so many bits (section 5.1); first holds the bits before the prefix.
void append_integer(Bytes& out, std::uint8_t first, unsigned prefix_bits, std::uint32_t value);

}  // namespace tlspeel::http2
