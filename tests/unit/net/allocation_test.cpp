// An ordinary packet must not cost an allocation: operator new is counted while one is decoded.
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "tlspeel/net/decoder.hpp"

#include "frames.hpp"

namespace {
std::size_t allocations = 0;
}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
// Not inlined, or g++ compares new and free without seeing that both are these.
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace tlspeel::net {
namespace {

using namespace test;

TEST(Decoder, DoesNotAllocateForOrdinaryPackets) {
  const Bytes frames[] = {
      ethernet(0x0800, ipv4(tcp("payload"))),
      ethernet(0x8100, vlan(0x86dd, ipv6(extension(6, tcp("payload")), 0))),
      ethernet(0x0806, Bytes(28)),
  };
  Decoder decoder;
  Segment segment;
  const std::size_t before = allocations;
  for (const Bytes& frame : frames) {
    (void)decoder.decode(1, frame, static_cast<std::uint32_t>(frame.size()), {1, 0}, segment);
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(decoder.counters().tcp, 2U);
  // The counter works: what is held has to be stored.
  const Bytes held = ethernet(0x0800, ipv4(Bytes(16), {.more = true}));
  (void)decoder.decode(1, held, static_cast<std::uint32_t>(held.size()), {2, 0}, segment);
  EXPECT_GT(allocations, before);
}

}  // namespace
}  // namespace tlspeel::net
