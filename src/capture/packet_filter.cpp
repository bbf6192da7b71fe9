#include "tlspeel/capture/packet_filter.hpp"

#include <array>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <pcap/pcap.h>

namespace tlspeel::capture {
namespace {

// Expressions mostly fit all of these; some fit few ("wlan type data", "vpi 1", "ifname em0").
constexpr std::array kTypical{DLT_EN10MB,           DLT_RAW,   DLT_LINUX_SLL, DLT_IEEE802_11,
                              DLT_IEEE802_11_RADIO, DLT_PFLOG, DLT_SUNATM,    DLT_FDDI,
                              DLT_IEEE802,          DLT_MTP2,  DLT_PPP,       DLT_C_HDLC};

constexpr int kLargestPacket = 262144;  // tcpdump's own; only what programs say they keep depends on it

// As DLT_ values where the number is the one of files, and BSD loopback as the packet in it: libpcap's
// program would depend on the byte order of the machine that captured, and knows one of the numbers of IPv6
// only.
int compiled_as(int link_type) {
  switch (link_type) {
    case DLT_NULL:
    case DLT_LOOP:
    case 14:
    case 101:
      return DLT_RAW;
    case 100:
      return DLT_ATM_RFC1483;
    case 106:
      return DLT_ATM_CLIP;
    default:
      return link_type;
  }
}

class Program {
 public:
  Program(const std::string& expression, int link_type) {
    pcap_t* handle = pcap_open_dead(link_type, kLargestPacket);
    if (handle == nullptr) {
      reason_ = "out of memory";
      return;
    }
    compiled_ = pcap_compile(handle, &program_, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!compiled_) reason_ = pcap_geterr(handle);
    pcap_close(handle);
  }
  ~Program() {
    if (compiled_) pcap_freecode(&program_);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  bool compiled() const { return compiled_; }
  const std::string& reason() const { return reason_; }
  bool matches(ByteView bytes, std::uint32_t wire_length) const {
    if (!compiled_) return false;
    pcap_pkthdr header{};
    header.caplen = static_cast<bpf_u_int32>(bytes.size());
    header.len = wire_length;
    return pcap_offline_filter(&program_, &header, bytes.data()) != 0;
  }

 private:
  bpf_program program_{};
  bool compiled_ = false;
  std::string reason_;
};

}  // namespace

struct PacketFilter::State {
  std::string expression;
  std::map<int, Program> programs;
  std::pair<int, const Program*> latest{-1, nullptr};  // captures have one type, or few

  const Program& program(int link_type) {
    if (latest.first == link_type && latest.second != nullptr) return *latest.second;
    const Program& found = programs.try_emplace(link_type, expression, link_type).first->second;
    latest = {link_type, &found};
    return found;
  }
};

PacketFilter::PacketFilter(std::unique_ptr<State> state) : state_(std::move(state)) {}
PacketFilter::~PacketFilter() = default;
PacketFilter::PacketFilter(PacketFilter&&) noexcept = default;
PacketFilter& PacketFilter::operator=(PacketFilter&&) noexcept = default;

Result<PacketFilter> PacketFilter::compile(const std::string& expression) {
  auto state = std::make_unique<State>();
  state->expression = expression;
  for (const int link_type : kTypical) {
    if (state->program(link_type).compiled()) return PacketFilter(std::move(state));
  }
  // Ethernet's reason: the others may only say that they know no such thing as Ethernet does.
  return fail(fmt::format("filter '{}': {}", expression, state->program(kTypical.front()).reason()));
}

bool PacketFilter::matches(int link_type, ByteView bytes, std::uint32_t wire_length) {
  if (link_type == DLT_NULL || link_type == DLT_LOOP) {
    constexpr std::uint32_t kFamily = 4;
    if (bytes.size() < kFamily || wire_length < kFamily) return false;
    bytes = bytes.subspan(kFamily);
    wire_length -= kFamily;
  }
  return state_->program(compiled_as(link_type)).matches(bytes, wire_length);
}

std::optional<std::string> PacketFilter::problem_with(int link_type) {
  const Program& program = state_->program(compiled_as(link_type));
  if (program.compiled() || state_->program(DLT_RAW).compiled()) return std::nullopt;
  const char* name = pcap_datalink_val_to_name(compiled_as(link_type));
  return fmt::format("the filter '{}' cannot be applied to link type {}: {}", state_->expression,
                     name != nullptr ? std::string(name) : std::to_string(link_type), program.reason());
}

}  // namespace tlspeel::capture
