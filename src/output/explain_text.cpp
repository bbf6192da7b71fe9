#include "output/explain_text.hpp"

#include "tlspeel/output/safe_text.hpp"

#include "output/text_format.hpp"

namespace tlspeel::output {

namespace {

std::string text_of_agree(const StoryFacts& facts) {
  std::string text =
      "The client says which versions and cipher suites it can do and adds 32 random bytes. The server "
      "chooses one of each and adds random bytes of its own.";
  if (facts.resumed) text += " Here it takes up an earlier session, which makes the way shorter.";
  if (!facts.server_hello) text += " Here no ServerHello was seen.";
  return text;
}

// RFC 8446 section 2.
std::string text_of_agree_tls13(const StoryFacts& facts) {
  std::string text =
      "The client says which versions and cipher suites it can do and adds 32 random bytes. The server "
      "chooses one of each and adds random bytes of its own.";
  if (facts.hello_retry) text += " Here the server first asked for another ClientHello (HelloRetryRequest).";
  if (!facts.group.empty()) {
    text += fmt::format(
        " In key_share both send the public half of a key pair that they made for this connection alone "
        "(group {}); from their own private half and the other's public one both compute the same "
        "shared secret, which itself never travels.",
        facts.group);
  }
  if (facts.psk) {
    text +=
        " The server takes a pre-shared key that the client offers: one of an earlier session, or one that "
        "both were given.";
    text += facts.group.empty() ? " All keys come from it alone." : " It goes into the keys as well.";
  }
  if (facts.early_data_offered) {
    text +=
        " The client does not wait for the answer but sends early data at once, under a key that comes "
        "from the pre-shared key alone.";
  }
  return text + (facts.server_hello ? " Everything after the ServerHello is encrypted."
                                    : " Here no ServerHello was seen.");
}

std::string text_of_extensions(const StoryFacts& facts) {
  std::string text =
      "EncryptedExtensions answers what else the client asked for, such as the application protocol.";
  if (facts.client_certificate_asked_for) text += " CertificateRequest asks the client for a certificate.";
  if (facts.encrypted_extensions) return text;
  text += facts.keys ? " The secret of these records is not known here."
                     : " Without the secrets it cannot be seen here.";
  if (facts.records_closed) {
    text += facts.psk
                ? " The records that were not opened hold it and the server's Finished."
                : " The records that were not opened hold it, the server's certificate and its Finished.";
  }
  return text;
}

std::string text_of_server_tls13(const StoryFacts& facts) {
  if (facts.psk && !facts.certificate)
    return "Skipped: only who knows the pre-shared key can send the right Finished.";
  std::string text =
      "The server sends its certificate: a public key with names on it, signed by an issuer whom the client "
      "trusts. CertificateVerify is a signature over the handshake so far: with it the server proves that it "
      "owns the private key as well.";
  if (!facts.certificate && facts.records_closed) text += " Both are in the records that were not opened.";
  if (facts.client_certificate_asked_for)
    text += " The client answers in the same way, after the server's Finished.";
  return text;
}

std::string text_of_server(const StoryFacts& facts) {
  if (facts.resumed) return "Skipped: the server was authenticated when the session began.";
  if (facts.suite_has("_anon_"))
    return "The server sends no certificate: this cipher suite does not authenticate it at all.";
  if (!facts.certificate && facts.suite_has("PSK_"))
    return "The server sends no certificate: that it knows the pre-shared key proves who it is, in step 3.";
  if (!facts.certificate && facts.exchange == Exchange::other)
    return "The server sends no certificate: what proves who it is lies in step 3.";
  std::string text =
      "The server sends its certificate: a public key with names on it, signed by an issuer whom the client "
      "trusts.";
  switch (facts.exchange) {
    case Exchange::rsa:
      return text +
             " That the server owns the private key as well, it proves in step 3: only then can it decrypt "
             "what comes.";
    case Exchange::fixed_dh:
      return text +
             " That the server owns the private key as well, it proves in step 3: only then can it compute "
             "the premaster secret.";
    case Exchange::ephemeral:
      return text +
             " That it owns the private key as well, it proves by signing its part of the key exchange in "
             "step 3.";
    case Exchange::psk:
    case Exchange::tls13:
    case Exchange::unknown:
    case Exchange::other:
      break;
  }
  return text;
}

std::string text_of_authenticate(const StoryFacts& facts) {
  if (facts.tls13()) return text_of_server_tls13(facts);
  std::string text = text_of_server(facts);
  if (facts.client_certificate_asked_for) {
    text +=
        " It also asks the client for a certificate; with CertificateVerify the client proves that it owns "
        "the key.";
  }
  return text;
}

std::string text_of_rsa(const StoryFacts& facts) {
  std::string text =
      "The client makes up a premaster secret and sends it, encrypted to the RSA key of the certificate. "
      "Whoever has the private key can read it";
  if (facts.premaster_recovered) return text + ": the server, and you.";
  if (!facts.keys) return text + ": the server, and you once you give it (--key).";
  return text + ". Here that was not necessary: the master secret is known from elsewhere.";
}

std::string text_of_ephemeral(const StoryFacts& facts) {
  std::string text =
      "Both sides make a key pair for this connection alone and send each other the public half; both "
      "compute "
      "the same premaster secret, which itself never travels.";
  if (facts.suite_has("PSK_")) text += " The pre-shared key goes into it as well.";
  if (facts.certificate) text += " The server's key only signs.";
  return text;
}

std::string text_of_keys(const StoryFacts& facts) {
  if (facts.resumed) {
    std::string text =
        "Nothing needs to be exchanged: both sides still have the master secret of the session.";
    if (facts.ticket_offered)
      text += " Where the client came with a ticket, the server has it from there: only it can decrypt that.";
    return text + " New random bytes make new keys of it.";
  }
  switch (facts.exchange) {
    case Exchange::rsa:
      return text_of_rsa(facts);
    case Exchange::ephemeral:
      return text_of_ephemeral(facts);
    case Exchange::fixed_dh:
      return "The server's certificate holds a Diffie-Hellman key. The client makes a key pair and sends the "
             "public half; both compute the same premaster secret, which itself never travels. Whoever has "
             "the certificate's private key can compute it as well.";
    case Exchange::psk:
      return fmt::format(
          "Both have a pre-shared key, and the client says which one. The premaster secret is made of it{}; "
          "the key itself never travels. Whoever knows {} can open the connection.",
          facts.suite_has("RSA_PSK_") ? " and of random bytes that it sends encrypted to the server's RSA key"
                                      : "",
          facts.suite_has("RSA_PSK_") ? "it and has the server's private key" : "it");
    case Exchange::tls13:
    case Exchange::unknown:
    case Exchange::other:
      break;
  }
  return "Both sides come to the same premaster secret.";
}

std::string text_of_checks(const StoryFacts& facts) {
  if (facts.verified_client || facts.verified_server) {
    const bool bad = facts.verified_client == false || facts.verified_server == false;
    const bool both = facts.verified_client == true && facts.verified_server == true;
    return bad    ? " Here it did NOT match."
           : both ? " Both were computed again here and match."
                  : " One was computed again here and matches.";
  }
  if (facts.tls13() && facts.records_closed)
    return " Here it is in the records that were not opened: without their secrets it cannot be checked.";
  if (facts.keys) return "";
  return facts.finished_closed ? " Here it is what EncryptedHandshake holds: without the keys it cannot be "
                                 "checked."
                               : " Without the keys it cannot be checked here.";
}

std::string text_of_verify(const StoryFacts& facts) {
  std::string text;
  if (!facts.tls13()) text = "ChangeCipherSpec says that everything from here on is encrypted. ";
  text += facts.tls13() ? "Finished carries" : "Finished, the first encrypted message, carries";
  text += " a check value over all messages so far, so that nobody can have changed them on the way.";
  text += text_of_checks(facts);
  if (facts.early_data_accepted == true)
    text += " The server took the early data; EndOfEarlyData ends it, and the client's Finished follows.";
  if (facts.early_data_accepted == false)
    text += " The server refused the early data: it skips what the client sent too soon.";
  return text;
}

std::string what_protects(const StoryFacts& facts) {
  if (facts.bulk_cipher.empty()) return "";
  if (facts.bulk_cipher == "NULL") {
    return fmt::format(" The data is not encrypted at all, a MAC of {} protects it against forgery.",
                       facts.mac);
  }
  if (facts.mac == "AEAD")
    return fmt::format(" {} encrypts the data, and protects it against forgery as well.", facts.bulk_cipher);
  return fmt::format(" {} encrypts the data, a MAC of {} protects it against forgery.", facts.bulk_cipher,
                     facts.mac);
}

}  // namespace

std::string_view step_title(Step step, bool tls13) {
  switch (step) {
    case Step::agree:
      return tls13 ? "Agree on algorithms and keys" : "Agree on algorithms";
    case Step::extensions:
      return "Agree on the rest, encrypted";
    case Step::authenticate:
      return "Authenticate the server";
    case Step::keys:
      return "Establish the keys";
    case Step::verify:
      return "Verify";
  }
  return "";
}

std::string step_text(const StoryFacts& facts, Step step) {
  switch (step) {
    case Step::agree:
      return facts.tls13() ? text_of_agree_tls13(facts) : text_of_agree(facts);
    case Step::extensions:
      return text_of_extensions(facts);
    case Step::authenticate:
      return text_of_authenticate(facts);
    case Step::keys:
      return text_of_keys(facts);
    case Step::verify:
      return text_of_verify(facts);
  }
  return "";
}

std::string keys_result(const StoryFacts& facts) {
  if (facts.keys) return fmt::format("Opened with {}.", safe_line(facts.opened_with)) + what_protects(facts);
  const bool ephemeral =
      (facts.exchange == Exchange::ephemeral && !facts.resumed) || (facts.tls13() && !facts.group.empty());
  if (ephemeral) {
    return "A recorded connection stays closed even to those who get hold of the server's private key later. "
           "This is called forward secrecy. Only its secrets themselves open it, as client or server can "
           "write them into a key log (--keylog).";
  }
  if (facts.tls13() || facts.exchange == Exchange::psk)
    return "Without the pre-shared key everything below stays closed.";
  return facts.resumed ? "Without that master secret everything below stays closed."
                       : "Without the premaster secret everything below stays closed.";
}

}  // namespace tlspeel::output
