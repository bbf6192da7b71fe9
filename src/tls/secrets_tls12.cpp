#include "secrets_tls12.hpp"

#include <algorithm>
#include <utility>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/base/thread_clock.hpp"
#include "tlspeel/tls/record.hpp"

#include "remembered_session.hpp"

namespace tlspeel::tls {
namespace {

using secrets::KeyLogLabel;
using Premasters = std::vector<Premaster>;

Premasters rsa_premasters(const HandshakeFacts& facts, const Environment& environment);
Premasters agreed_premasters(const HandshakeFacts& facts, const Environment& environment);
Premasters with_psks(const Premasters& others, const HandshakeFacts& facts, const secrets::Store& store);
Premasters psk_premasters(const HandshakeFacts& facts, const secrets::Store& store);
Premasters by_key_exchange(const HandshakeFacts& facts, const Environment& environment);

Candidate candidate_of(const secrets::SessionSecret& session) {
  return {
      {}, session.master.clone(), session.opened_with, session.secrets_used, session.extended_master_secret};
}

}  // namespace

std::optional<Candidate> logged_master(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  auto logged = store.logged(KeyLogLabel::client_random, facts.client->random, environment.current_packet);
  if (!logged && !facts.server->session_id.empty()) {
    logged = store.logged(KeyLogLabel::rsa_session_id, facts.server->session_id, environment.current_packet);
  }
  if (!logged) return std::nullopt;
  return Candidate{{}, std::move(logged->secret), logged->label, {logged->label}};
}

// RFC 5077 section 3.4: a client that offers a ticket makes up a session id, which the server echoes if it
// takes the ticket.
std::optional<KnownSession> resumed_session(const HandshakeFacts& facts, const Environment& environment) {
  const auto in_capture = [&](const Bytes& id) -> std::optional<KnownSession> {
    const auto session = remembered_session(environment, id);
    if (session == nullptr || session->version == kTls13) return std::nullopt;
    return KnownSession{candidate_of(*session), id};
  };
  auto known = in_capture(facts.client->ticket);
  if (!known) known = in_capture(facts.server->session_id);
  if (!known) known = session_in_ticket(*environment.store, facts.client->ticket);
  return known;
}

std::vector<Candidate> other_sessions(ByteView id, const SecretBytes& known_master,
                                      const Environment& environment) {
  std::vector<Candidate> others;
  for (const auto& session : environment.sessions->all(environment.current_packet, id)) {
    const bool same = std::ranges::equal(session->master.view(), known_master.view());
    if (!same && session->version != kTls13) others.push_back(candidate_of(*session));
  }
  return others;
}

std::optional<KnownSession> session_in_ticket(const secrets::Store& store, ByteView ticket) {
  if (ticket.empty() || store.ticket_keys().empty()) return std::nullopt;
  auto session = store.ticket_keys().open(ticket);
  if (!session || session->version == kTls13) return std::nullopt;
  return KnownSession{
      {{}, std::move(session->secret), session->label, {session->label}, session->extended_master_secret}};
}

Premasters find_premasters(const HandshakeFacts& facts, const Environment& environment) {
  Premasters found;
  if (auto logged = environment.store->logged(KeyLogLabel::pms_client_random, facts.client->random,
                                              environment.current_packet)) {
    found.push_back({std::move(logged->secret), logged->label, {logged->label}});
  }
  for (Premaster& each : by_key_exchange(facts, environment)) found.push_back(std::move(each));
  if (found.size() > kMaxCandidates) found.resize(kMaxCandidates + 1);
  return found;
}

namespace {

Premasters by_key_exchange(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  switch (facts.server->suite->key_exchange) {
    case KeyExchange::rsa:
    case KeyExchange::rsa_export:
      return rsa_premasters(facts, environment);
    case KeyExchange::rsa_psk:
      return with_psks(rsa_premasters(facts, environment), facts, store);
    case KeyExchange::dh:
    case KeyExchange::ecdh:
    case KeyExchange::dhe:
    case KeyExchange::dh_anon:
    case KeyExchange::ecdhe:
    case KeyExchange::ecdh_anon:
      return agreed_premasters(facts, environment);
    case KeyExchange::psk:
      return psk_premasters(facts, store);
    case KeyExchange::dhe_psk:
    case KeyExchange::ecdhe_psk:
      return with_psks(agreed_premasters(facts, environment), facts, store);
    case KeyExchange::unknown:
    case KeyExchange::null:
    case KeyExchange::srp:
    case KeyExchange::krb5:
    case KeyExchange::gost:
    case KeyExchange::eccpwd:
    case KeyExchange::fortezza:
    case KeyExchange::tls13:
      break;
  }
  return {};
}

bool version_fits(ByteView premaster, const HandshakeFacts& facts) {
  Reader r(premaster);
  const std::uint16_t version = r.u16();
  // RFC 5246 section 7.4.7.1: the version offered; some old clients put the negotiated one.
  return version == facts.client->version || version == facts.server->version;
}

// One operation of a private key, which costs more than all records of many a connection.
template <class Operation>
std::optional<SecretBytes> counted(const Environment& environment, Operation operation) {
  PrivateKeyUse unseen;
  PrivateKeyUse& use = environment.private_key_use != nullptr ? *environment.private_key_use : unseen;
  ++use.operations;
  const ThreadTimer timer(use.time);
  return operation();
}

std::optional<SecretBytes> decrypt(const crypto::PrivateKey& key, ByteView encrypted,
                                   const Environment& environment) {
  return counted(environment, [&] {
    auto ahead = environment.premasters_ahead != nullptr ? environment.premasters_ahead->take(key, encrypted)
                                                         : std::nullopt;
    return ahead ? *std::move(ahead) : key.decrypt_premaster(encrypted);
  });
}

Premasters rsa_premasters(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  Premasters found;
  constexpr std::size_t kIdSize = 8;  // of an RSA line: the first bytes of the encrypted premaster secret
  if (facts.encrypted_premaster.size() >= kIdSize) {
    const ByteView id = ByteView(facts.encrypted_premaster).first(kIdSize);
    if (auto logged = store.logged(KeyLogLabel::rsa, id, environment.current_packet)) {
      found.push_back({std::move(logged->secret), logged->label, {logged->label}});
      return found;
    }
  }
  // RFC 2246 section 7.4.3: with RSA_EXPORT a certificate key that is too long is replaced by a temporary
  // one.
  const bool temporary =
      facts.server->suite->key_exchange == KeyExchange::rsa_export && facts.server_key_exchange_seen;
  const Bytes spki = temporary ? Bytes() : facts.certificate_spki_sha256;
  for (const secrets::Store::Match& match : store.candidates(spki, facts.encrypted_premaster.size())) {
    auto premaster = decrypt(*match.key, facts.encrypted_premaster, environment);
    if (!premaster || (spki.empty() && !version_fits(premaster->view(), facts))) continue;
    found.push_back({*std::move(premaster), match.label, {match.label}});
  }
  return found;
}

// RFC 5246 section 8.1.2: leading zero bytes of a finite field's result are left out; RFC 8422 section 5.10:
// those of a curve's are not.
SecretBytes as_premaster(SecretBytes agreed, KeyExchange key_exchange) {
  const bool finite_field = key_exchange == KeyExchange::dh || key_exchange == KeyExchange::dhe ||
                            key_exchange == KeyExchange::dh_anon || key_exchange == KeyExchange::dhe_psk;
  if (!finite_field) return agreed;
  const ByteView all = agreed.view();
  const auto first = std::ranges::find_if(all, [](std::uint8_t byte) { return byte != 0; });
  return SecretBytes(all.subspan(static_cast<std::size_t>(first - all.begin())));
}

// The private half of either side's value is enough; in fixed (EC)DH the server's is that of its certificate.
Premasters agreed_premasters(const HandshakeFacts& facts, const Environment& environment) {
  const secrets::Store& store = *environment.store;
  Premasters found;
  const auto add = [&](const std::optional<secrets::Store::Match>& own, const Bytes& peer) {
    if (!own || peer.empty() || !found.empty()) return;
    auto agreed = counted(environment, [&] { return own->key->agree(peer); });
    if (!agreed) return;
    found.push_back(
        {as_premaster(*std::move(agreed), facts.server->suite->key_exchange), own->label, {own->label}});
  };
  const KeyExchange key_exchange = facts.server->suite->key_exchange;
  if (key_exchange == KeyExchange::dh || key_exchange == KeyExchange::ecdh) {
    add(store.key_of_certificate(facts.certificate_spki_sha256), facts.client_public);
  } else {
    add(store.key_of_public(facts.server_public), facts.client_public);
  }
  add(store.key_of_public(facts.client_public), facts.server_public);
  return found;
}

// RFC 4279 section 2: struct { opaque other_secret<0..2^16-1>; opaque psk<0..2^16-1>; }
SecretBytes psk_premaster(ByteView other_secret, ByteView psk) {
  SecretBytes out(2 + other_secret.size() + 2 + psk.size());
  auto room = out.mutable_view();
  for (const ByteView part : {other_secret, psk}) {
    room[0] = static_cast<std::uint8_t>(part.size() >> 8);
    room[1] = static_cast<std::uint8_t>(part.size());
    std::ranges::copy(part, room.subspan(2).begin());
    room = room.subspan(2 + part.size());
  }
  return out;
}

// DHE_PSK, ECDHE_PSK and RSA_PSK need both.
Premasters with_psks(const Premasters& others, const HandshakeFacts& facts, const secrets::Store& store) {
  Premasters found;
  if (others.empty()) return found;
  for (const secrets::Psk* psk : store.psks().of(facts.psk_identity)) {
    for (const Premaster& other : others) {
      Premaster both{psk_premaster(other.secret.view(), psk->key.view()),
                     psk->label + " and " + other.opened_with,
                     {psk->label}};
      both.secrets_used.insert(both.secrets_used.end(), other.secrets_used.begin(), other.secrets_used.end());
      found.push_back(std::move(both));
    }
  }
  return found;
}

// RFC 4279 section 2: for plain PSK the other secret is as many zeros as the key has bytes.
Premasters psk_premasters(const HandshakeFacts& facts, const secrets::Store& store) {
  Premasters found;
  for (const secrets::Psk* psk : store.psks().of(facts.psk_identity)) {
    const SecretBytes zeros(psk->key.size());
    found.push_back({psk_premaster(zeros.view(), psk->key.view()), psk->label, {psk->label}});
  }
  return found;
}

}  // namespace
}  // namespace tlspeel::tls
