// One line of a key log, taken apart: RFC 9850 section 2 and the forms that NSS had before it. Pure
// functions; nothing is copied.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "tlspeel/secrets/key_log.hpp"

namespace tlspeel::secrets {

struct KeyLogLine {
  std::optional<KeyLogLabel> label;  // nullopt: well formed, but of no use here
  std::string_view id;               // hex, an even number of digits
  std::string_view secret;
  std::string_view problem;  // static text; not empty: malformed, nothing else counts
};

// `line` is trimmed, not empty and no comment.
KeyLogLine split_key_log_line(std::string_view line);

// Without blanks, tabs, carriage returns and NULs at both ends.
std::string_view trimmed(std::string_view text);

// hex was checked before; out has hex.size() / 2 bytes.
void decode_hex(std::string_view hex, std::span<std::uint8_t> out);

}  // namespace tlspeel::secrets
