#include "transcript.hpp"

#include <algorithm>

namespace tlspeel::tls {
namespace {

Direction direction_of(Transcript::Mark mark) {
  using Mark = Transcript::Mark;
  const bool server = mark == Mark::retry_end || mark == Mark::server_hello_end ||
                      mark == Mark::server_hello_done_end || mark == Mark::server_finished_start ||
                      mark == Mark::server_finished_end;
  return server ? Direction::server : Direction::client;
}

Bytes join(std::initializer_list<ByteView> parts) {
  std::size_t size = 0;
  for (const ByteView part : parts) size += part.size();
  Bytes out;
  out.reserve(size);
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
  // A Finished mostly follows, if nothing else.
  constexpr std::size_t kMore = 64;
  if (bytes.empty()) bytes.reserve(message.size() + kMore);
  append(bytes, message);
}

void Transcript::mark(Mark mark) {
  marks_[static_cast<std::size_t>(mark)] =
      static_cast<std::uint32_t>(bytes_[index(direction_of(mark))].size());
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

std::optional<Bytes> Transcript::tls13(Tls13Point point, crypto::HashId hash) const {
  const auto first = at(Mark::first_client_hello_end);
  const auto hello = at(Mark::client_hello_end);
  const auto retry = at(Mark::retry_end);
  if (!valid_ || !first || !hello) return std::nullopt;
  if (point == Tls13Point::first_client_hello) return to_bytes(part(Direction::client, 0, *first));
  Bytes out;
  if (retry) {
    if (*hello <= *first) return std::nullopt;  // the second one is still to come
    const ByteView first_hello = part(Direction::client, 0, *first);
    if (keeps_first_hello_) {
      append(out, first_hello);
    } else {
      // RFC 8446 section 4.4.1: message_hash, a message that is never sent.
      const Bytes digest = crypto::hash(hash, {first_hello});
      out = {254, 0, 0, static_cast<std::uint8_t>(digest.size())};
      append(out, digest);
    }
    append(out, part(Direction::server, 0, *retry));
  } else {
    append(out, part(Direction::client, 0, *first));
  }
  append(out, part(Direction::client, *first, *hello));
  if (point == Tls13Point::client_hellos) return out;

  static constexpr std::array<Mark, 4> kServerEnds = {Mark::server_hello_end, Mark::server_finished_start,
                                                      Mark::server_finished_end, Mark::server_finished_end};
  const std::size_t step =
      static_cast<std::size_t>(point) - static_cast<std::size_t>(Tls13Point::server_hello);
  const auto server_end = at(kServerEnds[std::min(step, kServerEnds.size() - 1)]);
  if (!at(Mark::server_hello_end) || !server_end) return std::nullopt;
  append(out, part(Direction::server, retry.value_or(0), *server_end));
  if (point < Tls13Point::before_client_finished) return out;

  const auto client_end = at(point == Tls13Point::before_client_finished ? Mark::client_finished_start
                                                                         : Mark::client_finished_end);
  if (!client_end) return std::nullopt;
  append(out, part(Direction::client, *hello, *client_end));
  return out;
}

ByteView Transcript::part(Direction direction, std::size_t from, std::size_t to) const {
  const ByteView all = bytes_[index(direction)];
  const std::size_t end = std::min(to, all.size());
  return from <= end ? all.subspan(from, end - from) : ByteView{};
}

}  // namespace tlspeel::tls
