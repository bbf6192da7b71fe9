// The parts of a multipart body: RFC 2046 section 5.1, RFC 7578 (forms), RFC 9110 section 14.6 (ranges).
// Lenient about line ends; a boundary counts only as a line of its own. Bytes are a peer's: whatever they
// are, there is an answer. Linear in the bytes for each level of nesting. Pure function.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/event/body_parts.hpp"
#include "tlspeel/event/hole.hpp"

namespace tlspeel::http {

// More than the uploads and ranges that are met have; the rest is counted only.
inline constexpr std::size_t kMaxParts = 256;
// A mail with attachments that are mails comes to three.
inline constexpr unsigned kMaxPartDepth = 4;
// Of all parts together: names and values come to no more than the body, but each takes some memory of its
// own.
inline constexpr std::size_t kMaxPartFields = 1024;

// Of "multipart/form-data; boundary=..."; empty: it is no multipart, or has none that can be used.
std::string boundary_of(std::string_view content_type);

// content: the body or its beginning; holes: in it, as in HttpBody. cut: more of it followed. null: the
// boundary is not in it.
std::shared_ptr<const event::BodyParts> parse_multipart(ByteView content,
                                                        std::span<const event::HoleAt> holes,
                                                        std::string_view boundary, bool cut);

}  // namespace tlspeel::http
