#include "output/grpc_status.hpp"

#include <gtest/gtest.h>

namespace tlspeel::output {
namespace {

event::HttpMessage response(std::string type, event::HttpFields trailers) {
  event::HttpMessage message;
  message.request = false;
  message.status = 200;
  message.fields = {{"content-type", std::move(type)}};
  message.trailers = std::move(trailers);
  return message;
}

TEST(GrpcStatus, StandsInTrailers) {
  const auto status = grpc_status(response(
      "application/grpc+proto", {{"grpc-status", "5"}, {"grpc-message", "caf%C3%A9+tea, 100%25, %zz"}}));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code.value, 5U);
  EXPECT_EQ(status->code.name, "NOT_FOUND");
  EXPECT_EQ(status->message, "caf\u00e9+tea, 100%, %zz");
}

TEST(GrpcStatus, StandsInTheHeadWhereNothingElseFollows) {
  event::HttpMessage message = response("Application/gRPC", {});
  message.fields.push_back({"grpc-status", "16"});
  const auto status = grpc_status(message);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code.name, "UNAUTHENTICATED");
  EXPECT_EQ(status->message, "");
}

TEST(GrpcStatus, OfTheTrailersCounts) {
  event::HttpMessage message = response("application/grpc", {{"grpc-status", "0"}});
  message.fields.push_back({"grpc-status", "13"});
  EXPECT_EQ(grpc_status(message)->code.name, "OK");
}

TEST(GrpcStatus, ThatNobodyDefinedHasNoName) {
  const auto status = grpc_status(response("application/grpc", {{"grpc-status", "17"}}));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code.value, 17U);
  EXPECT_EQ(status->code.name, "");
}

TEST(GrpcStatus, MessageThatIsNoTextIsAsItWasSent) {
  const auto status =
      grpc_status(response("application/grpc", {{"grpc-status", "2"}, {"grpc-message", "%FF%41"}}));
  ASSERT_TRUE(status);
  EXPECT_EQ(status->message, "%FF%41");
}

TEST(GrpcStatus, IsOfResponsesOfGrpcAlone) {
  EXPECT_FALSE(grpc_status(response("text/plain", {{"grpc-status", "5"}})));
  EXPECT_FALSE(grpc_status(response("application/grpc", {})));
  EXPECT_FALSE(grpc_status(response("application/grpc", {{"grpc-status", "five"}})));
  EXPECT_FALSE(grpc_status(response("application/grpc", {{"grpc-status", "4294967296"}})));
  event::HttpMessage request = response("application/grpc", {{"grpc-status", "5"}});
  request.request = true;
  EXPECT_FALSE(grpc_status(request));
}

}  // namespace
}  // namespace tlspeel::output
