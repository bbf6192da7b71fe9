// Whether one exchange is among the chosen ones, as far as its messages have come. A value; one thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "tlspeel/event/event.hpp"
#include "tlspeel/output/choice.hpp"

namespace tlspeel::output {

enum class Verdict : std::uint8_t { open, chosen, left_out };

class ExchangeVerdict {
 public:
  void learn(const Choice& choice, const event::HttpMessage& message, std::string_view server_name,
             const Endpoint& server);
  // What --grep looks for stands in what followed the exchange in its connection.
  void found() { found_ = true; }

  // nothing_follows: what is missing of the exchange counts as not fitting.
  Verdict verdict(const Choice& choice, bool nothing_follows) const;
  // Request and response are there, and HTTP goes on behind them.
  bool over() const { return request_ && response_ && !switched_; }
  bool begun() const { return request_ || response_; }

 private:
  bool request_ = false;   // was seen, and fits or misfit_ is set
  bool response_ = false;  // a final one
  bool misfit_ = false;
  bool found_ = false;
  bool connect_ = false;
  bool switched_ = false;
};

}  // namespace tlspeel::output
