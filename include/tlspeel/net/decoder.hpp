// Link layer, IP, tunnels and TCP header of one captured packet. Checksums are not looked at (offloading
// makes them wrong in most captures), lengths are. IP fragments are held and joined, so packets must come in
// capture order and one Decoder must see all of them. Lifetime: Segment::payload points into `bytes`, or, for
// a joined datagram, into this Decoder, until the next decode() or next(). Errors: every packet gets a
// Verdict, none is an exception. Memory is bounded (see fragments.hpp); ordinary packets allocate nothing.
// Not thread safe. Sources: RFC 791, RFC 8200, RFC 9293; link types as on tcpdump.org/linktypes.html; tunnels
// as in src/net/tunnels.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "tlspeel/base/packet_ref.hpp"
#include "tlspeel/net/segment.hpp"

namespace tlspeel::net {

class PacketWalk;

enum class Verdict : std::uint8_t {
  tcp,
  not_ip,
  not_tcp,
  quic,  // UDP port 443 with a QUIC long header
  malformed,
  headers_cut,    // the snap length ends inside the IP or TCP header
  fragment_held,  // part of a datagram of which more is to come (or a repetition of one that was joined)
  unknown_link_type,
  filtered,  // the filter did not match, at no depth
};

struct Counters {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;       // captured
  std::uint64_t wire_bytes = 0;  // on the wire
  std::uint64_t cut = 0;         // packets shorter than they were on the wire; not those left out
  std::uint64_t tcp = 0;
  std::uint64_t not_ip = 0;
  std::uint64_t not_tcp = 0;
  std::uint64_t quic = 0;
  std::uint64_t malformed = 0;
  std::uint64_t headers_cut = 0;
  std::uint64_t fragments = 0;  // packets that were IP fragments of something that could be TCP
  std::uint64_t fragments_incomplete =
      0;  // datagrams of which a fragment never came (or a cap was reached); complete after finish()
  std::uint64_t unknown_link_type = 0;
  std::uint64_t filtered = 0;  // of fragments those of which nothing joined matched
  // Of not_ip those whose EtherType is neither read nor usual beside IP (ARP, LLDP, ...); no more entries
  // than there are types.
  std::map<std::uint16_t, std::uint64_t> other_ether_types;
};

// Whether a packet is wanted. Asked for each frame, and where it does not match for each IP packet on the way
// inwards (kRawIp; fragments joined): a segment is handed out where the frame matched, or the frame of any of
// its fragments, or any of the packets it lay in.
using PacketFilter = std::function<bool(int link_type, ByteView bytes, std::uint32_t wire_length)>;
inline constexpr int kRawIp = 12;  // DLT_RAW

class Decoder {
 public:
  explicit Decoder(PacketFilter filter = {});  // none: every packet
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // link_type: DLT_ value. `out` is a segment only with Verdict::tcp.
  Verdict decode(int link_type, ByteView bytes, std::uint32_t wire_length, PacketRef at, Segment& out);
  // A frame can hold several packets (IEEE 802.11's A-MSDU): after Verdict::tcp, the next segment of the same
  // frame; false: there is none. Counters count frames.
  bool next(Segment& out);
  // The capture is over: what is still held will never be complete.
  void finish();
  const Counters& counters() const { return counters_; }

 private:
  void count(Verdict verdict);
  void count_ether_type(int link_type, ByteView frame);

  std::unique_ptr<PacketWalk> walk_;
  Counters counters_;
  std::uint64_t frames_filtered_ = 0;
};

// "Ethernet"; nullptr where the decoder does not know the type.
const char* link_type_name(int link_type);

}  // namespace tlspeel::net
