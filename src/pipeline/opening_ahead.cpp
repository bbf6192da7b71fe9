#include "opening_ahead.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/crypto/error.hpp"

namespace tlspeel::pipeline {

bool OpeningAhead::wanted() {
  return asked_.exchange(false, std::memory_order_relaxed);
}

tls::RecordsAhead::Lead OpeningAhead::begin(const tls::AheadStart& start,
                                            std::unique_ptr<tls::AheadOpener> opener) {
  auto lead = std::make_shared<LeadState>();
  lead->start = start_at(start);
  lead->wanted = start.sequence;
  lead->original = std::move(opener);
  const std::lock_guard lock(mutex_);
  lead->number = ++last_lead_;
  lead->last_use = ++uses_;
  const auto age = [](const LeadPtr& each) { return each ? each->last_use : 0; };
  *std::ranges::min_element(leads_, {}, age) = lead;
  return lead->number;
}

bool OpeningAhead::again(Lead lead, const tls::AheadStart& start) {
  const std::lock_guard lock(mutex_);
  LeadPtr* const found = find(lead);
  if (found == nullptr) return false;
  (*found)->start = start_at(start);
  return true;
}

std::optional<tls::AheadOpener::Opened> OpeningAhead::take(Lead lead, std::uint64_t sequence,
                                                           const tls::RecordHeader& header, ByteView fragment,
                                                           Bytes& out) {
  const std::lock_guard lock(mutex_);
  LeadPtr* const found = find(lead);
  if (found == nullptr) return std::nullopt;
  LeadState& state = **found;
  state.last_use = ++uses_;
  state.wanted = sequence + 1;
  Entry& entry = state.entries[sequence % kRing];
  const bool ready = entry.state == Entry::State::ready && entry.sequence == sequence;
  if (!ready || entry.header != header || !std::ranges::equal(entry.fragment, fragment)) return std::nullopt;
  state.untaken = 0;
  entry.state = Entry::State::empty;
  std::swap(entry.content, out);
  return entry.opened;
}

void OpeningAhead::end(Lead lead) {
  const std::lock_guard lock(mutex_);
  if (LeadPtr* const found = find(lead)) found->reset();
}

bool OpeningAhead::step(const BatchWindow& batches) {
  asked_.store(true, std::memory_order_relaxed);
  Lock lock(mutex_);
  for (const LeadPtr& each : leads_) {
    const LeadPtr lead = each;  // it may end while the lock is not held
    if (lead && !lead->cutting && lead->untaken <= kMostUntaken && open_some(lock, *lead, batches)) {
      return true;
    }
  }
  return false;
}

OpeningAhead::LeadPtr* OpeningAhead::find(Lead lead) {
  const auto at =
      std::ranges::find_if(leads_, [&](const LeadPtr& each) { return each && each->number == lead; });
  return at == leads_.end() ? nullptr : &*at;
}

bool OpeningAhead::open_some(Lock& lock, LeadState& lead, const BatchWindow& batches) {
  lead.cutting = true;
  const Cut records = cut(lock, lead, batches);
  lead.cutting = false;
  if (!records.empty()) open(lock, lead, records);
  return !records.empty();
}

// Anew, where the walk is over or the worker has passed it.
void OpeningAhead::start(LeadState& lead, const BatchWindow& batches) {
  if (std::exchange(lead.broken, false)) lead.walk.reset();
  const auto start = std::exchange(lead.start, std::nullopt);
  if (!start || start->batch < batches.first()) return;
  if (lead.walk && lead.next > start->from.sequence) return;
  lead.walk.emplace(*start->in, *start->item, start->from.captured);
  lead.next = start->from.sequence;
}

OpeningAhead::Cut OpeningAhead::cut(Lock& lock, LeadState& lead, const BatchWindow& batches) {
  Cut records;
  start(lead, batches);
  while (lead.walk && records.size() < kAtOnce) {
    Entry* const entry = cut_next(lock, lead, batches);
    if (entry == nullptr) break;
    records.push_back(entry);
  }
  return records;
}

// Null: it is still to be read or there is no room for it, or the walk is over.
OpeningAhead::Entry* OpeningAhead::cut_next(Lock& lock, LeadState& lead, const BatchWindow& batches) {
  const auto too_near = [&] { return lead.next < lead.wanted + kMargin; };
  while (true) {
    Entry& entry = lead.entries[lead.next % kRing];
    const bool in_use = entry.state == Entry::State::opening ||
                        (entry.state == Entry::State::ready && entry.sequence >= lead.wanted);
    if (!too_near() && in_use) return nullptr;
    lock.unlock();
    const auto found = lead.walk->next(batches);
    lock.lock();
    if (lead.walk->over()) lead.walk.reset();
    if (!found) return nullptr;
    if (too_near()) {
      ++lead.next;
      continue;
    }
    entry.state = Entry::State::opening;
    entry.sequence = lead.next++;
    entry.header = found->header;
    lock.unlock();
    entry.fragment.clear();
    for (const ByteView piece : found->fragment) append(entry.fragment, piece);
    lock.lock();
    return &entry;
  }
}

void OpeningAhead::open(Lock& lock, LeadState& lead, const Cut& cut) {
  std::unique_ptr<tls::AheadOpener> opener;
  if (lead.spare.empty()) {
    opener = lead.original->twin();
  } else {
    opener = std::move(lead.spare.back());
    lead.spare.pop_back();
  }
  for (Entry* const entry : cut) {
    lock.unlock();
    std::optional<tls::AheadOpener::Opened> opened;
    try {
      if (opener) opened = opener->open(entry->sequence, entry->header, entry->fragment, entry->content);
    } catch (const crypto::CryptoError&) {
      // As one that does not verify: its connection will come to it, and say so.
    }
    lock.lock();
    entry->state = opened ? Entry::State::ready : Entry::State::empty;
    if (opened) entry->opened = *opened;
    lead.broken = lead.broken || !opened;
    ++lead.untaken;
  }
  if (opener) lead.spare.push_back(std::move(opener));
}

}  // namespace tlspeel::pipeline
