#include "output/holes_text.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {

std::string hole_text(const event::Hole& hole) {
  if (!hole.length) return "[an unknown number of bytes was not captured]";
  return fmt::format("[{}{} {} not captured]", exactness(hole), size_text(*hole.length),
                     *hole.length == 1 ? "was" : "were");
}

}  // namespace tlspeel::output
