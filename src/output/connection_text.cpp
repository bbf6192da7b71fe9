#include "output/connection_text.hpp"

#include <algorithm>

#include "tlspeel/output/safe_text.hpp"

#include "output/http_text.hpp"
#include "output/message_detail.hpp"
#include "output/message_summary.hpp"
#include "output/notices.hpp"
#include "output/web_socket_text.hpp"

namespace tlspeel::output {

namespace {

// Between the parts of a heading, on one line or on two.
constexpr std::string_view kPartGap = "   ";
constexpr std::string_view kPartBreak = "\n    ";

constexpr std::uint32_t kFatal = 2;
constexpr std::uint32_t kNoRenegotiation = 100;

std::string no_response_text(const event::ConnectionEnd& end) {
  const event::DirectionCounts& server = end.counts[index(Direction::server)];
  if (server.records_closed == 0) return "[no response in the capture]";
  return fmt::format("[no response was opened: {} of the server stayed closed]",
                     size_text(server.closed_bytes));
}

}  // namespace

ConnectionText::ConnectionText(const TextOptions& options, std::uint64_t number,
                               const event::ConnectionStart& start, PacketRef at)
    : options_(&options),
      number_(number),
      start_ns_(at.time_ns),
      client_(start.client),
      server_(start.server),
      inside_(start.inside) {
  if (!start.start_captured)
    add_notice(at, Ink::warning, "the capture begins in the middle of this connection");
  if (!start.tunnel.empty()) add_notice(at, Ink::plain, fmt::format("in a tunnel: {}", start.tunnel));
}

void ConnectionText::add(PacketRef at, const event::Event& event) {
  std::visit([&](const auto& value) { on(at, value); }, event);
}

std::string ConnectionText::heading(bool continued) const {
  std::string suite;
  if (version_) append_name(suite, *version_, 4);
  if (version_ && cipher_suite_) {
    suite += "  ";
    append_name(suite, *cipher_suite_, 4);
  }
  std::string out;
  std::size_t column = 0;
  const auto part = [&](Ink ink, std::string_view text) {
    if (text.empty()) return;
    const std::size_t width = display_width(text);
    const bool fits = options_->width == 0 || column + kPartGap.size() + width <= options_->width;
    if (column != 0) {
      out += fits ? kPartGap : kPartBreak;
      column = fits ? column + kPartGap.size() : kPartBreak.size() - 1;
    }
    append_inked(out, options_->color, ink, text);
    column += width;
  };
  part(Ink::heading, fmt::format("#{}  {} -> {}", number_, client_.to_string(), server_.to_string()));
  if (inside_ != 0) part(Ink::heading, fmt::format("inside #{}", inside_));
  part(Ink::heading, suite);
  const auto [ink, text] = status();
  part(ink, text);
  if (continued) part(Ink::plain, "continued");
  out += '\n';
  return out;
}

std::pair<Ink, std::string> ConnectionText::status() const {
  if (outcome_ == event::ConnectionOutcome::no_data && !cause_ && refusal_.made())
    return {Ink::bad, fmt::format("handshake failed ({})", *refusal_)};
  return heading_status(outcome_, cause_, opened_with_);
}

std::list<Block> ConnectionText::take_complete() {
  std::list<Block> taken;
  if (options_->order == Order::time) {
    taken.swap(ready_);
    return taken;
  }
  for (auto block = waiting_.begin(); block != waiting_.end();) {
    const auto next = std::next(block);
    if (block->complete) {
      waiting_bytes_ -= block->lines.text().size();
      taken.splice(taken.end(), waiting_, block);
    }
    block = next;
  }
  return taken;
}

std::list<Block> ConnectionText::take_all() {
  end_handshake();
  exchanges_.reset();
  std::list<Block> taken;
  taken.swap(ready_);
  taken.splice(taken.end(), waiting_);
  waiting_bytes_ = 0;
  return taken;
}

void ConnectionText::on(PacketRef at, const event::TlsMessage& message) {
  const auto* const handshake = std::get_if<event::Handshake>(&message.body);
  const auto* const hello =
      handshake == nullptr ? nullptr : std::get_if<event::ServerHello>(&handshake->body);
  // RFC 5246 section 7.3: the server answers with the session id that it takes up. In TLS 1.3 the echo means
  // nothing; there it is the pre-shared key that says so (RFC 8446 section 4.2.11).
  const bool resumed =
      hello != nullptr && (is_tls13(hello->selected_version)
                               ? find_extension(hello->extensions, kPreSharedKey) != nullptr
                               : !hello->session_id.empty() && hello->session_id == offered_session_id_);
  learn(message);
  if (!options_->show_handshake) return;

  // A hello opens a handshake; what comes outside of one (alerts, tickets, closed records) stands for itself.
  const bool opens = handshake != nullptr &&
                     (std::holds_alternative<event::ClientHello>(handshake->body) ||
                      std::holds_alternative<event::HelloRequest>(handshake->body) || hello != nullptr);
  const auto block = opens ? open_handshake(at) : handshake_ ? *handshake_ : begin_block(BlockKind::line, at);
  if (story_) story_->add(at, message, resumed);
  if (!story_ || options_->verbose) {
    append_to(block, [&](Lines& lines) {
      lines.message(at, message.direction, message_name(message), message_summary(message, resumed),
                    message_ink(message));
      if (options_->verbose) append_message_detail(lines, at, message);
    });
  }
  if (block->kind == BlockKind::line) complete(block);
}

void ConnectionText::on(PacketRef at, const event::KeysEstablished& keys) {
  version_ = keys.version;
  cipher_suite_ = keys.cipher_suite;
  opened_with_ = keys.opened_with;
  if (story_) story_->add(keys);
  const bool secrets = options_->show_secrets && keys.secrets != nullptr;
  if (!options_->show_handshake || (!options_->verbose && !secrets) || (story_ && !options_->verbose)) return;
  const auto block = handshake_ ? *handshake_ : begin_block(BlockKind::line, at);
  append_to(block, [&](Lines& lines) { append_keys(lines, at, keys); });
  if (block->kind == BlockKind::line) complete(block);
}

void ConnectionText::on(PacketRef at, const event::SecretsRecovered& secrets) {
  // They are there for --keylog-out as well.
  if (!options_->show_secrets || !options_->show_handshake) return;
  if (story_) story_->add(secrets);
  if (story_ && !options_->verbose) return;
  const auto block = handshake_ ? *handshake_ : begin_block(BlockKind::line, at);
  append_to(block, [&](Lines& lines) {
    lines.begin(at);
    lines.inked(Ink::good, "secrets in use, as a key log has them");
    lines.out() += '\n';
    append_key_log(lines, secrets);
  });
  if (block->kind == BlockKind::line) complete(block);
}

void ConnectionText::on(PacketRef at, const event::Closed& closed) {
  if (!closed.direction) cause_ = closed.cause;
  handshake_explained_ = true;
  if (story_) story_->add(closed);
  add_notice(at, Ink::warning, closed_text(at, closed), remedy_text(closed));
}

void ConnectionText::on(PacketRef at, const event::HandshakeEnd& end) {
  const bool unexplained = !end.complete && !handshake_explained_;
  if (story_) story_->set_complete(!unexplained);
  if (handshake_ && unexplained && !story_) {
    append_to(*handshake_, [&](Lines& lines) {
      lines.note(fmt::format("the end of the handshake was not seen (packet {})", at.number), Ink::warning);
    });
  }
  end_handshake();
}

void ConnectionText::on(PacketRef at, const event::StreamGap& gap) {
  // A capture with losses has thousands.
  constexpr std::uint64_t kTold = 8;
  if (++gaps_->all <= kTold || options_->verbose) {
    add_notice(at, Ink::bad, gap_text(at, gap));
  } else {
    ++gaps_->not_told;
    gaps_->bytes_not_told += gap.length;
  }
}

void ConnectionText::on(PacketRef at, const event::Resumed& resumed) {
  if (options_->verbose) add_notice(at, Ink::plain, resumed_text(at, resumed));
}

void ConnectionText::on(PacketRef at, const event::Problem& problem) {
  add_notice(at, Ink::bad, problem_text(at, problem));
}

void ConnectionText::on(PacketRef /*at*/, const event::HttpMessage& message) {
  if (!options_->show_http) return;
  auto found = exchanges_->find(message.exchange);
  if (found == exchanges_->end()) {
    const auto block = begin_block(BlockKind::exchange, message.first);
    found = exchanges_->emplace(message.exchange, block).first;
  }
  const auto block = found->second;
  append_to(block, [&](Lines& lines) {
    if (!lines.text().empty()) lines.out() += '\n';
    append_http_message(lines, message);
  });
  if (!message.request && !message.interim) {
    exchanges_->erase(found);
    if (exchanges_->empty()) exchanges_.reset();
    complete(block);
  }
}

void ConnectionText::on(PacketRef at, const event::HttpGoaway& goaway) {
  if (options_->show_http) add_notice(at, Ink::plain, goaway_text(at, goaway));
}

void ConnectionText::on(PacketRef at, const event::HttpFrame& frame) {
  // They may be there for somebody else.
  if (options_->show_http && options_->verbose) add_notice(at, Ink::faint, http_frame_text(at, frame));
}

void ConnectionText::on(PacketRef /*at*/, const event::WebSocketMessage& message) {
  if (!options_->show_http) return;
  const auto block = begin_block(BlockKind::opaque, message.first);
  append_to(block, [&](Lines& lines) { append_web_socket(lines, message); });
  complete(block);
}

void ConnectionText::on(PacketRef /*at*/, const event::OpaqueData& data) {
  if (!options_->show_http) return;
  const auto block = begin_block(BlockKind::opaque, data.first);
  append_to(block, [&](Lines& lines) { append_opaque(lines, data); });
  complete(block);
}

void ConnectionText::on(PacketRef /*at*/, const event::ClearText& text) {
  if (!options_->show_http) return;
  const auto block = begin_block(BlockKind::opaque, text.first);
  append_to(block, [&](Lines& lines) { append_clear_text(lines, text); });
  complete(block);
}

void ConnectionText::on(PacketRef at, const event::ConnectionEnd& end) {
  end_handshake();
  if (gaps_.made() && gaps_->not_told != 0) {
    std::string more;
    append_counted(more, gaps_->not_told, "more hole");
    add_notice(at, Ink::bad,
               fmt::format("{} with {} not in the capture", more, size_text(gaps_->bytes_not_told)));
  }
  outcome_ = end.outcome;
  if (end.cause) cause_ = end.cause;
  if (end.version.value != 0) {
    version_ = end.version;
    cipher_suite_ = end.cipher_suite;
  }
  if (std::string with = opened_with_text(end); !with.empty()) opened_with_ = std::move(with);
  // In the order in which the exchanges began, which need not be that of their numbers.
  for (auto block = waiting_.begin(); block != waiting_.end();) {
    const auto next = std::next(block);
    if (!block->complete) {
      if (block->kind == BlockKind::exchange) {
        append_to(block, [&](Lines& lines) { lines.note(no_response_text(end), Ink::warning); });
      }
      complete(block);
    }
    block = next;
  }
  exchanges_.reset();
  const auto block = begin_block(BlockKind::line, at);
  append_to(block, [&](Lines& lines) { append_connection_end(lines, at, end); });
  if (block->lines.text().empty()) {
    waiting_.erase(block);
  } else {
    complete(block);
  }
}

void ConnectionText::learn(Direction direction, bool encrypted, const event::Alert& alert) {
  const bool fatal = alert.level.value == kFatal;
  // RFC 5246 section 7.2.2: the other one is how a renegotiation is refused.
  if (fatal || alert.description.value == kNoRenegotiation) handshake_explained_ = true;
  if (fatal && !encrypted)
    *refusal_ = fmt::format("{}: {}", direction_name(direction), name_text(alert.description, 2));
}

void ConnectionText::learn(const event::TlsMessage& message) {
  if (const auto* alert = std::get_if<event::Alert>(&message.body))
    learn(message.direction, message.encrypted, *alert);
  const auto* const handshake = std::get_if<event::Handshake>(&message.body);
  if (handshake == nullptr) return;
  if (const auto* client = std::get_if<event::ClientHello>(&handshake->body)) {
    offered_session_id_ = client->session_id;
  } else if (const auto* server = std::get_if<event::ServerHello>(&handshake->body)) {
    version_ = server->selected_version;
    cipher_suite_ = server->cipher_suite;
    offered_session_id_ = Bytes();
  }
}

void ConnectionText::add_notice(PacketRef at, Ink ink, std::string_view first, std::string_view second) {
  const std::string text = safe_line(first);
  const std::string more = safe_line(second);
  if (story_) {
    story_->add_notice(text);
    if (!more.empty()) story_->add_notice(more);
    if (!options_->verbose) return;
  }
  const auto block = handshake_ ? *handshake_ : begin_block(BlockKind::line, at);
  append_to(block, [&](Lines& lines) {
    lines.begin(at);
    lines.paragraph(text, ink);
    if (more.empty()) return;
    lines.out().append(kTextColumn, ' ');
    lines.paragraph(more, ink);
  });
  if (block->kind == BlockKind::line) complete(block);
}

ConnectionText::BlockPosition ConnectionText::open_handshake(PacketRef at) {
  if (!handshake_) {
    handshake_explained_ = false;
    handshake_ = begin_block(BlockKind::handshake, at);
    if (options_->explain) story_ = std::make_unique<HandshakeStory>(*options_, start_ns_);
  }
  return *handshake_;
}

void ConnectionText::end_handshake() {
  if (!handshake_) return;
  const auto block = *handshake_;
  if (story_) {
    append_to(block, [&](Lines& lines) {
      std::string told;
      story_->render(told);
      if (!lines.text().empty()) told += '\n';
      lines.out().insert(0, told);
    });
    story_.reset();
  }
  handshake_.reset();
  complete(block);
}

ConnectionText::BlockPosition ConnectionText::begin_block(BlockKind kind, PacketRef at) {
  // Lines that follow each other are one block, so that the time is not repeated. In the order of time each
  // goes out at once.
  const bool follows = kind == BlockKind::line && options_->order == Order::connection && !waiting_.empty() &&
                       waiting_.back().kind == BlockKind::line;
  if (follows) return std::prev(waiting_.end());
  auto place = waiting_.end();
  // A turn is told when it is over; alerts and notices that came in the meantime stand behind it. So do, in
  // HTTP/2, the exchanges that began after a request whose body took longer.
  const bool told_late = kind == BlockKind::opaque || kind == BlockKind::exchange;
  const BlockKind in_the_meantime = kind == BlockKind::opaque ? BlockKind::line : BlockKind::exchange;
  while (told_late && place != waiting_.begin()) {
    const Block& before = *std::prev(place);
    if (before.kind != in_the_meantime || before.packet <= at.number) break;
    if (kind == BlockKind::opaque && !before.complete) break;
    --place;
  }
  const auto block = waiting_.insert(place, Block{kind, Lines(*options_, start_ns_), false, at.number});
  // What a short handshake, or an exchange without a body, comes to: growing there in steps costs more.
  constexpr std::size_t kUsual = 800;
  constexpr std::size_t kUsualLine = 100;
  const bool long_one = kind == BlockKind::handshake || kind == BlockKind::exchange;
  block->lines.out().reserve(long_one ? kUsual : kUsualLine);
  return block;
}

void ConnectionText::complete(BlockPosition block) {
  block->complete = true;
  if (options_->order != Order::time) return;
  waiting_bytes_ -= block->lines.text().size();
  ready_.splice(ready_.end(), waiting_, block);
}

template <class Append>
void ConnectionText::append_to(BlockPosition block, Append append) {
  const std::size_t before = block->lines.text().size();
  append(block->lines);
  waiting_bytes_ += block->lines.text().size() - before;
}

}  // namespace tlspeel::output
