// What --save-bodies writes: parts that get names, and a list of them; names that hostile peers chose.
#include "tlspeel/output/body_saver.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "output/body_names.hpp"

namespace tlspeel::output {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class Parts final : public PartStore {
 public:
  void append(std::uint64_t part, ByteView bytes) override { parts[part] += as_text(bytes); }
  void skip(std::uint64_t part, std::uint64_t count) override {
    skipped += count;
    parts[part].append(std::min<std::uint64_t>(count, 1000), '.');
  }
  std::string keep(std::uint64_t part, const std::string& stem, const std::string& extension) override {
    files[stem + extension] = parts[part];
    parts.erase(part);
    return stem + extension;
  }
  void drop(std::uint64_t part) override { parts.erase(part); }
  void list(std::string_view head, std::string_view more) override {
    EXPECT_EQ(head, kBodyListHead);
    lines += more;
  }

  std::map<std::uint64_t, std::string> parts;
  std::map<std::string, std::string> files;
  std::uint64_t skipped = 0;
  std::string lines;
};

event::HttpMessage request(std::uint32_t exchange, std::string target, std::string host = "example.com") {
  event::HttpMessage message;
  message.exchange = exchange;
  message.method = "GET";
  message.target = std::move(target);
  message.fields.push_back({"Host", std::move(host)});
  return message;
}

event::HttpMessage response(std::uint32_t exchange, std::uint64_t size, std::string type = "text/html") {
  event::HttpMessage message;
  message.direction = Direction::server;
  message.request = false;
  message.exchange = exchange;
  message.status = 200;
  message.body.media_type = std::move(type);
  message.body.handed_on = std::make_shared<event::BodyHandedOn>(event::BodyHandedOn{size, false, true, ""});
  return message;
}

class BodySaverTest : public testing::Test {
 protected:
  void say(event::Event event, std::uint64_t connection = 7) {
    saver_.write({connection, {1, 0}, std::move(event)});
  }
  void piece(std::uint32_t exchange, std::uint64_t offset, std::string_view text,
             Direction from = Direction::server) {
    say(event::BodyPiece{from, exchange, offset, to_bytes(as_bytes(text))});
  }

