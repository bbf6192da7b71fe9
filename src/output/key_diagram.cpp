#include "output/key_diagram.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "output/message_summary.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {

namespace {

constexpr std::string_view kArrow = "        |\n        v\n";
constexpr std::size_t kSecondColumn = 34;
constexpr std::size_t kThirdColumn = 58;

// Three cells of a line; empty cells leave no trailing blanks.
void append_row(std::string& out, std::string_view first, std::string_view second, std::string_view third) {
  std::string line(5, ' ');
  line += first;
  if (!second.empty()) {
    line.resize(std::max(line.size() + 1, kSecondColumn), ' ');
    line += second;
  }
  if (!third.empty()) {
    line.resize(std::max(line.size() + 1, kThirdColumn), ' ');
    line += third;
  }
  out += line;
  out += '\n';
}

std::string_view premaster_state(const StoryFacts& facts) {
  if (facts.premaster_recovered) return "known here";
  if (facts.exchange == Exchange::rsa) return facts.keys ? "not needed here" : "not known here";
  return facts.exchange == Exchange::unknown ? "not known here" : "never on the wire";
}

std::string_view master_state(const StoryFacts& facts) {
  return facts.keys ? "known here" : "not known here";
}

std::string prf_text(const StoryFacts& facts) {
  if (facts.version.value == kSsl30) return "MD5 and SHA-1 as SSL 3.0 mixes them";
  if (!facts.prf.empty()) return fmt::format("PRF ({})", facts.prf);
  if (facts.version.value < kTls12) return "PRF (MD5/SHA-1)";
  // RFC 5246 section 5: SHA-256, unless the suite says otherwise.
  return facts.cipher_suite.name.ends_with("_SHA384") ? "PRF (SHA384)" : "PRF (SHA256)";
}

void append_derivation(std::string& out, const StoryFacts& facts, std::string_view label,
                       std::string_view seed) {
  // SSL 3.0 has no labels: 'A', 'BB', 'CCC' take their place (RFC 6101 section 6.1).
  if (facts.version.value == kSsl30) {
    append_format(out, "     {}, with {}\n", prf_text(facts), seed);
  } else {
    append_format(out, "     {}, label \"{}\", with {}\n", prf_text(facts), label, seed);
  }
}

void append_premaster(std::string& out, const StoryFacts& facts) {
  const bool sized = facts.exchange == Exchange::rsa;
  if (facts.extended_master_secret) {
    append_row(out, "premaster secret", "handshake messages so far", "");
    append_row(out, sized ? "48 bytes" : "agreed by both", "their hash", "");
  } else {
    append_row(out, "premaster secret", "client random", "server random");
    append_row(out, sized ? "48 bytes" : "agreed by both", short_hex(facts.client_random),
               short_hex(facts.server_random));
  }
  append_row(out, premaster_state(facts), "  |", facts.extended_master_secret ? "" : "  |");
  append_row(out, "   |", "  |", facts.extended_master_secret ? "" : "  |");
  out += facts.extended_master_secret ? "        +---------------------------+\n"
                                      : "        +---------------------------+-----------------------+\n";
  out += kArrow;
  if (facts.extended_master_secret) {
    append_derivation(out, facts, "extended master secret", "that hash");
  } else {
    append_derivation(out, facts, "master secret", "client random + server random");
  }
  out += kArrow;
}

std::vector<KeyPart> parts_of(const StoryFacts& facts) {
  if (facts.secrets == nullptr) return key_block_parts(facts.bulk_cipher, facts.mac, facts.version.value);
  std::vector<KeyPart> parts;
  for (const auto& [name, secret] : facts.secrets->key_block) parts.push_back({name, secret.size()});
  return parts;
}

void append_key_block(std::string& out, const StoryFacts& facts) {
  const std::vector<KeyPart> parts = parts_of(facts);
  if (parts.empty()) {
    out +=
        "     key block: a MAC key, an encryption key and an IV for each direction,\n"
        "        as far as the cipher suite needs them\n";
    return;
  }
  std::size_t total = 0;
  for (const KeyPart& part : parts) total += part.size;
  append_format(out, "     key block, {}, cut into\n", size_text(total));
  for (const KeyPart& part : parts) append_format(out, "        {:<22} {:>3} bytes\n", part.name, part.size);
}

// RFC 8446 section 7.1.
void append_tls13(std::string& out, const StoryFacts& facts) {
  const std::string hkdf(facts.prf.empty() ? "HKDF" : facts.prf);
  append_format(out, "     pre-shared key ({})\n", facts.psk ? "never on the wire" : "none: zeros instead");
  out += kArrow;
  append_format(out, "     {}: early secret\n", hkdf);
  if (facts.early_data_offered)
    out += "        |---> with the hash of the ClientHello: the client's key for early data\n";
  out += "        |\n";
  append_format(out, "        |<--- shared secret of both key shares ({})\n",
                facts.group.empty() ? "none: zeros instead" : "never on the wire");
  out += "        v\n";
  append_format(out, "     {}: handshake secret\n", hkdf);
  out += "        |---> with the hash of both hellos: keys for the rest of the handshake\n";
  append_format(out, "              (client random {},\n               server random {})\n",
                short_hex(facts.client_random), short_hex(facts.server_random));
  out += kArrow;
  append_format(out, "     {}: master secret\n", hkdf);
  out += "        |---> with the hash of all messages up to the server's Finished:\n";
  out += "              keys for the application data\n";
  if (!facts.ticket_given) return;
  out += "        |---> with the hash of all messages up to the client's Finished:\n";
  out += "              pre-shared keys of the tickets, for sessions to come\n";
}

struct Size {
  std::string_view name;
  std::size_t bytes;
};

std::optional<std::size_t> size_by_prefix(std::string_view name, std::span<const Size> sizes) {
  for (const Size& size : sizes) {
    if (name.starts_with(size.name)) return size.bytes;
  }
  return std::nullopt;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '-') c = '_';
  }
  return out;
}

}  // namespace

