#include "pipeline/record_walk.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "walk_batches.hpp"

namespace tlspeel::pipeline {
namespace {

class WalkTest : public testing::Test {
 protected:
  // The contents of all records that are in these batches.
  std::vector<std::string> found(RecordWalk& walk) {
    std::vector<std::string> out;
    while (const auto next = walk.next(batches_.window())) {
      Bytes fragment;
      for (const ByteView piece : next->fragment) append(fragment, piece);
      EXPECT_EQ(fragment.size(), next->header.length);
      out.emplace_back(as_text(fragment));
    }
    return out;
  }
  RecordWalk walk(std::size_t captured = 0) const {
    return {batches_.batch(0), batches_.batch(0).items[0], captured};
  }

  using Strings = std::vector<std::string>;
  WalkBatches batches_;
};

TEST_F(WalkTest, FollowsRecordsOverSegmentsAndBatches) {
  const Bytes stream = walk_records({"one", "two", "three", "", "five"});
  batches_.add(walk_record("before"));
  for (const std::uint8_t byte : stream) {
    batches_.add(ByteView(&byte, 1));
    if (batches_.packets() % 5 == 0) batches_.next_batch();
  }
  RecordWalk walk = this->walk();
  EXPECT_EQ(found(walk), (Strings{"one", "two", "three", "", "five"}));
  EXPECT_FALSE(walk.over());
}

TEST_F(WalkTest, BeginsWithWhatWasCapturedOfTheNextRecord) {
  Bytes packet = walk_records({"taken", "one", "two"});
  const std::size_t behind = packet.size() - walk_record("taken").size();
  batches_.add(ByteView(packet).first(packet.size() - 1));
  batches_.add(ByteView(packet).last(1));
  RecordWalk walk = this->walk(behind - 1);
  EXPECT_EQ(found(walk), (Strings{"one", "two"}));
}

TEST_F(WalkTest, ARecordWhoseEndIsStillToBeReadIsFoundThen) {
  const Bytes stream = walk_records({"one", "two"});
  batches_.add(walk_record("before"));
  batches_.add(ByteView(stream).first(10));
  RecordWalk walk = this->walk();
  EXPECT_EQ(found(walk), Strings{"one"});
  EXPECT_EQ(found(walk), Strings{});
  batches_.next_batch();
  batches_.add(ByteView(stream).subspan(10));
  EXPECT_EQ(found(walk), Strings{"two"});
}

TEST_F(WalkTest, OtherConnectionsOtherDirectionsAndCopiesDoNotCount) {
  batches_.add(walk_record("before"));
  batches_.add(walk_record("one"));
  batches_.repeat(1);
  batches_.add_elsewhere(walk_record("other"));
  batches_.add_backwards(walk_record("answer"));
  batches_.add({});
  batches_.add(walk_record("two"));
  RecordWalk walk = this->walk();
  EXPECT_EQ(found(walk), (Strings{"one", "two"}));
}

TEST_F(WalkTest, PutsSegmentsInOrder) {
  batches_.add(walk_record("before"));
  batches_.add(walk_record("one"));
  batches_.add(walk_record("two"));
  batches_.add(walk_record("three"));
  batches_.add(walk_record("four"));
  batches_.swap(1, 3);
  RecordWalk walk = this->walk();
  EXPECT_EQ(found(walk), (Strings{"one", "two", "three", "four"}));
}

TEST_F(WalkTest, IsOverWhereSegmentsAreMissingOrCut) {
  batches_.add(walk_record("before"));
  batches_.skip(3);
  for (int n = 0; n < 100; ++n) batches_.add(walk_record("never"));
  RecordWalk behind_hole = walk();
  EXPECT_EQ(found(behind_hole), Strings{});
  EXPECT_TRUE(behind_hole.over());

  batches_ = {};
  batches_.add(walk_record("before"));
  batches_.add(walk_record("one"), 7);
  batches_.add(walk_record("two"));
  RecordWalk behind_cut = walk();
  EXPECT_EQ(found(behind_cut), Strings{"one"});
  EXPECT_TRUE(behind_cut.over());

  batches_ = {};
  batches_.add(walk_record("before"));
  batches_.overlap(2);
  batches_.add(walk_record("one"));
  RecordWalk behind_overlap = walk();
  EXPECT_EQ(found(behind_overlap), Strings{});
  EXPECT_TRUE(behind_overlap.over());
}

TEST_F(WalkTest, IsOverWhereThereIsNoRecord) {
  batches_.add(walk_record("before"));
  batches_.add(as_bytes("GET / HTTP/1.1"));
  RecordWalk no_header = walk();
  EXPECT_EQ(found(no_header), Strings{});
  EXPECT_TRUE(no_header.over());
  RecordWalk more_than_captured = walk(1000);
  EXPECT_EQ(found(more_than_captured), Strings{});
  EXPECT_TRUE(more_than_captured.over());
}

TEST_F(WalkTest, IsOverWhereItsBatchIsGone) {
  batches_.add(walk_record("before"));
  batches_.next_batch();
  batches_.add(walk_record("one"));
  RecordWalk late = walk();
  EXPECT_FALSE(late.next(batches_.window(1)));
  EXPECT_TRUE(late.over());
}

// RFC 9293 section 3.4: modulo 2^32.
TEST_F(WalkTest, SequenceNumbersWrap) {
  batches_.start_at(0xffff'fff8);
  batches_.add(walk_record("before"));
  batches_.add(walk_record("one"));
  batches_.add(walk_record("two"));
  RecordWalk walk = this->walk();
  EXPECT_EQ(found(walk), (Strings{"one", "two"}));
}

}  // namespace
}  // namespace tlspeel::pipeline
