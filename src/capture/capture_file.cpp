#include "capture/capture_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "tlspeel/base/counts.hpp"

#include "capture/pcap_reader.hpp"
#include "capture/pcapng_reader.hpp"
#include "capture/snoop_reader.hpp"

namespace tlspeel::capture {
namespace {

// Of the first bytes, enough for every kind of file that is known by name.
constexpr std::size_t kHead = 16;

struct Format {
  bool (*is_magic)(ByteView head);
  Result<std::unique_ptr<RecordReader>> (*open)(ByteSource& source);
};

constexpr std::array<Format, 3> kFormats{{
    {PcapngReader::is_magic, PcapngReader::open},
    {PcapReader::is_magic, PcapReader::open},
    {SnoopReader::is_magic, SnoopReader::open},
}};

std::string_view looks_like(ByteView head);

// Null: none of them.
const Format* format_of(ByteView head) {
  const auto* found =
      std::ranges::find_if(kFormats, [head](const Format& one) { return one.is_magic(head); });
  return found == kFormats.end() ? nullptr : found;
}

// From here on the source gives what is inside.
void unpack_if_compressed(ByteSource& source) {
  (void)source.ensure(kCompressionHead);
  if (const auto compression = compression_of(source.view())) source.unpack(*compression);
  (void)source.ensure(kHead);
}

}  // namespace

Result<std::unique_ptr<CaptureFile>> CaptureFile::open(const std::string& path, const SourceOptions& options,
                                                       const OnSecretsBlock& on_secrets) {
  auto source = ByteSource::open(path, options.on_idle, on_secrets);
  if (!source) return fail(source.error().message);
  return of(std::move(*source), input_name(path));
}

Result<std::unique_ptr<CaptureFile>> CaptureFile::of(ByteView bytes, const std::string& name) {
  return of(ByteSource::of(bytes), name);
}

Result<std::unique_ptr<CaptureFile>> CaptureFile::of(std::unique_ptr<ByteSource> source,
                                                     const std::string& name) {
  std::unique_ptr<CaptureFile> file(new CaptureFile(name, std::move(source)));
  auto attached = file->attach();
  if (!attached) return fail(attached.error().message);
  return file;
}

Result<bool> CaptureFile::is_capture(const std::string& path) {
  auto source = ByteSource::open(path, {});
  if (!source) return fail(source.error().message);
  (*source)->read_little();
  unpack_if_compressed(**source);
  if (format_of((*source)->view()) == nullptr) return false;
  CaptureFile file(input_name(path), std::move(*source));
  if (const auto attached = file.attach_unpacked(); !attached) return fail(attached.error().message);
  return true;
}

ReadState CaptureFile::next(Packet& packet, std::uint64_t& number) {
  const ReadState state = reader_->next(packet);
  if (state == ReadState::packet) packet.at.number = ++number;
  if (state == ReadState::damaged) problem_ = describe(reader_->damage(), number);
  return state;
}

Result<void> CaptureFile::attach() {
  unpack_if_compressed(*source_);
  return attach_unpacked();
}

Result<void> CaptureFile::attach_unpacked() {
  pcapng_ = PcapngReader::is_magic(source_->view());
  const Format* format = format_of(source_->view());
  if (format == nullptr) return fail(fmt::format("{}: {}", name_, why_not_opened("")));
  auto reader = format->open(*source_);
  if (!reader) return fail(fmt::format("{}: {}", name_, why_not_opened(reader.error().message)));
  reader_ = std::move(*reader);
  return {};
}

std::string CaptureFile::why_not_opened(std::string_view reason) const {
  if (!source_->error().empty()) return source_->error();
  std::string why = what_is_wrong(reason);
  if (!source_->compression()) return why;
  return fmt::format("is {}-compressed, and what is in it {}", name_of(*source_->compression()), why);
}

std::string CaptureFile::what_is_wrong(std::string_view reason) const {
  const ByteView head = source_->view().first(std::min(source_->view().size(), kHead));
  if (head.empty() && source_->offset() == 0) return "is empty";
  if (reason.empty()) {
    // Where a capture's header was taken already, only its rest is missing.
    const std::string_view kind = source_->offset() == 0 ? looks_like(head) : std::string_view();
    return kind.empty() ? "is cut off before its first packet" : std::string(kind);
  }
  return fmt::format("cannot be read as a capture ({})", reason);
}

std::string CaptureFile::describe(const Damage& damage, std::uint64_t number) const {
  const std::string_view bytes = source_->compression() ? "unpacked bytes" : "bytes";
  switch (damage.kind) {
    case Damage::Kind::cut:
      // In pcapng it need not be a packet that was cut.
      if (pcapng_)
        return fmt::format("{}: cut off after packet {}; everything before it was read", name_, number);
      return fmt::format("{}: cut off in the middle of packet {}; everything before it was read", name_,
                         number + 1);
    case Damage::Kind::skipped:
      return fmt::format(
          "{}: damaged behind packet {}: {} {} from byte {} on were left out ({}); reading goes on behind "
          "them",
          name_, number, grouped(damage.skipped), bytes, grouped(damage.offset), damage.what);
    case Damage::Kind::rest:
      break;
  }
  // What comes out of a compressed file before it fails ends anywhere.
  if (source_->compression() && damage.what == source_->error()) {
    return source_->unconfirmed() ? fmt::format("{}: {}: what was read, up to packet {}, may be damaged",
                                                name_, damage.what, number)
                                  : fmt::format("{}: {} behind packet {}; everything before it was read",
                                                name_, damage.what, number);
  }
  return fmt::format(
      "{}: cannot be read beyond packet {} ({} {} from byte {} on: {}); everything before it was read", name_,
      number, grouped(damage.skipped), bytes, grouped(damage.offset), damage.what);
}

namespace {

struct Kind {
  std::string_view start;
  std::string_view sentence;
};

// What people hand over by mistake, by its first bytes.
constexpr std::array<Kind, 6> kKinds{{
    {"\x1f\x9d", "is packed by compress(1); unpack it first (gunzip)"},
    {"PK\x03\x04", "is a ZIP archive; unpack it first (unzip)"},
    {"7z\xbc\xaf\x27\x1c", "is a 7z archive; unpack it first (7z x)"},
    {"Rar!\x1a\x07", "is a RAR archive; unpack it first (unrar x)"},
    {"-----BEGIN ", "is a PEM file (a key or a certificate), not a capture"},
    {"\177ELF", "is a program, not a capture"},
}};

// Empty where it is a capture, though a broken one, as far as its first bytes tell.
std::string_view looks_like(ByteView head) {
  const std::string_view text = as_text(head);
  for (const Kind& kind : kKinds) {
    if (text.starts_with(kind.start)) return kind.sentence;
  }
  if (head.size() < 4) return "is not a capture (too short)";
  if (compression_of(head)) return "is compressed once more; unpack it first";
  if (format_of(head) != nullptr) return {};
  return "is not a capture (neither pcap nor pcapng nor snoop)";
}

}  // namespace

}  // namespace tlspeel::capture
