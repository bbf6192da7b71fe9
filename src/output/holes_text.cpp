#include "output/holes_text.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {

std::string hole_text(const event::Hole& hole) {
  if (!hole.length) return "[an unknown number of bytes was not captured]";
  return fmt::format("[{}{} {} not captured]", exactness(hole), size_text(*hole.length),
                     *hole.length == 1 ? "was" : "were");
}

std::uint64_t missing_at_holes(const std::vector<event::HoleAt>& holes, std::size_t shown) {
  std::uint64_t missing = 0;
  for (const event::HoleAt& at : holes) {
    if (at.position <= shown) missing += at.hole.length.value_or(0);
  }
  return missing;
}

}  // namespace tlspeel::output
