#include "capture/pcap_reader.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/reader.hpp"

#include "capture/link_type.hpp"

namespace tlspeel::capture {
namespace {

constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
constexpr std::uint32_t kModified = 0xa1b2cd34;
constexpr std::uint32_t kIxiaHardware = 0x1c0001ac;
constexpr std::uint32_t kIxiaSoftware = 0x1c0001ab;
constexpr std::array<std::uint32_t, 5> kMagics{kMicroseconds, kNanoseconds, kModified, kIxiaHardware,
                                               kIxiaSoftware};
constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kIxiaFileHeader = 28;  // the size of all packets behind
constexpr std::size_t kPacketHeader = 16;
constexpr std::size_t kModifiedHeader = 24;  // interface, protocol, packet type and padding behind
constexpr std::size_t kSuseHeader = 28;      // SuSE 6.3: two numbers of processors and padding behind that
constexpr std::size_t kNokiaHeader = 20;     // nobody knows what for
// The sizes that go with one magic; the first is taken where no other fits better.
constexpr std::array<std::size_t, 3> kOfMicroseconds{kPacketHeader, kModifiedHeader, kNokiaHeader};
constexpr std::array<std::size_t, 2> kOfModified{kModifiedHeader, kSuseHeader};
constexpr std::uint32_t kLinkTypeBits = 0xffff;  // FCS length and its flag stand above

// Of AIX, which numbers interfaces as RFC 1573 does, and calls its version 2.2: (ifType, DLT_ value).
// Old libpcaps have that version, too; as in Wireshark they are taken not to have captured such links.
constexpr std::array<std::pair<std::uint32_t, int>, 4> kAixTypes{{{6, 1}, {9, 6}, {15, 10}, {24, 0}}};
constexpr std::uint16_t kAixMinor = 2;
constexpr int kFddi = 10;
constexpr std::size_t kAixFddiPadding = 3;

// What libpcap allows whatever the file header says; files with a smaller snap length than packets exist.
constexpr std::uint32_t kUsualMost = 262144;
// A packet header of a rarer kind is believed where so many packets fit: one may do so by chance.
constexpr int kFewestOfVariant = 2;

std::int64_t nanoseconds(std::uint32_t seconds, std::uint32_t fraction, bool nano) {
  return std::int64_t{seconds} * 1'000'000'000 + std::int64_t{fraction} * (nano ? 1 : 1000);
}

}  // namespace

bool PcapReader::is_magic(ByteView head) {
  Reader r(head);
  const std::uint32_t magic = r.u32();
  if (!r.ok()) return false;
  return std::ranges::any_of(
      kMagics, [magic](std::uint32_t known) { return magic == known || magic == __builtin_bswap32(known); });
}

Result<std::unique_ptr<RecordReader>> PcapReader::open(ByteSource& source) {
  std::unique_ptr<PcapReader> reader(new PcapReader(source));
  const auto header = reader->read_file_header();
  if (!header) return fail(header.error().message);
  return reader;
}

ReadState PcapReader::next(Packet& packet) {
  if (ended_) return ReadState::end;
  if (!source_->ensure(header_size_)) {
    if (source_->view().empty() && source_->error().empty()) return ReadState::end;
    return resume("a packet that runs past the end of the file");
  }
  const Header header = header_at(0);
  if (!acceptable(header)) return resume("no packet header");
  if (!source_->ensure(header_size_ + header.captured))
    return resume("a packet that runs past the end of the file");
  const auto padding = std::min<std::size_t>({padding_, header.captured, header.on_wire});
  packet.at.time_ns = nanoseconds(header.seconds, header.fraction, nanoseconds_);
  packet.wire_length = header.on_wire - static_cast<std::uint32_t>(padding);
  packet.link_type = link_type_;
  packet.bytes = source_->view().subspan(header_size_, header.captured).subspan(padding);
  packet.block = source_->block();
  source_->consume(header_size_ + header.captured);
  last_seconds_ = header.seconds;
  return ReadState::packet;
}

Result<void> PcapReader::read_file_header() {
  if (!source_->ensure(kFileHeader)) return fail("");
  Reader r(source_->view().first(kFileHeader));
  const std::uint32_t magic = r.u32();
  little_endian_ = std::ranges::find(kMagics, magic) == kMagics.end();
  const std::uint32_t kind = little_endian_ ? __builtin_bswap32(magic) : magic;
  const std::uint16_t major = little_endian_ ? r.u16le() : r.u16();
  const std::uint16_t minor = little_endian_ ? r.u16le() : r.u16();
  // 543.0 is what tcpdump of DG/UX wrote.
  const bool data_general = major == 543 && minor == 0;
  if (!data_general && (major != 2 || minor > 4)) {
    return fail(fmt::format("unsupported pcap savefile version {}.{}", major, minor));
  }
  if (data_general || minor < 3) lengths_ = Lengths::swapped;
  if (!data_general && minor == 3) lengths_ = Lengths::swapped_if_larger;
  r.skip(8);  // time zone and accuracy: always 0 in practice
  const std::uint32_t snap_length = little_endian_ ? r.u32le() : r.u32();
  most_captured_ = std::min(std::max(snap_length, kUsualMost), kMaxPacket);
  const std::uint32_t link_type = little_endian_ ? r.u32le() : r.u32();
  nanoseconds_ = kind == kNanoseconds;
  take_link_type(link_type, kind == kMicroseconds && !data_general && minor == kAixMinor);
  const std::size_t size = kind == kIxiaHardware || kind == kIxiaSoftware ? kIxiaFileHeader : kFileHeader;
  if (!source_->ensure(size)) return fail("");
  source_->consume(size);
  choose_header_size(kind);
  return {};
}

// as_aix: it may be a number of AIX, which writes nanoseconds without saying so.
void PcapReader::take_link_type(std::uint32_t link_type, bool as_aix) {
  const auto* aix = std::ranges::find(kAixTypes, link_type, &std::pair<std::uint32_t, int>::first);
  if (!as_aix || aix == kAixTypes.end()) {
    link_type_ = dlt_of_link_type(link_type & kLinkTypeBits);
    return;
  }
  link_type_ = aix->second;
  nanoseconds_ = true;
  padding_ = link_type_ == kFddi ? kAixFddiPadding : 0;
}

void PcapReader::choose_header_size(std::uint32_t kind) {
  std::span<const std::size_t> sizes = std::span(kOfMicroseconds).first(1);
  if (kind == kMicroseconds && !nanoseconds_) sizes = kOfMicroseconds;
  if (kind == kModified) sizes = kOfModified;
  header_size_ = sizes.front();
  if (!source_->size() || sizes.size() == 1) return;
  const auto found = std::ranges::find_if(sizes, [this](std::size_t size) { return fits(size); });
  if (found != sizes.end()) header_size_ = *found;
}

// Whether the first packets, or all that there are, have sound headers of this size; the last may be cut.
bool PcapReader::fits(std::size_t header_size) {
  std::optional<std::uint32_t> first_seconds;
  std::size_t position = 0;
  for (int found = 0; found < kInARow; ++found) {
    if (!source_->ensure(position + header_size)) return found >= kFewestOfVariant;
    const Header header = header_at(position);
    if (!plausible(header, first_seconds)) return false;
    if (!first_seconds) first_seconds = header.seconds;
    position += header_size + header.captured;
  }
  return true;
}

PcapReader::Header PcapReader::header_at(std::size_t position) const {
  const auto octets = Reader(source_->view().subspan(position, kPacketHeader)).octets<kPacketHeader>();
  std::array<std::uint64_t, 4> numbers{number_at<4, 0>(octets), number_at<4, 4>(octets),
                                       number_at<4, 8>(octets), number_at<4, 12>(octets)};
  if (little_endian_) {
    numbers = {number_at_le<4, 0>(octets), number_at_le<4, 4>(octets), number_at_le<4, 8>(octets),
               number_at_le<4, 12>(octets)};
  }
  Header out;
  out.seconds = static_cast<std::uint32_t>(numbers[0]);
  out.fraction = static_cast<std::uint32_t>(numbers[1]);
  out.captured = static_cast<std::uint32_t>(numbers[2]);
  out.on_wire = static_cast<std::uint32_t>(numbers[3]);
  const bool swapped =
      lengths_ == Lengths::swapped || (lengths_ == Lengths::swapped_if_larger && out.captured > out.on_wire);
  if (swapped) std::swap(out.captured, out.on_wire);
  return out;
}

// Of the header that stands first. Zeros are what a full disk or a crash leaves behind. A fraction of more
// than a second is forgiven to a writer whose next packet begins where this one ends.
bool PcapReader::acceptable(const Header& header) {
  if (header.captured > most_captured_) return false;
  if (header.seconds == 0 && header.fraction == 0 && header.captured == 0 && header.on_wire == 0)
    return false;
  if (header.fraction < (nanoseconds_ ? 1'000'000'000U : 1'000'000U)) return true;
  const std::size_t behind = header_size_ + header.captured;
  if (source_->ensure(behind + header_size_)) return header_at(behind).captured <= most_captured_;
  return source_->view().size() == behind;
}

bool PcapReader::plausible(const Header& header, std::optional<std::uint32_t> near_seconds) const {
  if (header.captured > most_captured_ || header.captured > header.on_wire) return false;
  if (header.on_wire == 0 || header.on_wire > kMaxPacket) return false;
  if (header.fraction >= (nanoseconds_ ? 1'000'000'000U : 1'000'000U)) return false;
  return are_near(header.seconds, near_seconds);
}

std::optional<std::size_t> PcapReader::plausible_record(std::size_t position) const {
  const Header header = header_at(position);
  if (!plausible(header, last_seconds_)) return std::nullopt;
  return header_size_ + header.captured;
}

}  // namespace tlspeel::capture
