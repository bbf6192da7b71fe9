#include "tlspeel/tcp/connection_table.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tlspeel/base/boxed.hpp"

#include "activity_list.hpp"
#include "capture_clock.hpp"
#include "connection.hpp"
#include "connection_key.hpp"

namespace tlspeel::tcp {
namespace {

// Where a connection waits for its end by silence; each list is in order of last activity. The order here is
// the order of eviction.
enum class Stage : std::uint8_t { ended, without_data, with_data };
constexpr std::size_t kStages = 3;

struct Entry : ActivityLink<Entry> {
  Entry(const Limits& limits, const SinkFactory& factory, ConnectionInfo info)
      : connection(limits, factory, std::move(info)) {}

  Connection connection;
  const ConnectionKey* key = nullptr;  // in the map, which does not move it
  // Where the two directions go in different tunnels, or one in none: the key of the second.
  Boxed<ConnectionKey> other_key;
  std::int64_t last_active = 0;
  std::int64_t deadline = kNever;  // as it stands among the timers
  Stage stage = Stage::without_data;
};

// By deadline, then by beginning, which no two connections share.
struct TimerLess {
  bool operator()(const Entry* a, const Entry* b) const {
    return std::tuple(a->deadline, a->connection.id()) < std::tuple(b->deadline, b->connection.id());
  }
};

}  // namespace

class ConnectionTable::Impl {
 public:
  Impl(const Limits& limits, SinkFactory factory) : limits_(limits), factory_(std::move(factory)) {}

  void push(const net::Segment& segment, PacketRef at);
  void finish(PacketRef last, std::uint64_t before);
  const Counters& counters() const { return counters_; }
  std::size_t size() const { return entries_.size(); }
  std::size_t buffered() const { return buffered_; }

 private:
  using Entries = std::unordered_map<ConnectionKey, Entry, ConnectionKeyHash>;

  Entry* find(const net::Segment& segment);
  Entry* find_by_answer(const ConnectionKey& key, const net::Segment& segment);
  Entry& start(const net::Segment& segment, std::int64_t now, PacketRef at);
  void run_timers(std::int64_t now, PacketRef at);
  bool any_silent(std::int64_t now) const;
  void end_silent(std::int64_t now, PacketRef at);
  void make_room(std::int64_t now, PacketRef at);
  void end(Entry& entry, EndReason reason, std::int64_t now, PacketRef at);
  void forget(Entry& entry);
  // Runs a change of the connection and brings buffered_, timers and lists up to date with it.
  template <class Change>
  void update(Entry& entry, Change change);
  void set_deadline(Entry& entry, std::int64_t deadline);
  void touch(Entry& entry, std::int64_t now);
  ActivityList<Entry>& list(Stage stage) { return lists_[static_cast<std::size_t>(stage)]; }
  static bool is_silent(const Entry* entry, std::int64_t patience, std::int64_t now) {
    return entry != nullptr && now - entry->last_active >= patience;
  }
  std::int64_t patience(Stage stage) const;

