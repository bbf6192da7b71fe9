#include "output/parts_text.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tlspeel/event/body_parts.hpp"

#include "output/content_name.hpp"
#include "unit/output/fixture.hpp"

namespace tlspeel::output {
namespace {

event::HttpMessage form() {
  const std::string content = "--b..caf\xe9..PNG..x";
  event::HttpMessage message = test::request(1, "/", test::packet(1, 0));
  message.body.media_type = "multipart/form-data";
  message.body.shown = test::bytes(content);
  message.body.size = content.size();
  event::BodyParts parts;
  parts.closed = true;
  event::BodyPart text;
  text.fields = {{"Content-Type", "text/plain; charset=iso-8859-1"}};
  text.media_type = "text/plain";
  text.charset = "iso-8859-1";
  text.position = 5;
  text.size = 4;
  text.text = true;
  event::BodyPart outer;
  outer.multipart = true;
  outer.media_type = "multipart/mixed";
  outer.position = 11;
  outer.size = 6;
  event::BodyPart image;
  image.depth = 1;
  image.media_type = "image/png";
  image.found = {"image/png", 1024, 768};
  image.position = 11;
  image.size = 3;
  event::BodyPart last;
  last.position = 16;
  last.size = 1;
  last.text = true;
  parts.parts = {text, outer, image, last};
  message.body.parts = std::make_shared<const event::BodyParts>(parts);
  return message;
}

std::string shown(event::HttpMessage message) {
  return test::render("text", {},
                      {{1, test::packet(1, 0), test::start(1, 1000)},
                       {1, test::packet(1, 0), std::move(message)},
                       {1, test::packet(1, 0), event::ConnectionEnd{}}});
}

// With other values in place of those of form().
event::HttpMessage changed(void (*change)(event::HttpMessage&, event::BodyParts&)) {
  event::HttpMessage message = form();
  event::BodyParts parts = *message.body.parts;
  change(message, parts);
  message.body.parts = std::make_shared<const event::BodyParts>(parts);
  return message;
}

TEST(PartsText, EachWithItsHeaderAndContent) {
  const std::string text = shown(form());
  EXPECT_NE(text.find("            [part 1]\n"
                      "            Content-Type: text/plain; charset=iso-8859-1\n"
                      "\n"
                      "            café\n"
                      "            [converted from iso-8859-1]\n"
                      "            [part 2]\n"
                      "            [part 2.1]\n"
                      "\n"
                      "            [image/png, 1,024 x 768, 3 bytes, not shown]\n"
                      "            [part 3]\n"
                      "\n"
                      "            x\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("missing"), std::string::npos) << text;
}

TEST(PartsText, WhatIsMissingIsSaid) {
  const std::string text = shown(changed([](event::HttpMessage& message, event::BodyParts& parts) {
    message.body.holes = {{7, {9, true}}, {12, {8, true}}};
    parts.preamble = 2;
    parts.epilogue = 3;
    parts.further = 1;
    parts.closed = false;
    parts.parts[3].note = "its header is damaged";
  }));
  for (const auto* said :
       {"ca\n            [9 bytes were not captured]\n            fé\n",
        "not shown]\n            [8 bytes were not captured]\n", "[2 bytes before the first part, not shown]",
        "[3 bytes behind the last part, not shown]", "[1 further part, not shown]",
        "[the boundary behind the last part is missing]", "[part 3: its header is damaged]"}) {
    EXPECT_NE(text.find(said), std::string::npos) << said << '\n' << text;
  }
}

TEST(PartsText, ACutBodySaysSo) {
  const std::string text = shown(changed([](event::HttpMessage& message, event::BodyParts& parts) {
    message.body.size = 5000;
    parts.closed = false;
    parts.parts.resize(3);
    parts.parts[2].complete = false;
  }));
  EXPECT_NE(text.find("[image/png, 1,024 x 768, the first 3 bytes, not shown]\n"
                      "            [showing the first 17 bytes of 5,000 bytes; --max-body]\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("boundary"), std::string::npos) << text;
}

TEST(PartsText, JsonHasThem) {
  const auto line = nlohmann::json::parse(test::render("json", {}, {{1, test::packet(1, 0), form()}}));
  const auto& parts = line["body"]["parts"];
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0]["body_text"], "café");
  EXPECT_EQ(parts[0]["converted_from"], "iso-8859-1");
  EXPECT_EQ(parts[0]["fields"][0]["name"], "Content-Type");
  EXPECT_FALSE(parts[1].contains("body_text"));
  EXPECT_EQ(parts[2]["depth"], 1);
  EXPECT_EQ(parts[2]["found"]["width"], 1024);
  EXPECT_EQ(parts[2]["position"], 11);
  EXPECT_TRUE(line["body"].contains("body_base64"));
}

TEST(ContentName, SaysWhatTheTypeDoesNot) {
  EXPECT_EQ(content_name("image/png", {"image/png", 1024, 768}), "image/png, 1,024 x 768");
  EXPECT_EQ(content_name("", {"image/png", 60, 40}), "image/png, 60 x 40");
  EXPECT_EQ(content_name("", {}), "");
  EXPECT_EQ(content_name("application/octet-stream", {"application/pdf"}),
            "application/octet-stream that holds application/pdf");
  EXPECT_EQ(content_name("application/octet-stream", {}), "application/octet-stream");
  EXPECT_EQ(content_name("image/png", {"image/jpeg", 1, 2}), "image/png that holds image/jpeg, 1 x 2");
  EXPECT_EQ(content_name("image/jpg", {"image/jpeg", 1, 2}), "image/jpg, 1 x 2");
  EXPECT_EQ(content_name("application/vnd.oasis.opendocument.text", {"application/zip"}),
            "application/vnd.oasis.opendocument.text");
  EXPECT_EQ(content_name("text/plain", {"image/png", 1, 2}), "text/plain that holds image/png, 1 x 2");
  EXPECT_EQ(content_name("text/plain", {"application/octet-stream"}), "text/plain that holds binary data");
  EXPECT_EQ(content_name("image/\x1b", {}), "image/\\x1b");
}

}  // namespace
}  // namespace tlspeel::output
