// libpcap reads every sample capture that it can; packet by packet it has to say the same.
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include "capture/link_type.hpp"
#include "capture_files.hpp"

namespace tlspeel::capture {
namespace {

using namespace test;

// nullopt: libpcap cannot read it to its end.
std::optional<std::vector<ReadPacket>> by_libpcap(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  pcap_t* handle =
      pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, reason.data());
  if (handle == nullptr) return std::nullopt;
  std::vector<ReadPacket> out;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  int result = 0;
  while ((result = pcap_next_ex(handle, &header, &data)) == 1) {
    out.push_back({out.size() + 1, std::int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec,
                   header->len, pcap_datalink(handle), std::string(as_text({data, header->caplen}))});
  }
  pcap_close(handle);
  if (result != PCAP_ERROR_BREAK) return std::nullopt;
  return out;
}

TEST(Oracle, SampleCapturesAreReadAsLibpcapReadsThem) {
  int compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TLSPEEL_TESTDATA "/captures")) {
    const std::string extension = entry.path().extension();
    if (extension != ".pcap" && extension != ".pcapng") continue;
    // libpcap turns the numbers inside of the packets of the first to its machine's byte order, and takes the
    // zeros at the end of the second for packets; here neither is done. What AIX writes it reads as such only
    // on AIX.
    const std::string name = entry.path().filename();
    if (name == "capture_nflog_big_endian.pcap" || name == "capture_zero_tail.pcap") continue;
    if (name == "capture_aix.pcap") continue;
    const auto expected = by_libpcap(entry.path());
    if (!expected) continue;
    SCOPED_TRACE(entry.path());
    const ReadBack read = read_all({entry.path()});
    EXPECT_TRUE(read.problems.empty());
    EXPECT_TRUE(read.packets == *expected);
    ++compared;
  }
  EXPECT_GT(compared, 20);
}

TEST(Oracle, LinkTypesAreThoseOfLibpcap) {
  const TemporaryFolder folder;
  for (std::uint32_t link_type = 0; link_type < 400; ++link_type) {
    const std::string path = folder.write("a.pcap", pcap({}, link_type));
    std::array<char, PCAP_ERRBUF_SIZE> reason{};
    pcap_t* handle = pcap_open_offline(path.c_str(), reason.data());
    ASSERT_NE(handle, nullptr) << reason.data();
    EXPECT_EQ(dlt_of_link_type(link_type), pcap_datalink(handle)) << link_type;
    pcap_close(handle);
  }
}

}  // namespace
}  // namespace tlspeel::capture