  Parts store_;
  BodySaver saver_{store_};
};

TEST_F(BodySaverTest, ABodyIsNamedWhenItsMessageComes) {
  say(event::ConnectionStart{});
  say(request(1, "/a/page?x=1"));
  piece(1, 0, "first ");
  piece(1, 6, "second");
  EXPECT_THAT(store_.files, IsEmpty());
  say(response(1, 12));
  EXPECT_THAT(store_.files, ElementsAre(Pair("000007.001_example.com_a_page.html", "first second")));
  saver_.finish();
  EXPECT_EQ(store_.lines,
            "000007.001_example.com_a_page.html\t7\t1\tserver\tGET\thttps://example.com/a/page?x=1\t200\t"
            "text/html\t12\t\tno\tyes\t0\t\n");
}

TEST_F(BodySaverTest, RequestsHaveBodiesToo) {
  say(event::ConnectionStart{});
  piece(1, 0, "{}", Direction::client);
  event::HttpMessage post = request(1, "/api");
  post.body = response(1, 2, "application/json").body;
  say(post);
  piece(1, 0, "ok");
  say(response(1, 2, "text/plain"));
  EXPECT_THAT(store_.files, ElementsAre(Pair("000007.001_example.com_api.request.json", "{}"),
                                        Pair("000007.001_example.com_api.txt", "ok")));
}

TEST_F(BodySaverTest, HolesAreZeros) {
  say(event::ConnectionStart{});
  piece(1, 3, "behind");
  event::HttpMessage message = response(1, 20);
  auto handed = *message.body.handed_on;
  handed.complete = false;
  handed.note = "odd\tnote";
  message.body.handed_on = std::make_shared<event::BodyHandedOn>(handed);
  message.body.missing = 14;
  say(message);
  saver_.flush();
  EXPECT_EQ(store_.files.begin()->second, "...behind...........");
  EXPECT_THAT(store_.lines, HasSubstr("\t20\t\tno\tno\t14\todd\\x09note\n"));
}

TEST_F(BodySaverTest, HolesOfTerabytesHaveNoZeros) {
  say(event::ConnectionStart{});
  piece(1, 0, "a");
  piece(1, std::uint64_t{1} << 40U, "b");
  piece(1, (std::uint64_t{1} << 40U) + 10, "c");
  say(response(1, (std::uint64_t{1} << 40U) + 11));
  saver_.flush();
  EXPECT_EQ(store_.skipped, 0U);
  EXPECT_EQ(store_.files.begin()->second, "abc");
  EXPECT_THAT(store_.lines, HasSubstr("holes are so long that some have no zeros in the file"));
}

TEST_F(BodySaverTest, WhatIsLeftOutGoes) {
  say(event::ConnectionStart{});
  piece(1, 0, "one");
  piece(2, 0, "two");
  piece(3, 0, "three");
  say(event::LeftOut{2});
  EXPECT_EQ(store_.parts.size(), 2U);
  say(event::LeftOut{0});
  EXPECT_THAT(store_.parts, IsEmpty());
  piece(4, 0, "four");
  say(response(4, 4));
  EXPECT_EQ(store_.files.size(), 1U);
  piece(5, 0, "five");
  say(event::ConnectionEnd{});
  EXPECT_THAT(store_.parts, IsEmpty());
  EXPECT_EQ(store_.files.size(), 1U);
}

TEST_F(BodySaverTest, RequestsThatNobodyAnswersAreForgotten) {
  say(event::ConnectionStart{});
  for (std::uint32_t i = 1; i <= 1000; ++i) say(request(i, "/path"));
  piece(1, 0, "old");
  say(response(1, 3));
  piece(1000, 0, "new");
  say(response(1000, 3));
  EXPECT_THAT(store_.files, ElementsAre(Pair(testing::Not(HasSubstr("_path")), "old"),
                                        Pair("000007.1000_example.com_path.html", "new")));
}

TEST_F(BodySaverTest, AStatusThatIsNotKnownIsLeftOut) {
  say(event::ConnectionStart{});
  say(request(1, "/a"));
  event::HttpMessage without_head = response(1, 0);
  without_head.status = 0;
  say(without_head);
  saver_.finish();
  EXPECT_THAT(store_.lines, HasSubstr("\tGET\thttps://example.com/a\t\ttext/html\t"));
}

// ---- names

std::string name_of(std::string_view target, std::string_view type = "text/html",
                    std::string_view host = "example.com") {
  const BodyName name = body_name({7, host, target}, response(1, 0, std::string(type)));
  return name.stem + name.extension;
}
std::string behind_host(std::string_view target, std::string_view type = "text/html") {
  const std::string name = name_of(target, type);
  constexpr std::string_view kBefore = "000007.001_example.com_";
  EXPECT_TRUE(name.starts_with(kBefore)) << name;
  return name.substr(std::min(kBefore.size(), name.size()));
}

TEST(BodyNames, ArePathAndType) {
  EXPECT_EQ(behind_host("/"), "index.html");
  EXPECT_EQ(behind_host(""), "index.html");
  EXPECT_EQ(behind_host("/index.htm"), "index.htm");
  EXPECT_EQ(behind_host("/a/b/App.JS?v=1#x", "text/javascript"), "a_b_App.JS");
  EXPECT_EQ(behind_host("/get.php"), "get.php.html");
  EXPECT_EQ(behind_host("/v1/users/42", "application/vnd.api+json"), "v1_users_42.json");
  EXPECT_EQ(behind_host("/logo.png", "image/png"), "logo.png");
  EXPECT_EQ(behind_host("/download", "application/octet-stream"), "download.bin");
  EXPECT_EQ(behind_host("/tool.tar.gz", "application/octet-stream"), "tool.tar.gz");
  EXPECT_EQ(behind_host("/README.md", "text/plain"), "README.md");
  EXPECT_EQ(behind_host("/notes", "text/plain"), "notes.txt");
  EXPECT_EQ(behind_host("/x", ""), "x.bin");
  EXPECT_EQ(behind_host("http://other.example/way/to"), "way_to.html");
  EXPECT_EQ(behind_host("/%7Euser/a%20b.html"), "user_a_b.html");
  EXPECT_EQ(behind_host("/page%20(1).pdf", "application/octet-stream"), "page_1.pdf");
  EXPECT_EQ(behind_host("/caf%C3%A9.txt", "text/plain"), "caf.txt");
  EXPECT_EQ(behind_host("/a/../b/.c", "application/octet-stream"), "a_b_c.bin");
  event::HttpMessage picture = response(1, 0, "application/octet-stream");
  picture.body.found.media_type = "image/png";
  EXPECT_EQ(body_name({7, "", "/a"}, picture).extension, ".png");
  EXPECT_EQ(body_name({7, "", "/a.png"}, picture).stem, "000007.001_a");
  picture.body.media_type = "image/gif";
  EXPECT_EQ(body_name({7, "", "/a"}, picture).extension, ".gif");
  picture.body.media_type = "text/plain";
  EXPECT_EQ(body_name({7, "", "/a"}, picture).extension, ".png");
  picture.body.found.media_type = "application/octet-stream";
  EXPECT_EQ(body_name({7, "", "/a"}, picture).extension, ".bin");
  EXPECT_EQ(body_name({7, "", "/a.dat"}, picture).extension, ".dat");
  event::HttpMessage text = response(1, 0, "");
  text.body.text = true;
  EXPECT_EQ(body_name({7, "", "/a"}, text).extension, ".txt");
  EXPECT_EQ(body_name({7, "", "/a.json"}, text).extension, ".json");
  event::HttpMessage coded = response(1, 0);
  coded.body.coding = "gzip";
  EXPECT_EQ(body_name({7, "", "/a"}, coded).extension, ".html.gz");
  coded.body.handed_on = std::make_shared<event::BodyHandedOn>(event::BodyHandedOn{0, true, true, ""});
  EXPECT_EQ(body_name({7, "", "/a"}, coded).extension, ".html");
}

// Whatever a peer says, it is one plain file name with a number in front.
TEST(BodyNames, OfHostilePeersAreHarmless) {
  const std::string long_one(100'000, 'a');
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const std::string texts[] = {"../../etc/passwd",
                               "/..%2f..%2fetc%2fpasswd",
                               "..",
                               ".",
                               "/./../.",
                               "%00",
                               std::string("/a\0b", 4),
                               "C:\\Windows\\con",
                               "CON.txt",
                               "aux ",
                               "trailing...",
                               "/.htaccess",
                               "-rf",
                               "/$(reboot)`id`;|&",
                               "\x1b[31m",
                               "/\xe4\xb8\xad\xe6\x96\x87",
                               "%E4%B8%AD%E6%96%87.html",
                               "\xff\xfe",
                               "a\tb\nc",
                               "%",
                               "%4",
                               "%zz",
                               "//////",
                               "https://",
                               "://",
                               "?",
                               "#",
                               long_one,
                               "/" + long_one + ".html",
                               "/x." + long_one,
                               "/a." + std::string(9, 'b'),
                               all};
  const std::string_view types[] = {"text/html", "", "a/b", "../../x", "+json", "text/", "application/zip"};
  for (const std::string& text : texts) {
    for (const std::string_view type : types) {
      for (const auto& [target, host] :
           {std::pair(text, std::string("h")), std::pair(std::string("/"), text)}) {
        const std::string name = name_of(target, type, host);
        EXPECT_LE(name.size(), 180U) << name;
        EXPECT_TRUE(name.starts_with("000007.001_")) << name;
        EXPECT_EQ(name.find(".."), std::string::npos) << name;
        EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"),
                  std::string::npos)
            << name;
        EXPECT_NE(name.back(), '.') << name;
      }
    }
  }
}

TEST(BodyNames, OfARunDifferAlsoWithoutRegardToCase) {
  std::set<std::string> names;
  for (const std::uint64_t connection : {1U, 11U, 1'000'001U}) {
    for (const std::uint32_t exchange : {1U, 11U, 1001U}) {
      for (const bool is_request : {true, false}) {
        for (const std::string_view target : {"/a", "/A", "/a.request", "/1_a"}) {
          event::HttpMessage message = response(exchange, 0);
          message.request = is_request;
          const BodyName name = body_name({connection, "1.example", target}, message);
          // Of one body there is one target only.
          names.insert(name.stem.substr(0, name.stem.find('_')) + (is_request ? " request" : " response"));
          EXPECT_EQ(name.stem.ends_with(".request"), is_request || target == "/a.request");
        }
      }
    }
  }
  EXPECT_EQ(names.size(), 18U);
}

TEST_F(BodySaverTest, PiecesMayComeBeforeTheStartOfTheirConnection) {
  piece(1, 0, "early", Direction::client);
  say(event::ConnectionStart{});
  event::HttpMessage upload = request(1, "/up");
  upload.body.handed_on = std::make_shared<event::BodyHandedOn>(event::BodyHandedOn{5, false, true, ""});
  say(upload);
  ASSERT_EQ(store_.files.size(), 1U);
  EXPECT_EQ(store_.files.begin()->second, "early");
}

}  // namespace
}  // namespace tlspeel::output
