#include "tls13_reader.hpp"

#include <utility>

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
