// modules: secrets
// Tickets: the state inside as it is, and the whole under a key whose name is sixteen zeros and whose HMAC
// nobody has.
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "tlspeel/secrets/ticket_keys.hpp"

namespace {

tlspeel::secrets::TicketKeys zero_keys() {
  const auto path = std::filesystem::temp_directory_path() / ("fuzz_ticket_" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary) << std::string(48, '\0');
  tlspeel::secrets::TicketKeys keys;
  if (!keys.add_file(path.string(), "zeros")) __builtin_trap();
  std::filesystem::remove(path);
  return keys;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tlspeel::secrets::TicketKeys keys = zero_keys();
  const tlspeel::ByteView bytes(data, size);
  const auto session = tlspeel::secrets::parse_ticket_state(bytes);
  if (session && session->secret.size() != 32 && session->secret.size() != 48) __builtin_trap();
  (void)keys.open(bytes);
  return 0;
}
