// Every case of testdata/vectors/tls_messages: what it is read as, and that it is malformed at every shorter
// length and with one byte more.
#include <algorithm>
#include <cctype>
#include <ostream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tlspeel/tls/messages/messages.hpp"
#include "tlspeel/tls/registry/registry.hpp"

#include "unit/tls/messages/summary.hpp"
#include "unit/tls/messages/vector_file.hpp"

namespace tlspeel::tls::test {

void PrintTo(const VectorCase& vector, std::ostream* os) {
  *os << vector.file << ": " << vector.name;
}

namespace {

std::uint8_t handshake_type_of(const std::string& message) {
  for (std::uint32_t type = 0; type < 256; ++type) {
    if (registry::handshake_type(type).name == message) return static_cast<std::uint8_t>(type);
  }
  return static_cast<std::uint8_t>(std::stoul(message));
}

template <class T>
Lines lines_of(const ParseResult<T>& result) {
  if (result) return summarize(*result);
  return {std::string("problem ") + result.error().what + " at offset " +
          std::to_string(result.error().offset)};
}

Lines read_as(const VectorCase& vector, ByteView body) {
  if (vector.message == "alert") return lines_of(parse_alert(body));
  if (vector.message == "heartbeat") return lines_of(parse_heartbeat(body));
  if (vector.message == "sslv2_client_hello") {
    const auto hello = parse_sslv2_client_hello(body);
    return hello ? summarize(event::HandshakeBody(*hello))
                 : lines_of<event::Alert>(tl::unexpected<ParseError>(hello.error()));
  }
  MessageContext context;
  context.version = vector.version;
  context.suite = vector.has_suite ? find_cipher_suite(vector.suite) : nullptr;
  context.tls13 = vector.tls13;
  const std::uint8_t type = handshake_type_of(vector.message);
  const event::Handshake handshake = parse_handshake(type, body, context);
  EXPECT_EQ(handshake.type.value, type);
  EXPECT_EQ(handshake.length, body.size());
  return summarize(handshake.body);
}

bool is_problem(const Lines& lines) {
  return std::any_of(lines.begin(), lines.end(),
                     [](const std::string& line) { return line.rfind("problem ", 0) == 0; });
}

class MessageVectors : public testing::TestWithParam<VectorCase> {};

TEST_P(MessageVectors, IsReadAsExpected) {
  ASSERT_FALSE(GetParam().expected.empty());
  EXPECT_THAT(read_as(GetParam(), GetParam().body), testing::ElementsAreArray(GetParam().expected));
}

TEST_P(MessageVectors, IsMalformedAtEveryShorterLength) {
  const VectorCase& vector = GetParam();
  if (is_problem(vector.expected)) return;
  for (std::size_t length = 0; length < vector.body.size(); ++length) {
    // A copy of exactly that size, so that a sanitizer sees every byte that is read beyond it.
    const Bytes cut(vector.body.begin(), vector.body.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(is_problem(read_as(vector, cut)), vector.valid_at.count(length) == 0) << "at length " << length;
  }
}

TEST_P(MessageVectors, IsMalformedWithOneByteMore) {
  const VectorCase& vector = GetParam();
  if (is_problem(vector.expected)) return;
  Bytes longer = vector.body;
  longer.push_back(0);
  EXPECT_EQ(is_problem(read_as(vector, longer)), !vector.open_ended);
}

std::string test_name(const testing::TestParamInfo<VectorCase>& parameter) {
  const VectorCase& vector = parameter.param;
  std::string name = vector.file.substr(0, vector.file.find('.')) + "_" + vector.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name + "_" + std::to_string(parameter.index);
}

INSTANTIATE_TEST_SUITE_P(Files, MessageVectors,
                         testing::ValuesIn(read_vector_folder(TLSPEEL_TESTDATA "/vectors/tls_messages")),
                         test_name);

}  // namespace
}  // namespace tlspeel::tls::test
