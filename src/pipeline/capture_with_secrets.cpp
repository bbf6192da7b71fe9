#include "tlspeel/pipeline/capture_with_secrets.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "tlspeel/base/secret_bytes.hpp"
#include "tlspeel/output/pcapng_blocks.hpp"

namespace tlspeel::pipeline {
namespace {

namespace pcapng = output::pcapng;

// Of a key log in one block. Wireshark takes blocks of up to 16 MiB.
constexpr std::size_t kMostLines = std::size_t{1} << 20U;
constexpr std::size_t kBesideLines = 64;  // of a block, at most
constexpr std::size_t kCopied = std::size_t{256} << 10U;

void write_key_log(std::string_view lines, FileSink& to) {
  std::string block;
  block.reserve(lines.size() + kBesideLines);  // so that nothing is copied and left behind
  pcapng::append_key_log(block, lines);
  to.write(block);
  cleanse({reinterpret_cast<std::uint8_t*>(block.data()), block.size()});
}

}  // namespace

Result<std::unique_ptr<CaptureWithSecrets>> CaptureWithSecrets::open(const std::string& path) {
  auto target = FileSink::create_for_secrets(path);
  if (!target) return tl::unexpected<Error>(target.error());
  auto packets = FileSink::create_unnamed(path);
  if (!packets) return tl::unexpected<Error>(packets.error());
  auto key_log = FileSink::create_unnamed(path);
  if (!key_log) return tl::unexpected<Error>(key_log.error());
  return std::unique_ptr<CaptureWithSecrets>(
      new CaptureWithSecrets(*std::move(target), *std::move(packets), *std::move(key_log)));
}

CaptureWithSecrets::CaptureWithSecrets(FileSink target, FileSink packets, FileSink key_log)
    : target_(std::move(target)),
      packets_(std::move(packets)),
      key_log_(std::move(key_log)),
      saver_(key_log_) {}

void CaptureWithSecrets::take(const capture::Packet& packet) {
  block_.clear();
  pcapng::append_packet(block_, {interface_of(packet.link_type), packet.at.time_ns, packet.wire_length},
                        packet.bytes, {});
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
  if (const auto* const recovered = std::get_if<event::SecretsRecovered>(&placed.event)) {
    held_[placed.connection].push_back({placed.connection, placed.at, *recovered});
  } else if (const auto* const left_out = std::get_if<event::LeftOut>(&placed.event)) {
    if (left_out->exchange == 0) held_.erase(placed.connection);
  } else if (std::holds_alternative<event::ConnectionEnd>(placed.event)) {
    keep_secrets(placed.connection);
  }
}

void CaptureWithSecrets::keep_secrets(std::uint64_t connection) {
  const auto found = held_.find(connection);
  if (found == held_.end()) return;
  for (const event::Placed& each : found->second) saver_.write(each);
  held_.erase(found);
}

// A run that was broken off: its connections have no end.
void CaptureWithSecrets::finish() {
  while (!held_.empty()) keep_secrets(held_.begin()->first);
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
  packets_.read_back(kCopied, [this](std::string_view part) {
    target_.write(part);
    return part.size();
  });
  target_.close();
}

std::optional<std::string> CaptureWithSecrets::failure() const {
  for (const FileSink* const each : {&packets_, &key_log_, &target_}) {
    if (each->failure()) return each->failure();
  }
  return std::nullopt;
}

}  // namespace tlspeel::pipeline
