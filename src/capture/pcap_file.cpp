#include "capture/pcap_file.hpp"

#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/reader.hpp"

namespace tlspeel::capture {
namespace {

std::string_view looks_like(ByteView head);
std::int64_t nanoseconds(const timeval& time);

}  // namespace

Result<std::unique_ptr<PcapFile>> PcapFile::open(const std::string& path, const SourceOptions& options,
                                                 const OnSecretsBlock& on_secrets) {
  auto input = Input::open(path, options.on_idle, on_secrets);
  if (!input) return fail(input.error().message);
  std::unique_ptr<PcapFile> file(new PcapFile(input_name(path)));
  file->input_ = std::move(*input);
  auto attached = file->attach(file->input_->stream(), options);
  if (!attached) return fail(attached.error().message);
  return file;
}

Result<std::unique_ptr<PcapFile>> PcapFile::open_stream(std::FILE* stream, const std::string& name,
                                                        const SourceOptions& options) {
  std::unique_ptr<PcapFile> file(new PcapFile(name));
  auto attached = file->attach(stream, options);
  if (!attached) return fail(attached.error().message);
  return file;
}

PcapFile::~PcapFile() {
  if (filtered_) pcap_freecode(&filter_);
}

ReadState PcapFile::next(Packet& packet, std::uint64_t& number) {
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  int result = 0;
  while ((result = pcap_next_ex(handle_.get(), &header, &data)) == 1) {
    ++number;
    if (filtered_ && pcap_offline_filter(&filter_, header, data) == 0) continue;
    packet.at = {number, nanoseconds(header->ts)};
    packet.wire_length = header->len;
    packet.link_type = link_type_;
    packet.bytes = {data, header->caplen};
    return ReadState::packet;
  }
  if (result == PCAP_ERROR_BREAK) return ReadState::end;
  problem_ = describe_failure(pcap_geterr(handle_.get()), number);
  return ReadState::damaged;
}

Result<void> PcapFile::attach(std::FILE* stream, const SourceOptions& options) {
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  handle_.reset(pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, reason.data()));
  if (!handle_) {
    const bool unreadable = std::ferror(stream) != 0;
    (void)std::fclose(stream);  // nothing was written: there is nothing to lose
    return fail(fmt::format("{}: {}", name_, why_not_opened(reason.data(), unreadable)));
  }
  link_type_ = pcap_datalink(handle_.get());
  return options.filter.empty() ? Result<void>{} : compile(options.filter);
}

std::string PcapFile::why_not_opened(std::string_view reason, bool unreadable) const {
  if (unreadable || !input_) return std::string(reason);
  if (input_->head().empty()) return "is empty";
  const std::string_view kind = looks_like(input_->head());
  if (!kind.empty()) return std::string(kind);
  if (reason.starts_with("truncated")) return "is cut off before its first packet";
  return fmt::format("cannot be read as a capture ({})", reason);
}

Result<void> PcapFile::compile(const std::string& filter) {
  // Compiled for this file: the program depends on the link type, and for BSD loopback on the byte order of
  // the file.
  if (pcap_compile(handle_.get(), &filter_, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return fail(fmt::format("filter '{}' (for {}): {}", filter, name_, pcap_geterr(handle_.get())));
  }
  filtered_ = true;
  return {};
}

std::string PcapFile::describe_failure(std::string_view reason, std::uint64_t number) const {
  // libpcap's words for a file that ends too early. In pcapng it need not be a packet that was cut.
  if (reason.starts_with("truncated pcapng")) {
    return fmt::format("{}: cut off after packet {}; everything before it was read", name_, number);
  }
  if (reason.starts_with("truncated")) {
    return fmt::format("{}: cut off in the middle of packet {}; everything before it was read", name_,
                       number + 1);
  }
  // As a rule secrets: libpcap reads no block of more than 16 MiB.
  if (reason.starts_with("pcapng block size")) {
    return fmt::format(
        "{}: cannot be read beyond packet {} ({}); everything before it was read. If it is a block of "
        "secrets, "
        "editcap --discard-all-secrets makes a copy without it",
        name_, number, reason);
  }
  return fmt::format("{}: cannot be read beyond packet {} ({}); everything before it was read", name_, number,
                     reason);
}

namespace {

struct Kind {
  std::string_view start;
  std::string_view sentence;
};

// What people hand over by mistake, by its first bytes.
constexpr std::array<Kind, 8> kKinds{{
    {"\x1f\x8b", "is gzip-compressed; unpack it first (gunzip)"},
    {"\x28\xb5\x2f\xfd", "is zstd-compressed; unpack it first (unzstd)"},
    {"\3757zXZ", "is xz-compressed; unpack it first (unxz)"},
    {"BZh", "is bzip2-compressed; unpack it first (bunzip2)"},
    {"PK\x03\x04", "is a ZIP archive; unpack it first (unzip)"},
    {"-----BEGIN ", "is a PEM file (a key or a certificate), not a capture"},
    {"snoop", "is a Solaris snoop capture, which is not supported; convert it to pcap (editcap -F pcap)"},
    {"\177ELF", "is a program, not a capture"},
}};

// Empty where it is a capture, though a broken one, as far as its first bytes tell.
std::string_view looks_like(ByteView head) {
  const std::string_view text = as_text(head);
  for (const Kind& kind : kKinds) {
    if (text.starts_with(kind.start)) return kind.sentence;
  }
  Reader r(head);
  const std::uint32_t magic = r.u32();
  if (!r.ok()) return "is not a capture (too short)";
  constexpr std::array<std::uint32_t, 5> kCaptures{0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1,
                                                   0x0a0d0d0a};
  for (const std::uint32_t known : kCaptures) {
    if (magic == known) return {};
  }
  return "is not a capture (neither pcap nor pcapng)";
}

// Times that do not fit (a hostile or damaged file) become the nearest that does.
std::int64_t nanoseconds(const timeval& time) {
  constexpr std::int64_t kPerSecond = 1'000'000'000;
  std::int64_t total = 0;
  if (__builtin_mul_overflow(std::int64_t{time.tv_sec}, kPerSecond, &total) ||
      __builtin_add_overflow(total, std::int64_t{time.tv_usec}, &total)) {
    return time.tv_sec < 0 ? std::numeric_limits<std::int64_t>::min()
                           : std::numeric_limits<std::int64_t>::max();
  }
  return total;
}

}  // namespace

}  // namespace tlspeel::capture
