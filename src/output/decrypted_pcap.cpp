#include "tlspeel/output/decrypted_pcap.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"
#include "tlspeel/output/pcapng_blocks.hpp"

#include "output/tcp_frame.hpp"
#include "output/time_window.hpp"

namespace tlspeel::output {
namespace {

constexpr std::uint16_t kEthernet = 1;  // LINKTYPE_ETHERNET: there is no reader without it
constexpr std::size_t kMostComment = 400;

// Those of one pair of ends that follow one another begin elsewhere, so that readers tell them apart.
std::uint32_t first_sequence(std::uint64_t connection, Direction direction) {
  const auto spread = static_cast<std::uint32_t>(connection * 0x9e3779b1U);
  return direction == Direction::client ? spread : ~spread;
}

std::string about(std::uint64_t number, const event::ConnectionStart& start) {
  std::string text = fmt::format("tlspeel: what was inside TLS in connection #{}", number);
  if (start.inside != 0) text += fmt::format("; it was inside connection #{}", start.inside);
  if (!start.tunnel.empty()) text += "; in " + start.tunnel;
  if (!start.start_captured) text += "; the capture begins in the middle of it";
  return text;
}

}  // namespace

DecryptedPcap::DecryptedPcap(ByteSink& sink, PortMap server_ports)
    : sink_(sink),
      server_ports_(std::move(server_ports)),
      window_(std::make_unique<TimeWindow>(sink, kHeld)) {
  std::string head;
  pcapng::append_section(head);
  pcapng::append_interface(head, kEthernet, "what was inside TLS, put into TCP by tlspeel");
  sink_.write(head);
}

DecryptedPcap::~DecryptedPcap() = default;

void DecryptedPcap::write(const event::Placed& placed) {
  if (const auto* const begins = std::get_if<event::ConnectionStart>(&placed.event)) {
    start(placed.connection, *begins);
    return;
  }
  Connection* const connection = find(placed.connection);
  if (connection == nullptr) return;
  const std::int64_t time = placed.at.time_ns;
  if (const auto* const plaintext = std::get_if<event::Plaintext>(&placed.event)) {
    if (!connection->over && !plaintext->data.empty()) data(*connection, time, *plaintext);
  } else if (const auto* const hole = std::get_if<event::PlaintextGap>(&placed.event)) {
    if (!connection->over) gap(*connection, time, *hole);
  } else if (const auto* const last = std::get_if<event::ConnectionEnd>(&placed.event)) {
    end(*connection, time, last->tcp_end);
    connections_.erase(placed.connection);
  }
}

void DecryptedPcap::flush() {
  window_->empty();
  sink_.flush();
}

DecryptedPcap::Connection* DecryptedPcap::find(std::uint64_t number) {
  const auto found = connections_.find(number);
  return found == connections_.end() ? nullptr : &found->second;
}

void DecryptedPcap::start(std::uint64_t number, const event::ConnectionStart& start) {
  Connection& connection = connections_[number];
  connection.number = number;
  connection.inside = start.inside;
  connection.first_ns = start.first.time_ns;
  connection.about = about(number, start);
  connection.sides[index(Direction::client)].endpoint = start.client;
  connection.sides[index(Direction::server)].endpoint = start.server;
  auto& port = connection.sides[index(Direction::server)].endpoint.port;
  if (const auto mapped = server_ports_.find(port); mapped != server_ports_.end()) port = mapped->second;
  for (const Direction each : {Direction::client, Direction::server})
    connection.sides[index(each)].next = first_sequence(number, each) + 1;
}

// With its first byte: those that stay closed are not in the file.
void DecryptedPcap::begin(Connection& connection, std::int64_t time_ns) {
  if (std::exchange(connection.begun, true)) return;
  Connection* const outer = find(connection.inside);
  if (outer != nullptr) end(*outer, time_ns, event::TcpEnd::fin);
  take_ends(connection);
  const bool early = outer == nullptr && connection.first_ns < time_ns;
  connection.last_ns = early ? connection.first_ns : time_ns;
  // A hole may have moved the numbers of the sides on already.
  const std::uint32_t client = first_sequence(connection.number, Direction::client);
  const std::uint32_t server = first_sequence(connection.number, Direction::server);
  put(connection, {Direction::client, TcpFrame::kSyn, client, 0}, {}, connection.about);
  put(connection, {Direction::server, TcpFrame::kSyn | TcpFrame::kAck, server, client + 1}, {}, {});
  put(connection, {Direction::client, TcpFrame::kAck, client + 1, server + 1}, {}, {});
}

void DecryptedPcap::take_ends(Connection& connection) {
  Endpoint& client = connection.sides[index(Direction::client)].endpoint;
  const Endpoint& server = connection.sides[index(Direction::server)].endpoint;
  const std::uint16_t port = client.port;
  while (!ends_in_use_.emplace(client, server).second) {
    // All of them: whatever it is, it is no traffic.
    if (++client.port == port) break;
  }
  if (client.port != port)
    connection.about += fmt::format("; its client's port was {}, which another one has just now", port);
}

void DecryptedPcap::data(Connection& connection, std::int64_t time_ns, const event::Plaintext& plaintext) {
  begin(connection, time_ns);
  connection.last_ns = std::max(connection.last_ns, time_ns);
  for (ByteView rest = plaintext.data; !rest.empty();) {
    const ByteView part = rest.first(std::min(rest.size(), TcpFrame::kMostPayload));
    rest = rest.subspan(part.size());
    const std::uint8_t push = rest.empty() ? TcpFrame::kPsh : 0;
    send(connection, plaintext.direction, TcpFrame::kAck | push, part);
  }
  answer_if_due(connection, plaintext.direction);
}

void DecryptedPcap::gap(Connection& connection, std::int64_t time_ns, const event::PlaintextGap& gap) {
  Side& side = connection.sides[index(gap.direction)];
  const std::uint64_t length = gap.hole.length.value_or(0);
  const bool kept = gap.hole.length && length <= kMostSkipped;
  if (kept && length == 0) return;
  const std::uint32_t skipped = kept ? static_cast<std::uint32_t>(length) : 1;
  side.next += skipped;
  side.unanswered += skipped;
  if (side.comment.size() < kMostComment) {
    side.comment += side.comment.empty() ? "tlspeel: before this " : ", then ";
    side.comment += gap.hole.length ? fmt::format("{}{} missing", event::exactness(gap.hole),
                                                  length == 1 ? "1 byte is" : grouped(length) + " bytes are")
                                    : "bytes are missing, nobody knows how many";
  }
  if (!connection.begun) return;
  connection.last_ns = std::max(connection.last_ns, time_ns);
  answer_if_due(connection, gap.direction);
}

void DecryptedPcap::end(Connection& connection, std::int64_t time_ns, event::TcpEnd how) {
  if (std::exchange(connection.over, true) || !connection.begun) return;
  ends_in_use_.erase({connection.sides[index(Direction::client)].endpoint,
                      connection.sides[index(Direction::server)].endpoint});
  connection.last_ns = std::max(connection.last_ns, time_ns);
  if (how == event::TcpEnd::reset) {
    send(connection, Direction::client, TcpFrame::kRst | TcpFrame::kAck);
  } else if (how == event::TcpEnd::fin) {
    send(connection, Direction::client, TcpFrame::kFin | TcpFrame::kAck);
    send(connection, Direction::server, TcpFrame::kFin | TcpFrame::kAck);
    send(connection, Direction::client, TcpFrame::kAck);
  }
}

void DecryptedPcap::answer_if_due(Connection& connection, Direction from) {
  if (connection.sides[index(from)].unanswered >= kMostUnanswered)
    send(connection, other(from), TcpFrame::kAck);
}

// What the other side has sent is acknowledged, bytes that were not captured, too.
void DecryptedPcap::send(Connection& connection, Direction from, std::uint8_t flags, ByteView payload) {
  Side& side = connection.sides[index(from)];
  Side& peer = connection.sides[index(other(from))];
  put(connection, {from, flags, side.next, peer.next}, payload, std::exchange(side.comment, {}));
  side.next += static_cast<std::uint32_t>(payload.size()) + ((flags & TcpFrame::kFin) != 0 ? 1U : 0U);
  side.unanswered += payload.size();
  peer.unanswered = 0;
}

void DecryptedPcap::put(const Connection& connection, const Segment& segment, ByteView payload,
                        std::string_view comment) {
  const std::string frame = TcpFrame{connection.sides[index(segment.from)].endpoint,
                                     connection.sides[index(other(segment.from))].endpoint,
                                     segment.from == Direction::client,
                                     segment.sequence,
                                     segment.acknowledged,
                                     segment.flags,
                                     payload}
                                .bytes();
  std::string record;
  pcapng::append_packet(record, {0, connection.last_ns, static_cast<std::uint32_t>(frame.size())},
                        as_bytes(frame), comment);
  window_->add(connection.last_ns, std::move(record));
}

}  // namespace tlspeel::output
