#include "late_start.hpp"

#include <utility>
#include <vector>

#include "tlspeel/crypto/bulk_table.hpp"

#include "open_tls13.hpp"

namespace tlspeel::tls {
namespace {

using secrets::KeyLogLabel;
using secrets::Store;

struct Stage {
  Epoch epoch;
  std::array<KeyLogLabel, 2> labels;  // by Direction
};
constexpr std::array<Stage, 2> kStages = {{
    {Epoch::application, {KeyLogLabel::client_traffic_secret_0, KeyLogLabel::server_traffic_secret_0}},
    {Epoch::handshake,
     {KeyLogLabel::client_handshake_traffic_secret, KeyLogLabel::server_handshake_traffic_secret}},
}};

// RFC 8446 appendix B.4; the first one is by far the most used of those with SHA-256.
constexpr std::array<std::uint16_t, 5> kSuites = {0x1301, 0x1302, 0x1303, 0x1304, 0x1305};

struct Trial {
  Epoch epoch = Epoch::application;
  const CipherSuite* suite = nullptr;
  Bytes client_random;
  Tls13Opener opener;
};

Tls13Parameters parameters_of(const CipherSuite& suite) {
  return tls13_parameters(suite, kTls13);
}

void add_trials(std::vector<Trial>& trials, Epoch epoch, const Store::LoggedOf& logged,
                const CipherSuite* known) {
  for (const std::uint16_t id : kSuites) {
    const CipherSuite* suite = find_cipher_suite(id);
    if (suite == nullptr || (known != nullptr && known != suite)) continue;
    if (crypto::hash_size(hkdf_hash(*suite)) != logged.secret.size()) continue;
    if (!crypto::bulk_available(suite->bulk)) continue;
    trials.push_back({epoch, suite, logged.id, Tls13Opener(parameters_of(*suite), logged.secret.view())});
  }
}

Tls13Secrets secrets_of(const Store& store, std::uint64_t packet, const CipherSuite& suite, ByteView random) {
  Tls13Secrets out;
  out.parameters = parameters_of(suite);
  out.key_exchange = "not captured";
  for (const Stage& stage : kStages) {
    for (const Direction direction : {Direction::client, Direction::server}) {
      auto logged = store.logged(stage.labels[index(direction)], random, packet);
      if (!logged) continue;
      auto& to = stage.epoch == Epoch::application ? out.application : out.handshake;
      to[index(direction)] = std::move(logged->secret);
      if (out.opened_with.empty()) {
        out.opened_with = logged->label;
        out.secrets_used.push_back(logged->label);
      }
    }
  }
  return out;
}

}  // namespace

std::optional<LateStart::Found> LateStart::try_record(const Store& store, std::uint64_t packet,
                                                      Direction direction, ByteView client_random,
                                                      const CipherSuite* suite, const Record& record,
                                                      Bytes& scratch) {
  Lane& lane = lanes_[index(direction)];
  if (record.header.type != kApplicationData || record.header.version != kTls12) return std::nullopt;
  if (lane.records == kMaxRecords) return std::nullopt;
  TrialBudget& budget = lane.trials[lane.records++];
  std::vector<Trial> trials;
  for (const Stage& stage : kStages) {
    for (const Store::LoggedOf& each :
         store.all_logged(stage.labels[index(direction)], client_random, packet, kMaxSecrets)) {
      add_trials(trials, stage.epoch, each, suite);
    }
  }
  for (std::uint64_t sequence = 0; !trials.empty(); ++sequence) {
    for (Trial& each : trials) {
      if (!budget.spend(record.fragment.size())) return std::nullopt;
      if (!each.opener.open(sequence, record.header, record.fragment, scratch)) continue;
      return Found{secrets_of(store, packet, *each.suite, each.client_random), each.client_random, each.epoch,
                   sequence};
    }
  }
  return std::nullopt;
}

}  // namespace tlspeel::tls
