#include "http2/field_decoder.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "frames.hpp"

namespace tlspeel::http2 {
namespace {

using test::Deflater;
using test::FieldList;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> lines(const DecodedFields& decoded) {
  std::vector<std::string> out;
  for (const event::HttpField& field : decoded.fields) out.push_back(field.name + ": " + field.value);
  return out;
}

const FieldList kRequest{{":method", "GET"}, {"x-other", "/a"}, {"x-name", "value"}};

TEST(Http2FieldDecoder, DecodesAgainstItsTable) {
  Deflater deflater;
  FieldDecoder decoder;
  for (int i = 0; i < 3; ++i) {
    const DecodedFields decoded = decoder.decode(deflater.block(kRequest));
    EXPECT_EQ(decoded.fault, "");
    EXPECT_THAT(lines(decoded), ElementsAre(":method: GET", "x-other: /a", "x-name: value"));
  }
}

TEST(Http2FieldDecoder, ExampleOfTheStandard) {
  // RFC 7541 appendix C.4.1 to C.4.3.
  FieldDecoder decoder;
  decoder.decode(Bytes{0x82, 0x86, 0x84, 0x41, 0x8c, 0xf1, 0xe3, 0xc2, 0xe5, 0xf2, 0x3a, 0x6b, 0xa0, 0xab,
                       0x90, 0xf4, 0xff});
  EXPECT_THAT(
      lines(decoder.decode(Bytes{0x82, 0x86, 0x84, 0xbe, 0x58, 0x86, 0xa8, 0xeb, 0x10, 0x64, 0x9c, 0xbf})),
      ElementsAre(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com",
                  "cache-control: no-cache"));
}

TEST(Http2FieldDecoder, BehindALossNothingIsGuessed) {
  Deflater deflater;
  FieldDecoder decoder;
  decoder.decode(deflater.block(kRequest));
  decoder.forget();
  const DecodedFields decoded = decoder.decode(deflater.block(kRequest));
  EXPECT_EQ(decoded.fault, "");
  EXPECT_EQ(decoded.unknown, 2U);
  EXPECT_THAT(lines(decoded),
              ElementsAre(":method: GET", "[field 63 of a table whose start was not captured]: ",
                          "[field 62 of a table whose start was not captured]: "));
}

TEST(Http2FieldDecoder, WhatCameSinceALossIsKnown) {
  Deflater deflater;
  FieldDecoder decoder;
  decoder.decode(deflater.block(kRequest));
  decoder.forget();
  const FieldList two{{"x-new", "1"}, {"x-name", "other"}, {"x-name", "value"}};
  // The name of the second is in what was lost, and its entry takes a place.
  const DecodedFields first = decoder.decode(deflater.block(two));
  EXPECT_EQ(first.fields.front().name, "x-new");
  EXPECT_THAT(first.fields.at(1).name, HasSubstr("not captured"));
  EXPECT_EQ(first.fields.at(1).value, "other");
  EXPECT_THAT(first.fields.at(2).name, HasSubstr("field 64"));
  const DecodedFields second = decoder.decode(deflater.block(two));
  EXPECT_EQ(second.fields.front().name, "x-new");
  EXPECT_EQ(second.fields.front().value, "1");
  EXPECT_EQ(second.fields.at(1).name, "[name of a table whose start was not captured]");
  EXPECT_EQ(second.fields.at(1).value, "other");
}

// Whatever was lost, each field is the one that was sent, or is named as unknown.
TEST(Http2FieldDecoder, NeverShowsAWrongField) {
  for (unsigned lost = 0; lost < 40; ++lost) {
    Deflater deflater(lost % 3 == 0 ? 200 : 4096);
    FieldDecoder decoder;
    std::size_t known = 0;
    for (unsigned i = 0; i < 60; ++i) {
      const std::string a = "value " + std::to_string(i * 7 % 11);
      const std::string b = std::to_string(i * 5 % 7);
      const std::string name = "x-" + std::to_string(i % 9);
      const FieldList fields{{":method", "GET"}, {":path", a}, {name, b}, {"x-same", "same"}, {"x-other", a}};
      const Bytes block = deflater.block(fields);
      if (i == lost || i == lost + 5) {
        decoder.forget();
        continue;
      }
      const DecodedFields decoded = decoder.decode(block);
      ASSERT_EQ(decoded.fault, "");
      ASSERT_EQ(decoded.fields.size(), fields.size());
      for (std::size_t k = 0; k < fields.size(); ++k) {
        const event::HttpField& field = decoded.fields.at(k);
        const bool named = field.name == fields.at(k).first;
        known += named ? 1U : 0U;
        ASSERT_TRUE(named || field.name.starts_with("[")) << field.name;
        ASSERT_TRUE(field.value == fields.at(k).second || (!named && field.value.empty()));
      }
    }
    EXPECT_GT(known, 100U);
  }
}

TEST(Http2FieldDecoder, ReferenceBeyondTheTableIsMalformedWhereNothingWasLost) {
  FieldDecoder decoder;
  EXPECT_EQ(decoder.decode(Bytes{0x82, 0xbe}).fault, "its header block is malformed");
  EXPECT_EQ(decoder.decode(Bytes{0x82, 0xbe}).unknown, 1U) << "behind it the table is unknown";
}

TEST(Http2FieldDecoder, TableOfTheSizeThatTheOtherSideAllows) {
  Deflater deflater(65536);
  deflater.change_table_size(65536);
  FieldDecoder strict;
  EXPECT_EQ(strict.decode(deflater.block(kRequest)).table_size, 65536U);
  Deflater again(65536);
  again.change_table_size(65536);
  FieldDecoder decoder;
  decoder.allow(65536);
  std::vector<std::string> names(700);
  for (std::size_t i = 0; i < names.size(); ++i) names.at(i) = "x-name-of-some-length-" + std::to_string(i);
  FieldList many;
  for (const std::string& name : names) many.emplace_back(name, "v");
  EXPECT_EQ(decoder.decode(again.block(many)).table_size, 0U);
  const DecodedFields decoded = decoder.decode(again.block(many));
  ASSERT_EQ(decoded.fields.size(), many.size());
  EXPECT_EQ(decoded.fields.front().name, names.front());
  EXPECT_EQ(decoded.unknown, 0U);
}

TEST(Http2FieldDecoder, TableThatIsTooLargeToBeKept) {
  Bytes block;
  append(block, Bytes{0x3f, 0xe1, 0xff, 0xff, 0x07});  // 16 MiB
  const std::string value(4000, 'v');
  for (int i = 0; i < 100; ++i) {
    append(block, Bytes{0x40, 0x01, static_cast<std::uint8_t>('a' + i % 26), 0x7f, 0xa1, 0x1e});
    append(block, as_bytes(value));
  }
  FieldDecoder decoder;
  const DecodedFields first = decoder.decode(block);
  EXPECT_EQ(first.fault, "");
  EXPECT_EQ(first.table_size, 16'777'216U);
  // The first of them is no longer there: index 161.
  const DecodedFields second = decoder.decode(Bytes{0xff, 0x22});
  EXPECT_THAT(lines(second), ElementsAre("[field 161 of a table that is too large to be kept]: "));
}

TEST(Http2FieldDecoder, BombTakesNoMoreThanAHead) {
  Bytes block{0x40, 0x01, 'a', 0x7f, 0xa1, 0x1e};
  append(block, as_bytes(std::string(4000, 'v')));
  block.resize(block.size() + 200'000, 0xbe);
  FieldDecoder decoder;
  const DecodedFields decoded = decoder.decode(block);
  EXPECT_EQ(decoded.fault, "");
  EXPECT_LE(decoded.cost, std::size_t{1} << 20);
  EXPECT_EQ(decoded.fields.size() + decoded.left_out, 200'001U);
  EXPECT_LT(decoded.fields.size(), 300U);
}

TEST(Http2FieldDecoder, StringThatIsTooLong) {
  FieldDecoder decoder;
  Bytes block{0x00, 0x01, 'a', 0x7f, 0x82, 0xff, 0x03};
  append(block, as_bytes(std::string(65537, 'v')));
  const DecodedFields decoded = decoder.decode(block);
  EXPECT_EQ(decoded.fault, "a field of its header is too long");
  EXPECT_THAT(decoded.fields, IsEmpty());
}

}  // namespace
}  // namespace tlspeel::http2
