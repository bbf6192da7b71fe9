#include "output/exchange_verdict.hpp"

#include "output/exchange_url.hpp"

namespace tlspeel::output {
namespace {

bool request_fits(const Choice& choice, const event::HttpMessage& request, std::string_view server_name,
                  const Endpoint& server) {
  if (!choice.takes_method(request.method)) return false;
  if (!choice.hosts.empty() && !choice.takes_host(request_host(request, server_name, server))) return false;
  return !choice.url || choice.url->found_in(request_url(request, server_name, server));
}

}  // namespace

void ExchangeVerdict::learn(const Choice& choice, const event::HttpMessage& message,
                            std::string_view server_name, const Endpoint& server) {
  constexpr unsigned kSwitchingProtocols = 101;
  if (message.request) {
    request_ = true;
    connect_ = message.method == "CONNECT";
    misfit_ = misfit_ || !request_fits(choice, message, server_name, server);
  } else if (!message.interim) {
    response_ = true;
    misfit_ = misfit_ || !choice.takes_status(message.status);
    // RFC 9110 sections 9.3.6 and 15.2.2: what follows is not HTTP.
    switched_ = message.status == kSwitchingProtocols || (connect_ && message.status / 100 == 2);
  }
  found_ = found_ || choice.finds_in(message);
}

Verdict ExchangeVerdict::verdict(const Choice& choice, bool nothing_follows) const {
  if (misfit_) return Verdict::left_out;
  const bool fits = (request_ || !choice.of_requests()) && (response_ || choice.statuses.empty()) &&
                    (found_ || !choice.grep);
  if (fits) return Verdict::chosen;
  return over() || nothing_follows ? Verdict::left_out : Verdict::open;
}

}  // namespace tlspeel::output
