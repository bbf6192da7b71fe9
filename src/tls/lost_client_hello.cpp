#include "lost_client_hello.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tlspeel/crypto/bulk_table.hpp"

#include "record_opener.hpp"

namespace tlspeel::tls {
namespace {

using secrets::KeyLogLabel;
using secrets::Store;

// Without a MAC a record proves nothing.
bool proves_keys(const CipherSuite& suite) {
  return crypto::is_aead(suite.bulk) || suite.mac != crypto::HashId::none;
}

// RFC 5246 section 7.4.1.4: a server answers only what the client offered.
ClientHelloFacts client_that_got(const ServerHelloFacts& server) {
  ClientHelloFacts out;
  out.extended_master_secret = server.extended_master_secret;
  out.truncated_hmac = server.truncated_hmac;
  return out;
}

struct Line {
  KeyLogLabel label = KeyLogLabel::client_random;
  Store::LoggedOf logged;
};

// At most most + 1 of each label, which tells that there are others.
std::vector<Line> lines_for(const ServerHelloFacts& server, const Environment& environment,
                            std::size_t most) {
  std::vector<Line> out;
  const auto add = [&](KeyLogLabel label) {
    for (Store::LoggedOf& each :
         environment.store->all_logged(label, {}, environment.current_packet, most + 1)) {
      out.push_back({label, std::move(each)});
    }
  };
  add(KeyLogLabel::client_random);
  if (!server.extended_master_secret) add(KeyLogLabel::pms_client_random);
  return out;
}

Candidate candidate_of(const Line& line, const HandshakeFacts& facts) {
  Candidate out;
  if (line.label == KeyLogLabel::client_random) {
    out.master = line.logged.secret.clone();
  } else {
    out.premaster = line.logged.secret.clone();
    out.master = master_secret(agreed_parameters(facts), out.premaster.view(),
                               {facts.client->random, facts.server->random});
  }
  return out;
}

bool opens(const FoundKeys& keys, Direction direction, const RecordHeader& header, ByteView fragment) {
  const auto opener = make_record_opener(keys.parameters, keys.keys[index(direction)]);
  Bytes out;
  return opener && opener->open(0, header, fragment, out);
}

}  // namespace

std::optional<LostClientHello::Found> LostClientHello::try_record(const HandshakeFacts& facts,
                                                                  const Environment& environment,
                                                                  Direction direction,
                                                                  const RecordHeader& header,
                                                                  ByteView fragment) {
  unsigned& tried = records_[index(direction)];
  if (header.type != kHandshake || fragment.size() > kMaxFragment || tried == kMaxRecords)
    return std::nullopt;
  if (!proves_keys(*facts.server->suite)) return std::nullopt;
  ++tried;
  HandshakeFacts assumed = facts;
  assumed.client = client_that_got(*facts.server);
  std::array<std::size_t, secrets::kKeyLogLabels> lines{};
  for (const Line& line : lines_for(*facts.server, environment, kMaxLines)) {
    if (++lines[static_cast<std::size_t>(line.label)] > kMaxLines) {
      cut_ = true;
      continue;
    }
    assumed.client->random = line.logged.id;
    FoundKeys keys = keys_of_master(assumed, candidate_of(line, assumed));
    if (!opens(keys, direction, header, fragment)) continue;
    if (auto logged = environment.store->logged(line.label, line.logged.id, environment.current_packet)) {
      keys.secret.opened_with = logged->label;
      keys.secret.secrets_used = {logged->label};
    }
    return Found{*std::move(assumed.client), std::move(keys)};
  }
  return std::nullopt;
}

std::string LostClientHello::outcome() const {
  if (records_[0] == 0 && records_[1] == 0) return {};
  return cut_ ? fmt::format("none of the first {} master secrets of the key logs opens it", kMaxLines)
              : "no master secret of the key logs opens it";
}

}  // namespace tlspeel::tls
