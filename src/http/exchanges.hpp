// Which response answers which request: in the order of the requests (RFC 9112 section 9.3), with what a
// capture loses in mind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tlspeel::http {

class Exchanges {
 public:
  enum class Method : std::uint8_t { other, head, connect };

  struct Answered {
    std::uint32_t exchange = 0;
    Method method = Method::other;
    std::string_view note;  // static text; usually empty
  };

  // A request line came; returns the number of its exchange. packet: of its first byte.
  std::uint32_t request(Method method, std::uint64_t packet);
  // A response's head came. interim: another response to the same request follows. What waited behind a hole
  // comes after requests that were sent later: where something was lost, it answers none of those.
  Answered response(bool interim, std::uint64_t packet);

  // An unknown number of responses (requests) was lost.
  void responses_lost();
  void requests_lost();
  // False: every request was captured and is answered, so that no response can begin now.
  bool response_may_come() const {
    return !all_requests_known_ || ended_ || gave_up_ || first_ != waiting_.size();
  }
  // No further response can be recognised: requests need not wait.
  void responses_ended();
  // So many requests wait that pairing was given up. True once.
  bool overflowed();

  // Clients pipeline a handful of requests; a capture that lacks the server's side must not keep one entry
  // for each request.
  static constexpr std::size_t kMaxWaiting = 65536;

 private:
  struct Waiting {
    std::uint32_t exchange = 0;
    std::uint64_t packet = 0;
    Method method = Method::other;
    bool captured = true;      // false: only an interim response of it was seen
    bool behind_lost = false;  // requests before it were lost and may still have been without a response
  };
  std::span<const Waiting> waiting() const { return std::span(waiting_).subspan(first_); }
  void put_in_front(const Waiting& interim);
  void drop_front(std::size_t count);
  std::size_t sent_before(std::uint64_t packet) const;
  void choose_after_loss(std::size_t sent);

  // A queue that holds next to no memory while nothing waits, as is the case in most connections.
  std::vector<Waiting> waiting_;
  std::size_t first_ = 0;  // of those that wait; what is before it was answered
  std::uint32_t last_ = 0;
  std::uint32_t last_before_loss_ = 0;
  bool lost_ = false;
  bool requests_lost_ = false;  // since the last response or request
  bool all_requests_known_ = true;
  bool ended_ = false;
  bool gave_up_ = false;
  bool told_ = false;
};

}  // namespace tlspeel::http
