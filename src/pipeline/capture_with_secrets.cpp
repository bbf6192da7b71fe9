#include "tlspeel/pipeline/capture_with_secrets.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "tlspeel/base/reader.hpp"
#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/output/pcapng_blocks.hpp"

#include "batch.hpp"
#include "chosen_packets.hpp"

namespace tlspeel::pipeline {
namespace {

namespace pcapng = output::pcapng;

// Of a key log in one block. Wireshark takes blocks of up to 16 MiB.
constexpr std::size_t kMostLines = std::size_t{1} << 20U;
constexpr std::size_t kBesideLines = 64;  // of a block, at most
constexpr std::size_t kCopied = std::size_t{256} << 10U;
constexpr std::uint32_t kAlways = ~std::uint32_t{0};  // instead of the number of connections: a fragment
// Of a packet, which has 16 MiB at most, with what stands in front of it.
constexpr std::size_t kLargestRecord = std::size_t{20} << 20U;

void write_key_log(std::string_view lines, FileSink& to) {
  std::string block;
  block.reserve(lines.size() + kBesideLines);  // so that nothing is copied and left behind
  pcapng::append_key_log(block, lines);
  to.write(block);
  cleanse({reinterpret_cast<std::uint8_t*>(block.data()), block.size()});
}

template <class Number>
void put(std::string& out, Number number) {
  for (std::size_t i = sizeof number; i-- > 0;)
    out += static_cast<char>(static_cast<unsigned char>(number >> 8U * i));
}

// Where connections are chosen: what stands in front of a packet's block until that is known. Its number, the
// size of the block, and the ends of its connections.
std::string head_of(const ReadPacket& read, std::size_t block) {
  std::string out;
  put(out, read.packet.at.number);
  put(out, static_cast<std::uint32_t>(block));
  put(out, read.fragment ? kAlways : static_cast<std::uint32_t>(read.flows.size()));
  for (const net::Flow& each : read.flows) put(out, net::symmetric_hash(each));
  return out;
}

}  // namespace

Result<std::unique_ptr<CaptureWithSecrets>> CaptureWithSecrets::open(const std::string& path, Packets kept) {
  auto target = FileSink::create_for_secrets(path);
  if (!target) return tl::unexpected<Error>(target.error());
  auto packets = FileSink::create_unnamed(path);
  if (!packets) return tl::unexpected<Error>(packets.error());
  auto key_log = FileSink::create_unnamed(path);
  if (!key_log) return tl::unexpected<Error>(key_log.error());
  return std::unique_ptr<CaptureWithSecrets>(
      new CaptureWithSecrets(*std::move(target), *std::move(packets), *std::move(key_log), kept));
}

CaptureWithSecrets::CaptureWithSecrets(FileSink target, FileSink packets, FileSink key_log, Packets kept)
    : target_(std::move(target)),
      packets_(std::move(packets)),
      key_log_(std::move(key_log)),
      saver_(key_log_),
      chosen_(kept == Packets::all ? nullptr : std::make_unique<ChosenPackets>()) {}

CaptureWithSecrets::~CaptureWithSecrets() = default;

void CaptureWithSecrets::take(const ReadPacket& read) {
  const capture::Packet& packet = read.packet;
  block_.clear();
  pcapng::append_packet(block_, {interface_of(packet.link_type), packet.at.time_ns, packet.wire_length},
                        packet.bytes, {});
  if (chosen_) packets_.write(head_of(read, block_.size()));
  packets_.write(block_);
  if (packets_.stopped()) packets_failed_ = true;
}

// A capture has one link type, or a handful.
std::uint32_t CaptureWithSecrets::interface_of(int link_type) {
  const auto found = std::ranges::find(link_types_, link_type);
  const auto place = static_cast<std::uint32_t>(found - link_types_.begin());
  if (found == link_types_.end()) link_types_.push_back(link_type);
  return place;
}

void CaptureWithSecrets::write(const event::Placed& placed) {
  if (placed.connection == 0) return;
  if (const auto* const start = std::get_if<event::ConnectionStart>(&placed.event)) {
    Connection& connection = connections_[placed.connection];
    connection.ends = net::symmetric_hash({start->client, start->server});
    connection.first = start->first.number;
  } else if (const auto* const recovered = std::get_if<event::SecretsRecovered>(&placed.event)) {
    connections_[placed.connection].secrets.push_back({placed.connection, placed.at, *recovered});
  } else if (const auto* const left_out = std::get_if<event::LeftOut>(&placed.event)) {
    if (left_out->exchange == 0) connections_[placed.connection].left_out = true;
  } else if (const auto* const end = std::get_if<event::ConnectionEnd>(&placed.event)) {
    keep(connections_[placed.connection], end->first.number, end->last.number);
    connections_.erase(placed.connection);
  }
}

void CaptureWithSecrets::keep(const Connection& connection, std::uint64_t first, std::uint64_t last) {
  if (connection.left_out) return;
  for (const event::Placed& each : connection.secrets) saver_.write(each);
  if (chosen_) chosen_->add(connection.ends, first, last);
}

// A run that was broken off: its connections have no end.
void CaptureWithSecrets::finish() {
  for (const auto& [number, each] : connections_) keep(each, each.first, kAfterLastPacket);
  connections_.clear();
}

void CaptureWithSecrets::close() {
  std::string head;
  pcapng::append_section(head);
  for (const int link_type : link_types_)
    pcapng::append_interface(head, static_cast<std::uint16_t>(capture::link_type_of_dlt(link_type)), {});
  target_.write(head);
  key_log_.read_back(kMostLines, [this](std::string_view part) {
    const std::string_view lines = part.substr(0, part.rfind('\n') + 1);
    write_key_log(lines, target_);
    return lines.size();
  });
  if (chosen_) {
    packets_.read_back(kLargestRecord, [this](std::string_view part) { return copy_chosen(as_bytes(part)); });
  } else {
    packets_.read_back(kCopied, [this](std::string_view part) {
      target_.write(part);
      return part.size();
    });
  }
  target_.close();
}

// Whole records; how many bytes they were.
std::size_t CaptureWithSecrets::copy_chosen(ByteView part) {
  Reader r(part);
  std::size_t whole = 0;
  for (;;) {
    const std::uint64_t number = r.u64();
    const std::uint32_t size = r.u32();
    const std::uint32_t flows = r.u32();
    bool wanted = flows == kAlways || chosen_->has_all();
    for (std::uint32_t i = 0; r.ok() && flows != kAlways && i < flows; ++i)
      wanted = chosen_->has(r.u32(), number) || wanted;
    const ByteView block = r.bytes(size);
    if (!r.ok()) return whole;
    if (wanted) target_.write(as_text(block));
    whole = r.offset();
  }
}

std::optional<std::string> CaptureWithSecrets::failure() const {
  for (const FileSink* const each : {&packets_, &key_log_, &target_}) {
    if (each->failure()) return each->failure();
  }
  return std::nullopt;
}

}  // namespace tlspeel::pipeline
