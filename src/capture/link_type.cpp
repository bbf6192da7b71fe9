#include "capture/link_type.hpp"

#include <algorithm>
#include <array>

#include "tlspeel/capture/packet_source.hpp"

namespace tlspeel::capture {
namespace {

struct Pair {
  std::uint32_t link_type;
  int dlt;
};

constexpr std::array<Pair, 5> kDifferent{{
    {100, 11},  // ATM_RFC1483
    {101, 12},  // RAW
    {102, 15},  // SLIP_BSDOS
    {103, 16},  // PPP_BSDOS
    {106, 19},  // ATM_CLIP
}};

}  // namespace

int dlt_of_link_type(std::uint32_t link_type) {
  const auto* found = std::ranges::lower_bound(kDifferent, link_type, {}, &Pair::link_type);
  if (found != kDifferent.end() && found->link_type == link_type) return found->dlt;
  return static_cast<int>(link_type);
}

std::uint32_t link_type_of_dlt(int dlt) {
  const auto* const found = std::ranges::find(kDifferent, dlt, &Pair::dlt);
  return found != kDifferent.end() ? found->link_type : static_cast<std::uint32_t>(dlt);
}

}  // namespace tlspeel::capture
