#include "exchanges.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tlspeel::http {
namespace {

constexpr std::string_view kUnmatched = "response without a captured request";

}  // namespace

std::uint32_t Exchanges::request(Method method) {
  ++last_;
  if (ended_ || gave_up_) return last_;
  if (waiting_.size() == kMaxWaiting) {
    gave_up_ = true;
    waiting_.clear();
  } else {
    waiting_.push_back({last_, method, true, std::exchange(requests_lost_, false)});
  }
  return last_;
}

Exchanges::Answered Exchanges::response(bool interim) {
  // Where a single request waits, there is no other one that this could answer.
  const bool guessed = lost_ && waiting_.size() > 1;
  if (guessed) choose_after_loss();
  lost_ = false;
  // Most clients send the next request only when they have the response to the one before: this one answers
  // what was lost, or what came before that.
  requests_lost_ = false;
  if (waiting_.empty()) {
    ++last_;
    all_requests_known_ = false;
    if (interim) waiting_.push_back({last_, Method::other, false, false});
    return {last_, Method::other,
            gave_up_ ? std::string_view("too many requests waited to be paired") : kUnmatched};
  }
  const Waiting front = waiting_.front();
  if (!interim) waiting_.pop_front();
  std::string_view note;
  if (!front.captured) note = kUnmatched;
  if (front.behind_lost) note = "paired by a guess, since requests before it were lost";
  if (guessed) note = "paired by a guess, since responses before it were lost";
  return {front.exchange, front.method, note};
}

void Exchanges::responses_lost() {
  lost_ = true;
  last_before_loss_ = last_;
}

void Exchanges::requests_lost() {
  requests_lost_ = true;
  all_requests_known_ = false;
}

void Exchanges::responses_ended() {
  ended_ = true;
  waiting_.clear();
}

bool Exchanges::overflowed() {
  const bool first_time = gave_up_ && !told_;
  told_ = gave_up_;
  return first_time;
}

// A request that came after the hole was not answered in it. Lacking one, the last that came before it is the
// likeliest: most clients send the next request only when they have the response to the one before.
void Exchanges::choose_after_loss() {
  const auto later =
      std::ranges::find_if(waiting_, [&](const Waiting& w) { return w.exchange > last_before_loss_; });
  const auto chosen = later != waiting_.end() ? later : std::prev(waiting_.end());
  waiting_.erase(waiting_.begin(), chosen);
}

}  // namespace tlspeel::http
