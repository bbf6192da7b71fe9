#include "exchanges.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace tlspeel::http {
namespace {

constexpr std::string_view kUnmatched = "response without a captured request";

}  // namespace

std::uint32_t Exchanges::request(Method method, std::uint64_t packet) {
  ++last_;
  if (ended_ || gave_up_) return last_;
  if (waiting().size() == kMaxWaiting) {
    gave_up_ = true;
    drop_front(kMaxWaiting);
  } else {
    waiting_.push_back({last_, packet, method, true, std::exchange(requests_lost_, false)});
  }
  return last_;
}

Exchanges::Answered Exchanges::response(bool interim, std::uint64_t packet) {
  const bool uncertain = lost_ || (!waiting().empty() && waiting().front().behind_lost);
  const std::size_t sent = uncertain ? sent_before(packet) : waiting().size();
  // Where a single request waits, there is no other one that this could answer.
  const bool guessed = lost_ && sent > 1;
  if (guessed) choose_after_loss(sent);
  lost_ = lost_ && sent == 0 && !waiting().empty();
  // Most clients send the next request only when they have the response to the one before: this one answers
  // what was lost, or what came before that.
  requests_lost_ = false;
  if (sent == 0) {
    ++last_;
    all_requests_known_ = false;
    if (interim) put_in_front({last_, packet, Method::other, false, false});
    return {last_, Method::other,
            gave_up_ ? std::string_view("too many requests waited to be paired") : kUnmatched};
  }
  const Waiting front = waiting().front();
  if (!interim) drop_front(1);
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
  drop_front(waiting().size());
}

bool Exchanges::overflowed() {
  const bool first_time = gave_up_ && !told_;
  told_ = gave_up_;
  return first_time;
}

void Exchanges::put_in_front(const Waiting& interim) {
  if (first_ == 0) {
    waiting_.insert(waiting_.begin(), interim);
  } else {
    waiting_[--first_] = interim;
  }
}

void Exchanges::drop_front(std::size_t count) {
  first_ += count;
  if (first_ == waiting_.size()) {
    constexpr std::size_t kKept = 4;
    waiting_.clear();
    if (waiting_.capacity() > kKept) waiting_.shrink_to_fit();
    first_ = 0;
  } else if (first_ > waiting_.size() / 2) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

// How many of those that wait, from the first on.
std::size_t Exchanges::sent_before(std::uint64_t packet) const {
  const auto all = waiting();
  const auto later = std::ranges::find_if(all, [&](const Waiting& w) { return w.packet > packet; });
  return static_cast<std::size_t>(later - all.begin());
}

// A request that came after the hole was not answered in it. Lacking one, the last that came before it is the
// likeliest: most clients send the next request only when they have the response to the one before.
void Exchanges::choose_after_loss(std::size_t sent) {
  const auto known = waiting().first(sent);
  const auto later =
      std::ranges::find_if(known, [&](const Waiting& w) { return w.exchange > last_before_loss_; });
  drop_front(
      static_cast<std::size_t>((later != known.end() ? later : std::prev(known.end())) - known.begin()));
}

}  // namespace tlspeel::http
