#include "transcript.hpp"

#include <algorithm>

namespace tlspeel::tls {
namespace {

Direction direction_of(Transcript::Mark mark) {
  using Mark = Transcript::Mark;
  const bool server = mark == Mark::server_hello_done_end || mark == Mark::server_finished_start ||
                      mark == Mark::server_finished_end;
  return server ? Direction::server : Direction::client;
}

Bytes join(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) append(out, part);
  return out;
}

}  // namespace

void Transcript::add(Direction direction, ByteView message) {
  Bytes& bytes = bytes_[index(direction)];
  if (!valid_) return;
  if (bytes.size() + message.size() > kMaxBytes) {
    invalidate();
    return;
  }
  append(bytes, message);
}

void Transcript::mark(Mark mark) {
  marks_[static_cast<std::size_t>(mark)] = bytes_[index(direction_of(mark))].size();
}

void Transcript::invalidate() {
  valid_ = false;
  bytes_ = {};
}

std::optional<Bytes> Transcript::through_client_key_exchange() const {
  const auto hello = at(Mark::client_hello_end);
  const auto done = at(Mark::server_hello_done_end);
  const auto exchange = at(Mark::client_key_exchange_end);
  if (!valid_ || !hello || !done || !exchange) return std::nullopt;
  return join({part(Direction::client, 0, *hello), part(Direction::server, 0, *done),
               part(Direction::client, *hello, *exchange)});
}

std::optional<Bytes> Transcript::before_finished(Direction sender, bool resumed) const {
  const auto hello = at(Mark::client_hello_end);
  const auto done = at(Mark::server_hello_done_end);
  const auto client_start = at(Mark::client_finished_start);
  const auto client_end = at(Mark::client_finished_end);
  const auto server_start = at(Mark::server_finished_start);
  const auto server_end = at(Mark::server_finished_end);
  if (!valid_ || !hello) return std::nullopt;
  const ByteView client_hello = part(Direction::client, 0, *hello);
  if (resumed) {
    const auto server_part = sender == Direction::server ? server_start : server_end;
    if (!server_part || (sender == Direction::client && !client_start)) return std::nullopt;
    // RFC 5246 section 7.4.9: in an abbreviated handshake the server's Finished comes first. The client may
    // still send NextProtocol.
    const ByteView client_part =
        sender == Direction::client ? part(Direction::client, *hello, *client_start) : ByteView{};
    return join({client_hello, part(Direction::server, 0, *server_part), client_part});
  }
  if (!done) return std::nullopt;
  const auto client_part = sender == Direction::client ? client_start : client_end;
  if (!client_part || (sender == Direction::server && !server_start)) return std::nullopt;
  const ByteView server_part =
      sender == Direction::server ? part(Direction::server, *done, *server_start) : ByteView{};
  return join({client_hello, part(Direction::server, 0, *done), part(Direction::client, *hello, *client_part),
               server_part});
}

ByteView Transcript::part(Direction direction, std::size_t from, std::size_t to) const {
  const ByteView all = bytes_[index(direction)];
  const std::size_t end = std::min(to, all.size());
  return from <= end ? all.subspan(from, end - from) : ByteView{};
}

}  // namespace tlspeel::tls
