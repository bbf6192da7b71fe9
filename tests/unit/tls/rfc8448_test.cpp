// The traces of RFC 8448 (testdata/vectors/rfc8448), step by step: each secret out of those before it, each
// Finished and binder out of the transcript, and each protected record opened to its payload.
#include <algorithm>
#include <fstream>
#include <list>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tlspeel/base/hex.hpp"
#include "tlspeel/crypto/digest.hpp"

#include "tls/open_tls13.hpp"
#include "tls/tls13_schedule.hpp"

namespace tlspeel::tls {
namespace {

using Step = std::map<std::string, std::string>;

std::vector<Step> read_trace(const std::string& name) {
  std::ifstream file(TLSPEEL_TESTDATA "/vectors/rfc8448/" + name + ".txt");
  std::vector<Step> steps(1);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() && !steps.back().empty()) steps.emplace_back();
    const std::size_t equals = line.find(" = ");
    if (line.rfind('#', 0) != 0 && equals != std::string::npos)
      steps.back()[line.substr(0, equals)] = line.substr(equals + 3);
  }
  if (steps.back().empty()) steps.pop_back();
  return steps;
}

enum HandshakeType : std::uint8_t {
  kClientHello = 1,
  kServerHello = 2,
  kNewSessionTicket = 4,
  kMessageHash = 254,
};

// A traffic secret of either side, and how many records it has opened.
struct Generation {
  Tls13Opener opener;
  std::uint64_t sequence = 0;
};

class Trace {
 public:
  void replay(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      step_ = &step;
      SCOPED_TRACE(text("step") + " of the " + text("by"));
      if (text("step") == "message") message();
      if (text("step") == "record") record();
      if (text("step") == "extract") extract();
      if (text("step") == "derive") derive();
      if (text("step") == "traffic_keys") keys();
      if (text("step") == "finished") expect("finished", verify_data(transcript_hash()));
      if (text("step") == "binder") expect("finished", verify_data(bytes("hash_of_prefix")));
      if (text("step") == "resumption") {
        expect("expanded", to_bytes(resumption_psk(parameters_, bytes("prk"), bytes("hash")).view()));
      }
    }
  }
  unsigned opened() const { return opened_; }

 private:
  std::string text(const std::string& name) const {
    const auto found = step_->find(name);
    return found == step_->end() ? std::string() : found->second;
  }
  Bytes bytes(const std::string& name) const { return from_hex(text(name)).value_or(Bytes()); }

  void expect(const std::string& name, const Bytes& found) const {
    EXPECT_EQ(to_hex(found), text(name)) << name;
  }

  // A ClientHello comes with its record, for it lacks its binders when it is constructed.
  void message() {
    const Bytes body = bytes("message");
    if (body.at(0) == kClientHello || body.at(0) == kNewSessionTicket) return;
    if (is_retry(body)) {
      // RFC 8446 section 4.4.1: a hash takes the place of the first ClientHello.
      const Bytes digest = transcript_hash();
      transcript_ = {kMessageHash, 0, 0, static_cast<std::uint8_t>(digest.size())};
      append(transcript_, digest);
    }
    append(transcript_, body);
  }

  static bool is_retry(const Bytes& body) {
    constexpr std::size_t kRandom = 6;  // after type, length and version
    const Bytes random = *from_hex("cf21ad74e59a6111be1d8c021e65b891");
    return body.at(0) == kServerHello && std::equal(random.begin(), random.end(), body.begin() + kRandom);
  }

  void record() {
    const Bytes whole = bytes("record");
    if (whole.at(0) == kApplicationData) {
      open(whole);
      return;
    }
    const Bytes payload = bytes("payload");
    EXPECT_TRUE(std::equal(payload.begin(), payload.end(), whole.begin() + kRecordHeaderSize, whole.end()));
    if (whole.at(0) == kHandshake && payload.at(0) == kClientHello) append(transcript_, payload);
  }

  void open(const Bytes& whole) {
    const RecordHeader header{whole[0], kTls12, static_cast<std::uint16_t>(whole.size() - kRecordHeaderSize)};
    Bytes out;
    for (Generation& generation : generations_) {
      const auto inner = generation.opener.open(generation.sequence, header,
                                                ByteView(whole).subspan(kRecordHeaderSize), out);
      if (!inner) continue;
      ++generation.sequence;
      ++opened_;
      expect("payload", to_bytes(inner->content));
      const std::map<std::string, int> types{
          {"alert", kAlert}, {"handshake", kHandshake}, {"application_data", kApplicationData}};
      EXPECT_EQ(inner->type, types.at(text("content_type")));
      return;
    }
    ADD_FAILURE() << "no secret opens " << text("record");
  }

  void extract() {
    if (text("name") == "early") secret_ = early_secret(parameters_, bytes("ikm"));
    if (text("name") == "handshake") secret_ = handshake_secret(parameters_, secret_.view(), bytes("ikm"));
    if (text("name") == "master") secret_ = master_secret(parameters_, secret_.view());
    expect("secret", to_bytes(secret_.view()));
  }

  void derive() {
    const SecretBytes derived = derive_secret(parameters_, bytes("prk"), text("label"), bytes("hash"));
    expect("expanded", to_bytes(derived.view()));
    if (text("label") != "derived") expect("hash", transcript_hash());
  }

  void keys() {
    const DirectionKeys keys = traffic_keys(parameters_, bytes("prk"));
    expect("key", to_bytes(keys.key.view()));
    expect("iv", to_bytes(keys.iv.view()));
    generations_.push_back({Tls13Opener(parameters_, bytes("prk"))});
  }

  Bytes verify_data(const Bytes& hash) { return finished_verify_data(parameters_, bytes("prk"), hash); }
  Bytes transcript_hash() const { return crypto::hash(parameters_.hash, {ByteView(transcript_)}); }

  Tls13Parameters parameters_ = tls13_parameters(*find_cipher_suite(0x1301), kTls13);
  const Step* step_ = nullptr;
  SecretBytes secret_;
  Bytes transcript_;
  std::list<Generation> generations_;
  unsigned opened_ = 0;
};

struct Expected {
  const char* name;
  unsigned records;  // protected ones
};

void PrintTo(const Expected& trace, std::ostream* os) {
  *os << trace.name;
}

class Rfc8448 : public testing::TestWithParam<Expected> {};

TEST_P(Rfc8448, EveryStep) {
  Trace trace;
  trace.replay(read_trace(GetParam().name));
  EXPECT_EQ(trace.opened(), GetParam().records);
}

INSTANTIATE_TEST_SUITE_P(Traces, Rfc8448,
                         testing::Values(Expected{"simple", 7}, Expected{"resumed_0rtt", 8},
                                         Expected{"hello_retry_request", 4},
                                         Expected{"client_authentication", 4}, Expected{"compatibility", 4}),
                         [](const auto& trace) { return std::string(trace.param.name); });

}  // namespace
}  // namespace tlspeel::tls
