#include "tls13_reader.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/crypto/bulk_table.hpp"

namespace tlspeel::tls {
namespace {

Epoch epoch_at(std::size_t position) {
  return static_cast<Epoch>(position);
}

}  // namespace

void Tls13Reader::give(Epoch epoch, std::vector<Key> keys) {
  Stage& to = stage(epoch);
  to.to_come = false;
  to.proven = false;
  to.candidates.clear();
  for (Key& key : keys) to.candidates.push_back({std::move(key), std::nullopt});
}

void Tls13Reader::enter(Epoch epoch) {
  if (epoch <= current_) return;
  // What is over is never needed again.
  for (Epoch each = current_; each < epoch; each = epoch_at(static_cast<std::size_t>(each) + 1)) {
    stage(each) = Stage();
  }
  current_ = epoch;
  sequence_ = 0;
}

void Tls13Reader::update(Key key) {
  std::vector<Key> keys;
  keys.push_back(std::move(key));
  enter(Epoch::application);
  give(Epoch::application, std::move(keys));
  sequence_ = 0;
}

Tls13Reader::Opened Tls13Reader::open(const RecordHeader& header, ByteView fragment, Bytes& out) {
  Opened opened;
  const bool keyed = !stage(current_).candidates.empty();
  bool more_to_come = false;
  for (auto position = static_cast<std::size_t>(current_); position < kEpochs; ++position) {
    const Epoch epoch = epoch_at(position);
    Stage& tried = stages_[position];
    more_to_come = more_to_come || tried.to_come;
    const std::uint64_t sequence = epoch == current_ ? sequence_ : 0;
    ParseError error;
    const auto inner = try_stage(tried, sequence, header, fragment, out, error);
    if (epoch == current_) opened.error = error;
    if (!inner) continue;
    enter(epoch);
    sequence_ = sequence + 1;
    opened.outcome = Outcome::opened;
    opened.inner = *inner;
    opened.first = !std::exchange(tried.proven, true);
    return opened;
  }
  if (more_to_come) {
    opened.outcome = Outcome::waiting;
    return opened;
  }
  opened.outcome = keyed ? Outcome::failed : Outcome::missing;
  opened.proven = stage(current_).proven;
  // RFC 8446 section 5.3: the damaged record had a number, too.
  if (keyed) ++sequence_;
  return opened;
}

Tls13Opener* Tls13Reader::proven_opener() {
  Stage& now = stage(current_);
  if (!now.proven || now.candidates.size() != 1) return nullptr;
  auto& opener = now.candidates.front().opener;
  return opener ? &*opener : nullptr;
}

Tls13Reader::Opened Tls13Reader::opened_elsewhere(const InnerPlaintext& inner) {
  ++sequence_;
  Opened opened;
  opened.outcome = Outcome::opened;
  opened.inner = inner;
  return opened;
}

std::optional<Tls13Reader::OpenedBehind> Tls13Reader::open_behind(const Passed& passed,
                                                                  const RecordHeader& header,
                                                                  ByteView fragment, Bytes& out,
                                                                  TrialBudget& budget) {
  const bool none_lost = passed.known == 0 && passed.unknown.most() == 0;
  RecordCounts counts = passed.unknown;
  ParseError error;
  if (has(current_)) {
    while (const auto count = counts.next()) {
      if (!budget.spend(fragment.size())) return std::nullopt;
      const std::uint64_t lost = passed.known + *count;
      const auto inner = try_stage(stage(current_), sequence_ + lost, header, fragment, out, error);
      if (!inner) continue;
      sequence_ += lost + 1;
      OpenedBehind found = opened_behind(*inner);
      found.lost = lost;
      return found;
    }
  }
  const std::uint64_t most = std::min(passed.known + passed.unknown.most(), RecordCounts::kMost);
  for (auto later = static_cast<std::size_t>(current_) + 1; later < kEpochs; ++later) {
    if (const auto inner = search_later(epoch_at(later), most, header, fragment, out, budget)) {
      return opened_behind(*inner);
    }
  }
  if (none_lost) return std::nullopt;
  const auto inner = search_updated(most, header, fragment, out, budget);
  if (!inner) return std::nullopt;
  OpenedBehind found = opened_behind(*inner);
  found.updated = true;
  return found;
}

Tls13Reader::OpenedBehind Tls13Reader::opened_behind(const InnerPlaintext& inner) {
  OpenedBehind out;
  out.opened.outcome = Outcome::opened;
  out.opened.inner = inner;
  out.opened.first = !std::exchange(stage(current_).proven, true);
  return out;
}

// The epoch ended among the records that are missing.
std::optional<InnerPlaintext> Tls13Reader::search_later(Epoch epoch, std::uint64_t most,
                                                        const RecordHeader& header, ByteView fragment,
                                                        Bytes& out, TrialBudget& budget) {
  if (!has(epoch)) return std::nullopt;
  ParseError error;
  for (std::uint64_t sequence = 0; sequence <= most; ++sequence) {
    if (!budget.spend(fragment.size())) return std::nullopt;
    const auto inner = try_stage(stage(epoch), sequence, header, fragment, out, error);
    if (!inner) continue;
    enter(epoch);
    sequence_ = sequence + 1;
    return inner;
  }
  return std::nullopt;
}

// RFC 8446 section 4.6.3: behind a KeyUpdate numbers begin at 0 under the next key.
std::optional<InnerPlaintext> Tls13Reader::search_updated(std::uint64_t most, const RecordHeader& header,
                                                          ByteView fragment, Bytes& out,
                                                          TrialBudget& budget) {
  Stage& application = stage(Epoch::application);
  if (current_ != Epoch::application || application.candidates.size() != 1) return std::nullopt;
  const Key& key = application.candidates.front().key;
  Key next{key.parameters, next_traffic_secret(key.parameters, key.traffic_secret.view())};
  Tls13Opener opener(next.parameters, next.traffic_secret.view());
  for (std::uint64_t sequence = 0; sequence <= most; ++sequence) {
    if (!budget.spend(fragment.size())) return std::nullopt;
    const auto inner = opener.open(sequence, header, fragment, out);
    if (!inner) continue;
    update(std::move(next));
    sequence_ = sequence + 1;
    return *inner;
  }
  return std::nullopt;
}

std::optional<RecordOverhead> Tls13Reader::overhead() const {
  for (const Stage& each : stages_) {
    if (each.candidates.empty()) continue;
    const crypto::BulkId bulk = each.candidates.front().key.parameters.suite->bulk;
    return RecordOverhead{std::size_t{1} + crypto::bulk_info(bulk).tag_size, 0};
  }
  return std::nullopt;
}

std::optional<InnerPlaintext> Tls13Reader::try_stage(Stage& stage, std::uint64_t sequence,
                                                     const RecordHeader& header, ByteView fragment,
                                                     Bytes& out, ParseError& error) {
  for (std::size_t i = 0; i < stage.candidates.size(); ++i) {
    Candidate& candidate = stage.candidates[i];
    if (!candidate.opener) {
      candidate.opener.emplace(candidate.key.parameters, candidate.key.traffic_secret.view());
    }
    const auto inner = candidate.opener->open(sequence, header, fragment, out);
    if (!inner) {
      error = inner.error();
      continue;
    }
    if (stage.candidates.size() > 1) {
      Candidate proven = std::move(candidate);
      stage.candidates.clear();
      stage.candidates.push_back(std::move(proven));
    }
    return *inner;
  }
  return std::nullopt;
}

}  // namespace tlspeel::tls
