#include "tlspeel/secrets/session_cache.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace tlspeel::secrets {
namespace {

SessionCache::SecretPtr secret(const std::string& text, const std::string& master = "") {
  auto made = std::make_shared<SessionSecret>();
  made->master = SecretBytes(as_bytes(master.empty() ? text : master));
  made->opened_with = text;
  return made;
}
std::string found(const SessionCache::SecretPtr& pointer) {
  return pointer ? pointer->opened_with : "nothing";
}

// One worker, at whatever packet the test says.
class OneWorker {
 public:
  explicit OneWorker(std::size_t capacity) : cache_(1, capacity) {}
  void put(std::uint64_t at, const std::string& id, const std::string& text, const std::string& master = "") {
    cache_.advance(0, at);
    cache_.put(at, as_bytes(id), secret(text, master));
  }
  std::string get(std::uint64_t at, const std::string& id) {
    cache_.advance(0, at);
    return found(cache_.get(at, as_bytes(id)));
  }
  std::string all(std::uint64_t at, const std::string& id) {
    cache_.advance(0, at);
    std::string list;
    for (const auto& each : cache_.all(at, as_bytes(id))) {
      list += (list.empty() ? "" : ", ") + each->opened_with;
    }
    return list;
  }

 private:
  SessionCache cache_;
};

TEST(SessionCache, SeesOnlySmallerNumbersAndTheOldestOfThem) {
  OneWorker worker(10);
  EXPECT_EQ(worker.get(1, "a"), "nothing");
  worker.put(5, "a", "first");
  EXPECT_EQ(worker.get(5, "a"), "nothing");
  EXPECT_EQ(worker.get(6, "a"), "first");
  worker.put(8, "a", "second");
  EXPECT_EQ(worker.get(8, "a"), "first");
  EXPECT_EQ(worker.get(9, "a"), "first");
  EXPECT_EQ(worker.get(9, "b"), "nothing");
}

TEST(SessionCache, TheEarlierOfTwoPutsInOnePacketCounts) {
  OneWorker worker(10);
  worker.put(5, "a", "first");
  worker.put(5, "a", "second");
  EXPECT_EQ(worker.get(6, "a"), "first");
}

TEST(SessionCache, KeepsSoManyOfAPacket) {
  OneWorker worker(100);
  const std::size_t most = SessionCache::kMostOfPacket;
  for (std::size_t n = 0; n <= most; ++n) worker.put(5, "s" + std::to_string(n), "kept");
  EXPECT_EQ(worker.get(6, "s" + std::to_string(most - 1)), "kept");
  EXPECT_EQ(worker.get(6, "s" + std::to_string(most)), "nothing");
  worker.put(6, "next", "kept");
  EXPECT_EQ(worker.get(7, "next"), "kept");
}

TEST(SessionCache, TellsAllOfOneIdTheNewestFirstAndEachMasterSecretOnce) {
  OneWorker worker(100);
  worker.put(1, "a", "first", "one");
  worker.put(2, "b", "of another id", "two");
  worker.put(3, "a", "second", "two");
  worker.put(4, "a", "first again", "one");
  EXPECT_EQ(worker.all(4, "a"), "second, first");
  EXPECT_EQ(worker.all(5, "a"), "first again, second");
  EXPECT_EQ(worker.all(5, "c"), "");
  for (std::uint64_t n = 5; n < 25; ++n) worker.put(n, "a", std::to_string(n));
  EXPECT_EQ(worker.all(30, "a"), "24, 23, 22, 21, 20, 19, 18, 17");
}

TEST(SessionCache, IdsOfAnySizeAreKeptApart) {
  OneWorker worker(10);
  const std::string ticket(60000, 't');
  worker.put(1, ticket, "ticket");
  worker.put(2, ticket + "x", "other");
  worker.put(3, "", "empty");
  EXPECT_EQ(worker.get(9, ticket), "ticket");
  EXPECT_EQ(worker.get(9, ticket + "x"), "other");
  EXPECT_EQ(worker.get(9, ""), "empty");
  EXPECT_EQ(worker.get(9, ticket.substr(1)), "nothing");
}

TEST(SessionCache, KeepsTheNewestPutsByPacketNumber) {
  OneWorker worker(3);
  for (std::uint64_t n = 1; n <= 5; ++n) worker.put(n, "s" + std::to_string(n), std::to_string(n));
  EXPECT_EQ(worker.get(6, "s2"), "nothing");
  EXPECT_EQ(worker.get(6, "s3"), "3");
  EXPECT_EQ(worker.get(6, "s5"), "5");
  worker.put(7, "s3", "3 again");
  EXPECT_EQ(worker.get(8, "s3"), "3 again");
  worker.put(9, "x", "x");
  worker.put(10, "y", "y");
  EXPECT_EQ(worker.get(11, "s3"), "3 again");
  worker.put(12, "z", "z");
  EXPECT_EQ(worker.get(13, "s3"), "nothing");
}

TEST(SessionCache, PutsOfALaterPacketThatArriveFirstDoNotShow) {
  SessionCache cache(2);
  cache.advance(1, 100);
  cache.put(100, as_bytes("a"), secret("late"));
  cache.finished(1);
  cache.advance(0, 50);
  EXPECT_EQ(found(cache.get(50, as_bytes("a"))), "nothing");
  cache.put(50, as_bytes("a"), secret("early"));
  cache.advance(0, 60);
  EXPECT_EQ(found(cache.get(60, as_bytes("a"))), "early");
  cache.advance(0, 101);
  EXPECT_EQ(found(cache.get(101, as_bytes("a"))), "early");
}

// What is put between two packets that a slower worker has not come to yet cannot change the answer.
TEST(SessionCache, DoesNotWaitWhereTheOldestIsKnown) {
  SessionCache cache(2);
  cache.put(5, as_bytes("a"), secret("first"));
  cache.advance(1, 6);
  cache.advance(0, 900);
  EXPECT_EQ(found(cache.get(900, as_bytes("a"))), "first");
}

// A put of a packet that the slower worker has yet to work on may have one before it.
TEST(SessionCache, WaitsUntilTheOldestIsKnown) {
  SessionCache cache(2);
  std::string seen;
  cache.advance(1, 3);
  cache.advance(0, 5);
  cache.put(5, as_bytes("a"), secret("second"));
  cache.advance(0, 900);
  std::thread fast([&] { seen = found(cache.get(900, as_bytes("a"))); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  cache.put(3, as_bytes("a"), secret("first"));
  cache.advance(1, 6);
  fast.join();
  EXPECT_EQ(seen, "first");
}

// Of workers that wait for different numbers each is woken.
TEST(SessionCache, WakesAllThatWait) {
  constexpr std::size_t kWorkers = 5;
  for (int repeat = 0; repeat < 200; ++repeat) {
    SessionCache cache(kWorkers);
    std::vector<std::thread> threads;
    for (std::size_t w = 1; w < kWorkers; ++w) {
      threads.emplace_back([&cache, w] {
        for (std::uint64_t n = 0; n < 50; ++n) {
          cache.advance(w, n * kWorkers + w);
          EXPECT_EQ(found(cache.get(n * kWorkers + w, as_bytes("a"))), "nothing");
        }
        cache.finished(w);
      });
    }
    for (std::uint64_t n = 0; n < 50; ++n) cache.advance(0, n * kWorkers);
    cache.finished(0);
    for (std::thread& thread : threads) thread.join();
  }
}

TEST(SessionCache, WaitsForASlowerWorker) {
  SessionCache cache(2);
  std::string seen;
  cache.advance(0, 20);
  std::thread fast([&] { seen = found(cache.get(20, as_bytes("a"))); });
  cache.advance(1, 10);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  cache.put(10, as_bytes("a"), secret("slow"));
  cache.advance(1, 20);
  fast.join();
  EXPECT_EQ(seen, "slow");
}

// A made-up capture: packet n belongs to shard n * 7 % 64; every third packet puts a session, every other one
// asks for an earlier one.
struct Step {
  bool put;
  std::string id;
};

std::vector<Step> make_steps() {
  std::vector<Step> steps;
  std::uint32_t random = 12345;
  for (std::size_t n = 0; n < 3000; ++n) {
    random = random * 1664525U + 1013904223U;
    steps.push_back({n % 3 == 0, std::to_string((random >> 16) % 90)});
  }
  return steps;
}

std::vector<std::string> run(std::size_t workers, std::size_t capacity) {
  const std::vector<Step> steps = make_steps();
  std::vector<std::string> answers(steps.size());
  SessionCache cache(workers, capacity);
  std::vector<std::thread> threads;
  for (std::size_t w = 0; w < workers; ++w) {
    threads.emplace_back([&, w] {
      for (std::size_t n = 0; n < steps.size(); ++n) {
        if (n * 7 % 64 % workers != w) continue;
        cache.advance(w, n);
        if (steps[n].put) {
          cache.put(n, as_bytes(steps[n].id), secret(std::to_string(n)));
        } else {
          answers[n] = found(cache.get(n, as_bytes(steps[n].id)));
        }
      }
      cache.finished(w);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return answers;
}

void expect_the_same_for_any_number_of_workers(std::size_t capacity) {
  const std::vector<std::string> expected = run(1, capacity);
  EXPECT_GT(std::ranges::count(expected, "nothing"), 100);
  EXPECT_LT(std::ranges::count(expected, "nothing"), 1900);
  for (const std::size_t workers : {2U, 3U, 8U}) {
    for (int repeat = 0; repeat < 3; ++repeat) EXPECT_EQ(run(workers, capacity), expected) << workers;
  }
}

TEST(SessionCache, AnswersAreTheSameForAnyNumberOfWorkers) {
  expect_the_same_for_any_number_of_workers(40);
}

TEST(SessionCache, AnswersAreTheSameForAnyNumberOfWorkersWithRoomForAll) {
  expect_the_same_for_any_number_of_workers(SessionCache::kDefaultCapacity);
}

}  // namespace
}  // namespace tlspeel::secrets
