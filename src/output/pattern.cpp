#include "tlspeel/output/pattern.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

namespace tlspeel::output {

namespace {

re2::RE2::Options re2_options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  return options;
}

}  // namespace

class Pattern::Compiled {
 public:
  explicit Compiled(const std::string& expression) : regex(expression, re2_options()) {}
  re2::RE2 regex;
};

Result<Pattern> Pattern::compile(std::string_view expression) {
  if (const re2::RE2 alone(re2::StringPiece(expression.data(), expression.size()), re2_options());
      !alone.ok()) {
    return fail(fmt::format("'{}' is not a regular expression: {}", expression, alone.error()));
  }
  // RE2 knows lines only where the expression itself asks for them.
  return Pattern(std::make_shared<const Compiled>(fmt::format("(?m:{})", expression)));
}

bool Pattern::found_in(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), compiled_->regex);
}

}  // namespace tlspeel::output
