#include "output/json_writer.hpp"

#include <array>
#include <optional>

#include "tlspeel/output/safe_text.hpp"

#include "output/grpc_status.hpp"
#include "output/json_body.hpp"
#include "output/json_line.hpp"
#include "output/json_tls.hpp"
#include "output/text_format.hpp"

namespace tlspeel::output {

namespace {

using namespace event;  // NOLINT(google-build-using-namespace): every name in this file is one of event's

constexpr std::size_t kBufferSize = std::size_t{256} * 1024;

std::string_view event_name(const Event& event) {
  static constexpr std::array<std::string_view, std::variant_size_v<Event>> kNames{
      "connection_start",  "tls_message", "keys_established", "secrets_recovered", "closed",
      "handshake_end",     "stream_gap",  "resumed",          "problem",           "http_message",
      "websocket_message", "http_goaway", "http_frame",       "opaque_data",       "plaintext",
      "plaintext_gap",     "body_piece",  "left_out",         "clear_text",        "connection_end",
      "capture_problem",   "run_summary"};
  return kNames[event.index()];
}

void endpoint(JsonLine& json, std::string_view key, const Endpoint& value) {
  json.open(key);
  json.text("address", value.address.to_string());
  json.number("port", value.port);
  json.close();
}

void counts(JsonLine& json, std::string_view key, const DirectionCounts& c) {
  json.open(key);
  json.number("packets", c.packets);
  json.number("tcp_bytes", c.tcp_bytes);
  if (c.clear_bytes != 0) json.number("clear_bytes", c.clear_bytes);
  json.number("retransmitted_bytes", c.retransmitted_bytes);
  json.number("conflicting_bytes", c.conflicting_bytes);
  json.number("lost_bytes", c.lost_bytes);
  if (c.unused_packets != 0) json.number("unused_packets", c.unused_packets);
  json.number("records", c.records);
  json.number("records_closed", c.records_closed);
  json.number("application_bytes", c.application_bytes);
  json.number("closed_bytes", c.closed_bytes);
  json.open_list("closed_ranges");
  for (const ByteRange& range : c.closed_ranges) {
    json.open();
    json.number("begin", range.begin);
    json.number("end", range.end);
    json.close();
  }
  json.close_list();
  json.close();
}

void members(JsonLine& json, const ConnectionStart& e) {
  endpoint(json, "client", e.client);
  endpoint(json, "server", e.server);
  json.flag("start_captured", e.start_captured);
  if (e.inside != 0) json.number("inside", e.inside);
  if (!e.tunnel.empty()) json.text("tunnel", e.tunnel);
}

void members(JsonLine& json, const TlsMessage& e) {
  append_json(json, e);
}

void members(JsonLine& json, const KeysEstablished& e) {
  json.code("version", e.version);
  json.code("cipher_suite", e.cipher_suite);
  json.text("opened_with", e.opened_with);
  json.text("key_exchange", e.key_exchange);
  json.text("bulk_cipher", e.bulk_cipher);
  json.text("mac", e.mac);
  json.text("prf", e.prf);
  json.flag("extended_master_secret", e.extended_master_secret);
  json.flag("encrypt_then_mac", e.encrypt_then_mac);
}

void secrets(JsonLine& json, const RevealedSecrets& s) {
  json.open("secrets");
  if (!s.premaster_secret.empty()) json.hex("premaster_secret", s.premaster_secret.view());
  if (!s.master_secret.empty()) json.hex("master_secret", s.master_secret.view());
  json.open("key_block");
  for (const auto& [name, part] : s.key_block) json.hex(name, part.view());
  json.close();
  json.close();
}

void members(JsonLine& json, const SecretsRecovered& e) {
  json.open_list("lines");
  for (const KeyLogLine& line : *e.lines) {
    json.open();
    json.text("label", line.label);
    json.hex("client_random", line.id);
    json.hex("secret", line.secret.view());
    json.close();
  }
  json.close_list();
}

void members(JsonLine& json, const Closed& e) {
  if (e.direction) json.text("direction", direction_name(*e.direction));
  json.text("cause", closed_cause_name(e.cause));
  json.text("explanation", e.explanation);
  if (!e.remedy.empty()) json.text("remedy", e.remedy);
}

void members(JsonLine& json, const HandshakeEnd& e) {
  json.flag("complete", e.complete);
}

void members(JsonLine& json, const Resumed& e) {
  json.text("direction", direction_name(e.direction));
  json.number("offset", e.offset);
  if (e.records_lost) json.number("records_lost", *e.records_lost);
  if (e.hole.length) {
    json.number("data_lost", *e.hole.length);
    json.flag("exact", e.hole.exact);
  }
}

void members(JsonLine& json, const StreamGap& e) {
  json.text("direction", direction_name(e.direction));
  json.number("offset", e.offset);
  json.number("length", e.length);
  if (e.cut_packet != 0) json.number("cut_packet", e.cut_packet);
}

void members(JsonLine& json, const Problem& e) {
  if (e.direction) json.text("direction", direction_name(*e.direction));
  json.text("layer", e.layer);
  json.text("message", e.message);
}

void members(JsonLine& json, const HttpMessage& e) {
  json.text("direction", direction_name(e.direction));
  json.text("kind", e.request ? "request" : "response");
  json.number("exchange", e.exchange);
  if (e.stream != 0) json.number("stream", e.stream);
  if (e.request) {
    json.text("method", e.method);
    json.text("target", e.target);
  } else {
    json.number("status", e.status);
    json.text("reason", e.reason);
    json.flag("interim", e.interim);
  }
  json.text("version", e.version);
  fields(json, "fields", e.fields);
  body(json, e.body);
  if (!e.trailers.empty()) fields(json, "trailers", e.trailers);
  if (const std::optional<GrpcStatus> status = grpc_status(e)) {
    json.code("grpc_status", status->code);
    if (!status->message.empty()) json.text("grpc_message", status->message);
  }
  if (!e.note.empty()) json.text("note", e.note);
  json.packet("first", e.first);
  json.packet("last", e.last);
}

void members(JsonLine& json, const WebSocketMessage& e) {
  json.text("direction", direction_name(e.direction));
  json.number("exchange", e.exchange);
  if (e.stream != 0) json.number("stream", e.stream);
  json.code("opcode", e.opcode);
  json.number("frames", e.frames);
  json.number("size", e.size);
  json.number("missing", e.missing);
  json.flag("complete", e.complete);
  json.flag("compressed", e.compressed);
  if (e.decoded_size) json.number("decoded_size", *e.decoded_size);
  if (e.close_code) json.code("close_code", *e.close_code);
  json.flag("is_text", e.text);
  content(json, e.shown, !e.complete || e.shown.size() < e.decoded_size.value_or(e.size), e.text);
  holes(json, e.holes);
  if (!e.note.empty()) json.text("note", e.note);
  json.packet("first", e.first);
  json.packet("last", e.last);
}

void members(JsonLine& json, const HttpGoaway& e) {
  json.text("direction", direction_name(e.direction));
  json.code("error", e.error);
  json.number("last_stream", e.last_stream);
  json.number("debug_size", e.debug_size);
  if (!e.debug.empty()) json.text("debug", as_text(e.debug));
}

void members(JsonLine& json, const HttpFrame& e) {
  json.text("direction", direction_name(e.direction));
  json.code("type", e.type);
  json.number("stream", e.stream);
  json.flag("acknowledges", e.acknowledges);
  if (!e.settings.empty()) {
    json.open_list("settings");
    for (const HttpSetting& setting : e.settings) {
      json.open();
      json.code("name", setting.name);
      json.number("value", setting.value);
      json.close();
    }
    json.close_list();
  }
  if (e.further_settings != 0) json.number("further_settings", e.further_settings);
  if (e.increment != 0) json.number("increment", e.increment);
  if (!e.data.empty()) json.hex("data", e.data);
}

void members(JsonLine& json, const OpaqueData& e) {
  json.text("direction", direction_name(e.direction));
  if (!e.protocol.empty()) json.text("protocol", e.protocol);
  json.number("size", e.size);
  json.flag("is_text", e.text);
  content(json, e.shown, e.shown.size() < e.size, e.text);
  holes(json, e.holes);
  json.packet("first", e.first);
}

void members(JsonLine& json, const ClearText& e) {
  json.text("direction", direction_name(e.direction));
  if (!e.protocol.empty()) json.text("protocol", e.protocol);
  if (e.proxied) {
    json.open("proxied");
    endpoint(json, "source", e.proxied->source);
    endpoint(json, "destination", e.proxied->destination);
    json.close();
  }
  json.number("size", e.size);
  json.flag("is_text", e.text);
  content(json, e.shown, e.shown.size() < e.size, e.text);
  json.packet("first", e.first);
}

void members(JsonLine& /*json*/, const Plaintext& /*e*/) {}
void members(JsonLine& /*json*/, const PlaintextGap& /*e*/) {}
void members(JsonLine& /*json*/, const BodyPiece& /*e*/) {}
void members(JsonLine& /*json*/, const LeftOut& /*e*/) {}

void members(JsonLine& json, const ConnectionEnd& e) {
  json.text("outcome", outcome_name(e.outcome));
  json.text("tcp_end", tcp_end_name(e.tcp_end));
  if (e.version.value != 0) {
    json.code("version", e.version);
    json.code("cipher_suite", e.cipher_suite);
  }
  if (!e.server_name.empty()) json.text("server_name", e.server_name);
  if (!e.opened_with.empty()) json.text("opened_with", e.opened_with);
  json.open_list("secrets_used");
  for (const std::string& label : e.secrets_used) json.element(std::string_view(label));
  json.close_list();
  if (e.cause) json.text("cause", closed_cause_name(*e.cause));
  json.flag("finished_verified_client", e.finished_verified_client);
  json.flag("finished_verified_server", e.finished_verified_server);
  counts(json, "client", e.counts[index(Direction::client)]);
  counts(json, "server", e.counts[index(Direction::server)]);
  json.packet("first", e.first);
  json.packet("last", e.last);
}

void members(JsonLine& json, const CaptureProblem& e) {
  json.text("message", e.message);
}

void other_protocols(JsonLine& json, const RunSummary::OtherProtocols& other) {
  json.open("other_protocols");
  json.number("packets", other.packets);
  json.open_list("most");
  for (const RunSummary::EtherType& type : other.most) {
    json.open();
    json.text("ether_type", fmt::format("0x{:04x}", type.number));
    json.number("packets", type.packets);
    json.close();
  }
  json.close_list();
  json.close();
}

void members(JsonLine& json, const RunSummary& e) {
  json.number("packets", e.packets);
  json.number("bytes", e.bytes);
  json.number("packets_cut", e.packets_cut);
  json.number("packets_not_ip", e.packets_not_ip);
  if (e.other_protocols.packets != 0) other_protocols(json, e.other_protocols);
  json.number("packets_not_tcp", e.packets_not_tcp);
  json.number("packets_malformed", e.packets_malformed);
  json.number("fragments_incomplete", e.fragments_incomplete);
  json.number("quic_packets", e.quic_packets);
  if (e.packets_left_out != 0) json.number("packets_left_out", e.packets_left_out);
  if (e.chosen) {
    json.open("chosen");
    json.number("exchanges", e.chosen->exchanges);
    json.number("of_exchanges", e.chosen->of_exchanges);
    json.close();
  }
  if (e.chosen_connections) {
    json.open("chosen_connections");
    json.number("connections", e.chosen_connections->connections);
    json.number("of_connections", e.chosen_connections->of_connections);
    json.close();
  }
  json.number("tcp_connections", e.tcp_connections);
  json.number("connections_without_tls", e.connections_without_tls);
  json.open_list("secrets");
  for (const SecretUse& secret : e.secrets) {
    json.open();
    json.text("kind", secret.kind);
    json.text("label", secret.label);
    json.text("description", secret.description);
    json.number("connections", secret.connections);
    json.close();
  }
  json.close_list();
}

void outcomes(JsonLine& json, const RunOutcomes& counted) {
  json.open_list("outcomes");
  for (const OutcomeGroup& group : counted.groups()) {
    json.open();
    json.text("outcome", outcome_name(group.outcome));
    if (group.cause) {
      json.text("cause", closed_cause_name(*group.cause));
    } else {
      json.null("cause");
    }
    json.number("connections", group.connections);
    json.number("application_bytes", group.application_bytes);
    json.number("closed_bytes", group.closed_bytes);
    json.close();
  }
  json.close_list();
}

}  // namespace

void JsonWriter::write(const Placed& placed) {
  if (const auto* end = std::get_if<ConnectionEnd>(&placed.event)) outcomes_.add(*end);
  if (!wanted(placed.event)) return;
  JsonLine json(buffer_);
  json.open();
  json.text("event", event_name(placed.event));
  if (placed.connection != 0) json.number("connection", placed.connection);
  json.place(placed.at);
  std::visit([&](const auto& event) { members(json, event); }, placed.event);
  const auto* const keys = std::get_if<KeysEstablished>(&placed.event);
  if (std::holds_alternative<RunSummary>(placed.event)) outcomes(json, outcomes_);
  if (keys != nullptr && keys->secrets != nullptr && options_.show_secrets) secrets(json, *keys->secrets);
  json.close();
  buffer_ += '\n';
  if (buffer_.size() >= kBufferSize) {
    sink_.write(buffer_);
    buffer_.clear();
  }
}

void JsonWriter::flush() {
  if (!buffer_.empty()) sink_.write(buffer_);
  buffer_.clear();
  sink_.flush();
}

bool JsonWriter::wanted(const Event& event) const {
  if (std::holds_alternative<Plaintext>(event) || std::holds_alternative<PlaintextGap>(event) ||
      std::holds_alternative<BodyPiece>(event) || std::holds_alternative<LeftOut>(event)) {
    return false;
  }
  if (const auto* recovered = std::get_if<SecretsRecovered>(&event)) {
    // They are there for --keylog-out as well.
    return options_.show_secrets && recovered->lines != nullptr;
  }
  if (std::holds_alternative<event::TlsMessage>(event) || std::holds_alternative<HandshakeEnd>(event)) {
    return options_.show_handshake;
  }
  const bool of_http =
      std::holds_alternative<HttpMessage>(event) || std::holds_alternative<WebSocketMessage>(event) ||
      std::holds_alternative<OpaqueData>(event) || std::holds_alternative<HttpGoaway>(event) ||
      std::holds_alternative<HttpFrame>(event) || std::holds_alternative<ClearText>(event);
  return !of_http || options_.show_http;
}

}  // namespace tlspeel::output
