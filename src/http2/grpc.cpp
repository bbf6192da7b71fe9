#include "grpc.hpp"

#include <algorithm>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::http2 {

bool is_grpc(std::string_view media_type) {
  constexpr std::string_view kGrpc = "application/grpc";
  return media_type.starts_with(kGrpc) &&
         (media_type.size() == kGrpc.size() || media_type[kGrpc.size()] == '+');
}

void GrpcMessages::add(event::HttpBody& body, ByteView content) {
  Reader in(content);
  while (!lost_ && !in.empty()) {
    const auto inside = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, in.remaining()));
    in.skip(inside);
    remaining_ -= inside;
    if (in.empty()) return;
    append(prefix_, in.bytes(std::min(kPrefix - prefix_.size(), in.remaining())));
    if (prefix_.size() < kPrefix) return;
    Reader prefix(prefix_);
    const bool compressed = (prefix.u8() & 1U) != 0;
    const std::uint32_t length = prefix.u32();
    prefix_.clear();
    remaining_ = length;
    if (body.grpc_messages.size() < event::kMaxGrpcMessages) {
      body.grpc_messages.push_back({length, compressed});
    } else {
      ++body.further_grpc_messages;
    }
  }
}

void GrpcMessages::skip(const event::Hole& hole) {
  lost_ = lost_ || !hole.exact || !hole.length || *hole.length > remaining_;
  if (!lost_) remaining_ -= *hole.length;
}

}  // namespace tlspeel::http2