  Limits limits_;
  SinkFactory factory_;
  CaptureClock clock_;
  Entries entries_;
  // Of entries in tunnels, by their endpoints alone; and of entries with an other_key, by that.
  std::unordered_multimap<ConnectionKey, Entry*, ConnectionKeyHash> in_tunnels_;
  std::unordered_map<ConnectionKey, Entry*, ConnectionKeyHash> by_other_key_;
  std::array<ActivityList<Entry>, kStages> lists_;
  std::set<Entry*, TimerLess> timers_;
  std::vector<Entry*> ending_;  // of finish(): what has not ended yet, the next one last
  Entry* latest_ = nullptr;     // most packets belong to the same connection as the one before
  std::size_t buffered_ = 0;
  Counters counters_;
};

ConnectionTable::ConnectionTable(const Limits& limits, SinkFactory factory)
    : impl_(std::make_unique<Impl>(limits, std::move(factory))) {}
ConnectionTable::~ConnectionTable() = default;
ConnectionTable::ConnectionTable(ConnectionTable&&) noexcept = default;
ConnectionTable& ConnectionTable::operator=(ConnectionTable&&) noexcept = default;

void ConnectionTable::push(const net::Segment& segment, PacketRef at) {
  impl_->push(segment, at);
}
void ConnectionTable::finish(PacketRef last, std::uint64_t before) {
  impl_->finish(last, before);
}
const ConnectionTable::Counters& ConnectionTable::counters() const {
  return impl_->counters();
}
std::size_t ConnectionTable::size() const {
  return impl_->size();
}
std::size_t ConnectionTable::buffered() const {
  return impl_->buffered();
}

void ConnectionTable::Impl::push(const net::Segment& segment, PacketRef at) {
  const std::int64_t now = clock_.advance(at.time_ns);
  run_timers(now, at);
  if (any_silent(now)) end_silent(now, at);

  Entry* entry = find(segment);
  auto verdict = Connection::Verdict::begins_next;
  const auto take = [&](Connection& c) { verdict = c.push(segment, now, at); };
  if (entry != nullptr) {
    update(*entry, take);
    if (verdict == Connection::Verdict::begins_next) {
      end(*entry, EndReason::port_reused, now, at);
      forget(*entry);
      entry = nullptr;
    }
  } else if (!Connection::can_start(segment)) {
    verdict = Connection::Verdict::stray;
  }
  if (verdict == Connection::Verdict::begins_next) {
    entry = &start(segment, now, at);
    update(*entry, take);
  }
  if (verdict == Connection::Verdict::stray) ++counters_.stray_segments;
  if (entry == nullptr) return;
  touch(*entry, now);
  if (buffered_ > limits_.max_buffered_in_table) {
    update(*entry, [&](Connection& c) { c.shrink(0, now, at); });
  }
}

void ConnectionTable::Impl::finish(PacketRef last, std::uint64_t before) {
  const std::int64_t now = clock_.advance(last.time_ns);
  if (ending_.empty()) {
    ending_.reserve(entries_.size());
    for (auto& [key, entry] : entries_) ending_.push_back(&entry);
    std::ranges::sort(ending_, std::greater<>(), [](const Entry* e) { return e->connection.id(); });
  }
  while (!ending_.empty() && ending_.back()->connection.first_packet() < before) {
    end(*ending_.back(), EndReason::capture_end, now, last);
    forget(*ending_.back());
    ending_.pop_back();
  }
}

Entry* ConnectionTable::Impl::find(const net::Segment& segment) {
  const net::Flow& flow = segment.flow;
  if (latest_ != nullptr &&
      (latest_->key->is_of(flow) || (latest_->other_key && latest_->other_key->is_of(flow)))) {
    return latest_;
  }
  const ConnectionKey key(flow);
  if (const auto found = entries_.find(key); found != entries_.end()) {
    latest_ = &found->second;
    return latest_;
  }
  const auto other = by_other_key_.find(key);
  if (other == by_other_key_.end()) return find_by_answer(key, segment);
  latest_ = other->second;
  return latest_;
}

// Packets of one connection may take different ways (a load balancer hands them on in a tunnel, and the
// server answers directly). A segment of unknown key belongs to the only connection of its endpoints that it
// answers.
Entry* ConnectionTable::Impl::find_by_answer(const ConnectionKey& key, const net::Segment& segment) {
  if (key.tunnel == 0 && in_tunnels_.empty()) return nullptr;
  const ConnectionKey endpoints = key.without_tunnel();
  Entry* answered = nullptr;
  int count = 0;
  const auto consider = [&](Entry& entry) {
    if (entry.other_key || !entry.connection.is_answered_by(segment)) return;
    answered = &entry;
    ++count;
  };
  if (const auto found = entries_.find(endpoints); found != entries_.end()) consider(found->second);
  const auto [first, last] = in_tunnels_.equal_range(endpoints);
  for (auto each = first; each != last; ++each) consider(*each->second);
  if (count != 1) return nullptr;
  answered->other_key = key;
  by_other_key_.emplace(key, answered);
  return answered;
}

Entry& ConnectionTable::Impl::start(const net::Segment& segment, std::int64_t now, PacketRef at) {
  make_room(now, at);
  const ConnectionKey key(segment.flow);
  const auto [place, inserted] =
      entries_.try_emplace(key, limits_, factory_, Connection::describe(segment, at));
  Entry& entry = place->second;
  entry.key = &place->first;
  if (key.tunnel != 0) in_tunnels_.emplace(key.without_tunnel(), &entry);
  list(entry.stage).push_back(entry);
  latest_ = &entry;
  ++counters_.connections;
  return entry;
}

void ConnectionTable::Impl::run_timers(std::int64_t now, PacketRef at) {
  while (!timers_.empty() && (*timers_.begin())->deadline <= now) {
    Entry& entry = **timers_.begin();
    const bool was_ended = entry.connection.ended();
    update(entry, [&](Connection& c) { c.on_time(now, at); });
    if (entry.connection.ended() && !was_ended) touch(entry, now);
  }
}

bool ConnectionTable::Impl::any_silent(std::int64_t now) const {
  for (const Stage stage : {Stage::ended, Stage::without_data, Stage::with_data}) {
    if (is_silent(lists_[static_cast<std::size_t>(stage)].front(), patience(stage), now)) return true;
  }
  return false;
}

void ConnectionTable::Impl::end_silent(std::int64_t now, PacketRef at) {
  std::vector<Entry*> silent;
  for (const Stage stage : {Stage::ended, Stage::without_data, Stage::with_data}) {
    for (Entry* e = list(stage).front(); is_silent(e, patience(stage), now); e = e->next) {
      silent.push_back(e);
    }
  }
  std::ranges::sort(silent, {},
                    [](const Entry* e) { return std::tuple(e->last_active, e->connection.id()); });
  for (Entry* entry : silent) {
    end(*entry, EndReason::idle, now, at);
    forget(*entry);
  }
}

void ConnectionTable::Impl::make_room(std::int64_t now, PacketRef at) {
  while (!entries_.empty() && entries_.size() >= limits_.max_connections) {
    const auto longest = std::ranges::find_if(lists_, [](const auto& l) { return l.front() != nullptr; });
    Entry& entry = *longest->front();
    end(entry, EndReason::idle, now, at);
    forget(entry);
  }
}

void ConnectionTable::Impl::end(Entry& entry, EndReason reason, std::int64_t now, PacketRef at) {
  update(entry, [&](Connection& c) { c.end(reason, now, at); });
}

void ConnectionTable::Impl::forget(Entry& entry) {
  set_deadline(entry, kNever);
  list(entry.stage).remove(entry);
  if (latest_ == &entry) latest_ = nullptr;
  if (entry.other_key) by_other_key_.erase(*entry.other_key);
  if (entry.key->tunnel != 0) {
    const auto [first, last] = in_tunnels_.equal_range(entry.key->without_tunnel());
    in_tunnels_.erase(std::find_if(first, last, [&](const auto& each) { return each.second == &entry; }));
  }
  entries_.erase(entries_.find(*entry.key));
}

template <class Change>
void ConnectionTable::Impl::update(Entry& entry, Change change) {
  Connection& connection = entry.connection;
  const bool was_ended = connection.ended();
  buffered_ -= connection.held();
  change(connection);
  buffered_ += connection.held();
  if (connection.ended() && !was_ended && !connection.had_sink()) ++counters_.connections_without_data;
  set_deadline(entry, connection.deadline());
}

void ConnectionTable::Impl::set_deadline(Entry& entry, std::int64_t deadline) {
  if (entry.deadline == deadline) return;
  if (entry.deadline != kNever) timers_.erase(&entry);
  entry.deadline = deadline;
  if (entry.deadline != kNever) timers_.insert(&entry);
}

void ConnectionTable::Impl::touch(Entry& entry, std::int64_t now) {
  const Stage stage = entry.connection.ended()         ? Stage::ended
                      : entry.connection.has_payload() ? Stage::with_data
                                                       : Stage::without_data;
  entry.last_active = now;
  if (stage == entry.stage && list(stage).back() == &entry) return;
  list(entry.stage).remove(entry);
  entry.stage = stage;
  list(stage).push_back(entry);
}

std::int64_t ConnectionTable::Impl::patience(Stage stage) const {
  switch (stage) {
    case Stage::ended:
      return limits_.linger;
    case Stage::without_data:
      return limits_.idle_without_data;
    case Stage::with_data:
      break;
  }
  return limits_.idle;
}

}  // namespace tlspeel::tcp
