#include "tlspeel/secrets/passwords.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "file_bytes.hpp"
#include "terminal_prompt.hpp"

namespace tlspeel::secrets {
namespace {

constexpr std::size_t kLongestFile = std::size_t{1} << 20;
constexpr unsigned kTries = 3;  // at the prompt, for each key
// Cards and tokens lock themselves after three wrong PINs or more; a file of passwords must not do that.
constexpr std::size_t kPinsOfAFile = 2;  // wrong ones, over all keys

class Passwords {
 public:
  explicit Passwords(bool prompt) : prompt_(prompt) {}

  Result<void> add_file(const std::string& path);
  Result<void> add_env(const std::string& name);
  std::optional<SecretBytes> next(std::string_view what, unsigned attempt);

 private:
  std::vector<SecretBytes> known_;
  bool prompt_;
  unsigned prompted_ = 0;                       // for the present key
  std::size_t wrong_pins_ = 0;                  // of those known, over all keys
  std::optional<std::ptrdiff_t> known_answer_;  // position of the last answer, if it was a known one
  std::optional<SecretBytes> typed_;
};

Result<void> Passwords::add_file(const std::string& path) {
  const auto file = read_secret_file(path, kLongestFile, "a file of passwords");
  if (!file) return tl::unexpected<Error>(file.error());
  std::string_view rest = as_text(file->view());
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) known_.emplace_back(as_bytes(line));
  }
  if (known_.empty()) return fail(path + ": no password in it");
  return {};
}

Result<void> Passwords::add_env(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return fail(fmt::format("the environment variable {} is not set", name));
  known_.emplace_back(as_bytes(std::string_view(value)));
  return {};
}

std::optional<SecretBytes> Passwords::next(std::string_view what, unsigned attempt) {
  if (attempt == 0) {
    // Nobody asked again for the last key: what was typed opened it. A wrong one is not kept, as a token
    // counts wrong PINs.
    if (typed_) known_.insert(known_.begin(), *std::move(typed_));
    if (!typed_ && known_answer_) {
      std::rotate(known_.begin(), known_.begin() + *known_answer_, known_.begin() + *known_answer_ + 1);
    }
    prompted_ = 0;
    known_answer_.reset();
  }
  typed_.reset();
  const bool pin = what.starts_with("pkcs11:");
  if (pin && std::exchange(known_answer_, std::nullopt)) ++wrong_pins_;
  const std::size_t pins = attempt + kPinsOfAFile - std::min(kPinsOfAFile, wrong_pins_);
  const std::size_t tried = pin ? std::min(pins, known_.size()) : known_.size();
  if (attempt < tried) {
    known_answer_ = static_cast<std::ptrdiff_t>(attempt);
    return known_[attempt].clone();
  }
  known_answer_.reset();
  if (!prompt_ || prompted_ == kTries) return std::nullopt;
  ++prompted_;
  typed_ =
      prompt_for_password(fmt::format("{}Password for {}: ", prompted_ > 1 ? "It does not fit. " : "", what));
  if (!typed_) {
    prompted_ = kTries;  // who gives up is not asked again
    return std::nullopt;
  }
  return typed_->clone();
}

}  // namespace

Result<crypto::PasswordSource> make_password_source(const PasswordConfig& config) {
  const auto passwords = std::make_shared<Passwords>(config.prompt);
  if (!config.file.empty()) {
    if (const auto added = passwords->add_file(config.file); !added) {
      return tl::unexpected<Error>(added.error());
    }
  }
  if (!config.env.empty()) {
    if (const auto added = passwords->add_env(config.env); !added) {
      return tl::unexpected<Error>(added.error());
    }
  }
  if (config.file.empty() && config.env.empty() && !config.prompt) return crypto::PasswordSource();
  return crypto::PasswordSource(
      [passwords](std::string_view what, unsigned attempt) { return passwords->next(what, attempt); });
}

}  // namespace tlspeel::secrets
