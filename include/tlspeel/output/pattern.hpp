// A regular expression that the user gave, in RE2's syntax (https://github.com/google/re2/wiki/Syntax): what
// it is searched in comes from peers, so the time must be linear in its length whatever the expression. ^ and
// $ match at lines. Copies share one compiled expression. const use from any thread.
#pragma once

#include <memory>
#include <string_view>

#include "tlspeel/base/result.hpp"

namespace tlspeel::output {

class Pattern {
 public:
  // The Error says what is wrong with the expression.
  static Result<Pattern> compile(std::string_view expression);
  bool found_in(std::string_view text) const;

 private:
  class Compiled;
  explicit Pattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace tlspeel::output
