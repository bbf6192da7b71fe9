#include "choice_options.hpp"

#include <optional>
#include <string>
#include <vector>

#include "help_text.hpp"

namespace tlspeel::cli {
namespace {

template <class Value>
Value checked(const std::string& option, Result<Value> value) {
  if (!value) throw CLI::ValidationError(option, value.error().message);
  return *std::move(value);
}

// Values of several options of one name add up.
void add_numbers(CLI::App& app, const std::string& name, std::vector<output::NumberRange>& target,
                 Result<std::vector<output::NumberRange>> (*parse)(std::string_view), const std::string& word,
                 const std::string& help) {
  app.add_option_function<std::vector<std::string>>(
         name,
         [name, &target, parse](const std::vector<std::string>& lists) {
           for (const std::string& list : lists) {
             const auto ranges = checked(name, parse(list));
             target.insert(target.end(), ranges.begin(), ranges.end());
           }
         },
         folded(help))
      ->type_name(word)
      ->option_text(word)
      ->allow_extra_args(false);
}

void add_words(CLI::App& app, const std::string& name, std::vector<std::string>& target,
               const std::string& word, const std::string& help) {
  app.add_option(name, target, folded(help))
      ->type_name(word)
      ->option_text(word)
      ->delimiter(',')
      ->allow_extra_args(false);
}

void add_pattern(CLI::App& app, const std::string& name, std::optional<output::Pattern>& target,
                 const std::string& help) {
  app.add_option_function<std::string>(
         name,
         [name, &target](const std::string& text) { target = checked(name, output::Pattern::compile(text)); },
         folded(help))
      ->type_name("REGEX")
      ->option_text("REGEX");
}

}  // namespace

void add_choice_options(CLI::App& app, output::Choice& choice) {
  add_words(app, "--host", choice.hosts, "NAME",
            "only requests to this host; * stands for any text: *.example.com");
  add_words(app, "--method", choice.methods, "NAME", "only requests with this method");
  add_numbers(app, "--status", choice.statuses, output::parse_statuses, "CODE",
              "only requests that were answered with this status: 404, 4xx, 500-599");
  add_pattern(app, "--url", choice.url, "only requests with such a URL (a regular expression of RE2)");
  add_pattern(
      app, "--grep", choice.grep,
      "only requests where this is found in a line of a head or in a body, of request or response, as "
      "far as the body is shown");
  add_numbers(app, "--connection", choice.connections, output::parse_connections, "N",
              "only this connection, by its number: 7, 3-5");
}

}  // namespace tlspeel::cli
