#include "certificate_check.hpp"

#include <memory>
#include <utility>

#include "tlspeel/crypto/chain_check.hpp"

namespace tlspeel::cli {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

}  // namespace

Result<output::CheckChain> check_by_system() {
  auto trusted = crypto::ChainCheck::of_system();
  if (!trusted) return tl::unexpected<Error>(trusted.error());
  const auto check = std::make_shared<const crypto::ChainCheck>(*std::move(trusted));
  return [check](const output::ShownChain& shown) {
    crypto::ChainQuestion question;
    for (const event::CertificateEntry& each : shown.certificates)
      question.chain.emplace_back(each.certificate.der);
    question.of_client = shown.from == Direction::client;
    question.host = shown.server_name;
    question.seconds_of_1970 = shown.time_ns / kNanoseconds;
    return check->verdict(question);
  };
}

}  // namespace tlspeel::cli
