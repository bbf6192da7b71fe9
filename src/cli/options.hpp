// The command line as a value. One entry in options.cpp and one field here for each option; nothing is opened
// or run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tlspeel/output/choice.hpp"
#include "tlspeel/output/decrypted_pcap.hpp"

namespace tlspeel::cli {

enum class When : std::uint8_t { automatic, always, never };
enum class OrderChoice : std::uint8_t { automatic, connection, time };

struct Options {
  std::vector<std::string> captures;
  std::vector<std::string> keys;
  std::vector<std::string> keylogs;
  std::vector<std::string> psks;
  std::vector<std::string> psk_files;
  std::vector<std::string> ticket_keys;
  std::string password_file;
  std::string password_env;
  std::string filter;
  std::string output;  // empty: standard output
  std::string format;
  bool show_handshake = true;
  bool show_http = true;
  OrderChoice order = OrderChoice::automatic;
  output::Choice choice;       // empty: everything
  std::string har;             // file; empty: not asked for
  std::string save_bodies;     // directory; empty: not asked for
  std::string save_streams;    // directory; empty: not asked for
  std::string keylog_out;      // file; empty: not asked for
  std::string decrypted_pcap;  // file; empty: not asked for
  output::PortMap mapped_ports;
  std::string with_secrets;  // file; empty: not asked for
  std::string certs;         // directory; empty: not asked for
  bool verify_certs = false;
  bool verbose = false;
  bool explain = false;
  bool show_secrets = false;
  bool pretty = false;
  std::size_t threads = 1;
  std::uint64_t max_body = 65536;
  bool max_body_given = false;
  When color = When::automatic;
  When progress = When::automatic;
  bool stats = false;
};

// What to do instead of running: print (help, version) or say what was wrong with the command line.
struct Exit {
  int code = 0;
  std::string text;
};

std::variant<Options, Exit> parse_options(int argc, const char* const* argv);

}  // namespace tlspeel::cli
