#include "output/grpc_status.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "tlspeel/base/ascii.hpp"

#include "output/exchange_url.hpp"

namespace tlspeel::output {
namespace {

constexpr std::array<std::string_view, 17> kNames{
    "OK",        "CANCELLED",       "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS",  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",    "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED",
};

// "application/grpc", "application/grpc+proto", "application/grpc-web"; letters of any case.
bool is_grpc(const event::HttpFields& head) {
  constexpr std::string_view kGrpc = "application/grpc";
  return equals_ignoring_case(field_value(head, "content-type").substr(0, kGrpc.size()), kGrpc);
}

}  // namespace

std::optional<GrpcStatus> grpc_status(const event::HttpMessage& message) {
  if (message.request || !is_grpc(message.fields)) return std::nullopt;
  const bool behind = !field_value(message.trailers, "grpc-status").empty();
  const event::HttpFields& fields = behind ? message.trailers : message.fields;
  const std::optional<std::uint64_t> value = parse_decimal(field_value(fields, "grpc-status"));
  if (!value || *value > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  GrpcStatus out{{static_cast<std::uint32_t>(*value), {}},
                 percent_decoded(field_value(fields, "grpc-message"))};
  if (*value < kNames.size()) out.code.name = kNames.at(static_cast<std::size_t>(*value));
  return out;
}

}  // namespace tlspeel::output