void append_key_diagram(std::string& out, const StoryFacts& facts) {
  if (facts.tls13()) {
    append_tls13(out, facts);
    return;
  }
  if (facts.resumed) {
    append_format(out, "     master secret of the earlier session, 48 bytes ({})\n", master_state(facts));
  } else {
    append_premaster(out, facts);
    append_format(out, "     master secret, 48 bytes ({})\n", master_state(facts));
  }
  out += kArrow;
  append_derivation(out, facts, "key expansion", "server random + client random");
  if (facts.resumed || facts.extended_master_secret) {
    append_format(out, "        server random {}, client random {}\n", short_hex(facts.server_random),
                  short_hex(facts.client_random));
  }
  out += kArrow;
  append_key_block(out, facts);
}

std::vector<KeyPart> key_block_parts(std::string_view bulk_cipher, std::string_view mac,
                                     std::uint32_t version) {
  // RFC 5246 appendix C, RFC 5288, RFC 6655, RFC 7905: bytes of key, and of what each direction keeps of an
  // IV.
  static constexpr std::array kKeys{Size{"NULL", 0},          Size{"RC4_128", 16},      Size{"3DES", 24},
                                    Size{"TDES", 24},         Size{"DES_CBC", 8},       Size{"IDEA", 16},
                                    Size{"SEED", 16},         Size{"AES_128", 16},      Size{"AES_256", 32},
                                    Size{"CAMELLIA_128", 16}, Size{"CAMELLIA_256", 32}, Size{"ARIA_128", 16},
                                    Size{"ARIA_256", 32},     Size{"CHACHA20", 32}};
  static constexpr std::array kSmallBlocks{Size{"3DES", 8}, Size{"TDES", 8}, Size{"DES_CBC", 8},
                                           Size{"IDEA", 8}};
  static constexpr std::array kMacs{Size{"AEAD", 0},    Size{"NULL", 0},    Size{"MD5", 16},
                                    Size{"SHA256", 32}, Size{"SHA384", 48}, Size{"SHA512", 64},
                                    Size{"SHA", 20}};
  static constexpr std::size_t kAeadSalt = 4;
  static constexpr std::size_t kChachaIv = 12;
  static constexpr std::uint32_t kTls11 = 0x0302;

  const std::string cipher = upper(bulk_cipher);
  const auto key = size_by_prefix(cipher, kKeys);
  const auto mac_key = size_by_prefix(upper(mac), kMacs);
  if (!key || !mac_key) return {};
  std::size_t iv = 0;
  if (cipher.starts_with("CHACHA20")) {
    iv = cipher.ends_with("DRAFT") ? 0 : kChachaIv;
  } else if (cipher.find("GCM") != std::string::npos || cipher.find("CCM") != std::string::npos) {
    iv = kAeadSalt;
  } else if (cipher.find("CBC") != std::string::npos && version < kTls11) {
    // From TLS 1.1 on every CBC record brings its own IV.
    iv = size_by_prefix(cipher, kSmallBlocks).value_or(16);
  }
  std::vector<KeyPart> parts{{"client_write_MAC_key", *mac_key},
                             {"server_write_MAC_key", *mac_key},
                             {"client_write_key", *key},
                             {"server_write_key", *key},
                             {"client_write_IV", iv},
                             {"server_write_IV", iv}};
  std::erase_if(parts, [](const KeyPart& part) { return part.size == 0; });
  return parts;
}

}  // namespace tlspeel::output
