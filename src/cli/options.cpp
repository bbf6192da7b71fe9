#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <sstream>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tlspeel/output/formats.hpp"

#include "choice_options.hpp"
#include "exit_codes.hpp"
#include "help_text.hpp"
#include "version.hpp"

namespace tlspeel::cli {
namespace {

constexpr std::size_t kMaxThreads = 64;  // as many as there are shards: more would have nothing to do

constexpr const char* kDescription =
    "Reads packet captures, rebuilds the TCP streams, dissects TLS, opens it with the\n"
    "secrets at hand (private keys, key logs, pre-shared keys, ticket keys), and\n"
    "shows the handshake step by step and the HTTP inside as text.";

constexpr const char* kFooter =
    "Examples:\n"
    "  tlspeel dump.pcap                          how TLS was agreed, without any key\n"
    "  tlspeel dump.pcap -k server.key            the same, and the HTTP inside\n"
    "  tlspeel dump.pcap -l keys.log              with the key log of a browser\n"
    "  tlspeel dump.pcap -k server.key --explain  told for somebody who is learning\n"
    "  tlspeel dump.pcap -l keys.log --list       what was asked for, a line each\n"
    "  tcpdump -U -w - port 443 | tlspeel - -k server.key\n"
    "\n"
    "Exit status:\n"
    "  0  the captures were read to their end; what is missing, damaged or closed\n"
    "     inside of connections is told, and changes nothing here\n"
    "  1  it ran, with a problem: a damaged capture, output that could not be written\n"
    "  2  it could not run: a wrong option, a key or a capture that cannot be read\n"
    "  3  secrets were given, there was something to open, and nothing was opened";

constexpr std::size_t kHelpColumn = 28;

std::string formats_help() {
  std::string out;
  for (const auto& row : output::formats()) {
    out += fmt::format("{}{}: {}{}", out.empty() ? "" : "; ", row.name, row.help,
                       out.empty() ? " (default)" : "");
  }
  return out;
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const auto& row : output::formats()) names.emplace_back(row.name);
  return names;
}

// "65536", "64K". CLI11's own sizes take "-1" for the largest there is.
std::uint64_t size_of(const std::string& text) {
  static constexpr std::string_view kSuffixes = "kmg";
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  std::size_t shift = 0;
  bool valid = error == std::errc() && end - rest <= 1;
  if (valid && rest != end) {
    const std::size_t suffix = kSuffixes.find(CLI::detail::to_lower(std::string(rest, end)));
    valid = suffix != std::string_view::npos;
    shift = valid ? 10 * (suffix + 1) : 0;
  }
  if (!valid || number > std::numeric_limits<std::uint64_t>::max() >> shift) {
    throw CLI::ValidationError("--max-body",
                               fmt::format("'{}' is not a number of bytes, such as 0, 5000 or 64K", text));
  }
  return number << shift;
}

// A word that stands for a value. CLI11's own transformer would print the values of the enumerators, too.
template <class Enum>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Enum& target,
                        const std::map<std::string, Enum>& choices, const std::string& help) {
  std::vector<std::string> words;
  words.reserve(choices.size());
  for (const auto& [word, value] : choices) words.push_back(word);
  return app
      .add_option_function<std::string>(
          name, [choices, &target](const std::string& word) { target = choices.at(word); }, folded(help))
      ->check(CLI::IsMember(words));
}

// Among captures - is standard input; here it would make a file of that name, which nobody wants.
CLI::Validator no_dash() {
  return {[](const std::string& path) {
            return path == "-" ? std::string("- is no file; for standard output name /dev/stdout")
                               : std::string();
          },
          ""};
}

void add_when(CLI::App& app, const std::string& name, When& target, const std::string& help) {
  add_choice(app, name, target, {{"auto", When::automatic}, {"always", When::always}, {"never", When::never}},
             help)
      ->type_name("WHEN")
      ->option_text("WHEN");
}

void add_input_options(CLI::App& app, Options& options) {
  app.add_option("CAPTURE", options.captures,
                 folded("capture files (pcap, pcapng, snoop), and folders of them, in any order: together "
                        "they are one capture in the order of time; - is standard input"))
      ->required()
      ->option_text("...");
  app.add_option("-f,--filter", options.filter,
                 folded("only packets that match, in tcpdump's syntax, at any depth of tunnels"))
      ->type_name("EXPR")
      ->option_text("EXPR");
}

// Files of one kind of secret; may be given several times.
void add_secret_files(CLI::App& app, const std::string& name, std::vector<std::string>& files,
                      const std::string& help) {
  app.add_option(name, files, folded(help))->type_name("FILE")->option_text("FILE")->allow_extra_args(false);
}

void add_secret_options(CLI::App& app, Options& options) {
  add_secret_files(app, "-k,--key", options.keys,
                   "private key of the server (PEM, DER, PKCS#8, PKCS#12), a folder of keys, or a URI "
                   "(pkcs11:...); also one whose public half was sent in the handshake; may be repeated");
  add_secret_files(app, "-l,--keylog", options.keylogs,
                   "key log (SSLKEYLOGFILE) of a client or server; may be repeated");
  app.add_option(
         "--psk", options.psks,
         folded("pre-shared key, as IDENTITY:HEX, or HEX for every identity; other users can see it in "
                "the list of processes, but not what is in --psk-file"))
      ->type_name("PSK")
      ->option_text("PSK")
      ->allow_extra_args(false);
  add_secret_files(app, "--psk-file", options.psk_files, "the same, one a line; may be repeated");
  add_secret_files(app, "--ticket-key", options.ticket_keys,
                   "session ticket key of nginx or Apache httpd (48 or 80 bytes); may be repeated");
  app.add_option("--password-file", options.password_file,
                 folded("passwords of encrypted keys and PINs of tokens, one a line"))
      ->type_name("FILE")
      ->option_text("FILE");
  app.add_option("--password-env", options.password_env,
                 folded("environment variable that holds such a password; where none fits, the terminal "
                        "is asked"))
      ->type_name("NAME")
      ->option_text("NAME");
}

void add_output_options(CLI::App& app, Options& options, std::vector<std::string>& show) {
  app.add_option("-o,--output", options.output,
                 folded("write to FILE (made with mode 0600) instead of standard output"))
      ->type_name("FILE")
      ->option_text("FILE");
  app.add_option("--format", options.format, folded(formats_help()))
      ->type_name("NAME")
      ->option_text("NAME")
      ->check(CLI::IsMember(format_names()))
      ->default_val(std::string(output::formats().front().name));
  app.add_option("--show", show,
                 folded("what to show: handshake, http (and whatever else went through TLS), or both "
                        "(default), separated by a comma"))
      ->type_name("LIST")
      ->option_text("LIST")
      ->delimiter(',')
      ->check(CLI::IsMember({"handshake", "http"}))
      ->allow_extra_args(false);
  add_choice(app, "--order", options.order,
             {{"connection", OrderChoice::connection}, {"time", OrderChoice::time}},
             "connection: grouped, each connection when it ends; time: each block as soon as it is complete "
             "(default: connection; time on standard input)")
      ->type_name("ORDER")
      ->option_text("ORDER");
  app.add_flag_callback(
         "--list", [&options] { options.format = output::kListFormat; },
         folded("the same as --format list: what was asked for, by whom, when, and what came of it"))
      ->excludes("--format")
      ->option_text(" ");  // CLI11 would say what it excludes in the column of names
  app.add_option("--har", options.har,
                 folded("write the exchanges with their bodies to FILE (made with mode 0600) as an HTTP "
                        "Archive, for the network panel of a browser"))
      ->type_name("FILE")
      ->option_text("FILE")
      ->check(no_dash());
  app.add_option("--save-streams", options.save_streams,
                 folded("write what each side sent inside TLS, byte for byte, into DIR: one file per "
                        "connection and direction, zeros where bytes are missing, and then a list of these "
                        "places in FILE.holes"))
      ->type_name("DIR")
      ->option_text("DIR");
  app.add_option(
         "--save-bodies", options.save_bodies,
         folded("write the body of every HTTP message, without its codings, into a file of its own in "
                "DIR, named by host, path and media type; DIR/index.tsv says what each of them is"))
      ->type_name("DIR")
      ->option_text("DIR");
  app.add_option(
         "--keylog-out", options.keylog_out,
         folded("write the secrets of the sessions that were opened to FILE (made with mode 0600) as a "
                "key log, so that others can open them without the private key"))
      ->type_name("FILE")
      ->option_text("FILE")
      ->check(no_dash());
}

// "443:80"
void map_port(const std::string& text, std::map<std::uint16_t, std::uint16_t>& ports) {
  const auto port_of = [](std::string_view digits) {
    std::uint16_t port = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, port);
    return error == std::errc() && rest == end ? port : std::uint16_t{0};
  };
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::uint16_t from = port_of(std::string_view(text).substr(0, colon));
  const std::uint16_t to = port_of(std::string_view(text).substr(std::min(colon + 1, text.size())));
  if (from == 0 || to == 0) {
    throw CLI::ValidationError("--map-port",
                               fmt::format("'{}' is not a pair of ports, such as 443:80", text));
  }
  if (const auto [place, fresh] = ports.emplace(from, to); !fresh && place->second != to) {
    throw CLI::ValidationError("--map-port",
                               fmt::format("port {} is mapped to both {} and {}", from, place->second, to));
  }
}

// Files for other programs.
void add_handing_on_options(CLI::App& app, Options& options) {
  app.add_option("--decrypted-pcap", options.decrypted_pcap,
                 folded("write what was inside TLS to FILE (pcapng, made with mode 0600) as TCP without TLS, "
                        "for Wireshark, Zeek, Suricata and others"))
      ->type_name("FILE")
      ->option_text("FILE")
      ->check(no_dash());
  app.add_option_function<std::vector<std::string>>(
         "--map-port",
         [&options](const std::vector<std::string>& pairs) {
           for (const std::string& pair : pairs) map_port(pair, options.mapped_ports);
         },
         folded("port of servers in --decrypted-pcap: 443:80 writes 80 where it was 443, so that it is taken "
                "for HTTP; may be repeated"))
      ->type_name("FROM:TO")
      ->option_text("FROM:TO")
      ->allow_extra_args(false)
      ->needs("--decrypted-pcap");
  app.add_option("--with-secrets", options.with_secrets,
                 folded("write the packets as they were captured to FILE (pcapng, made with mode 0600), and "
                        "into it the secrets of the sessions that were opened, so that Wireshark opens it "
                        "without anything else"))
      ->type_name("FILE")
      ->option_text("FILE")
      ->check(no_dash());
  app.add_option("--certs", options.certs,
                 folded("write the certificate chains that servers and clients sent into DIR, as PEM, each "
                        "chain once, and who sent which into certificates.tsv there"))
      ->type_name("DIR")
      ->option_text("DIR");
  app.add_flag("--verify-certs", options.verify_certs,
               folded("say in certificates.tsv whether each chain would have been believed when it was "
                      "captured, by the certificates that the system trusts"))
      ->needs("--certs")
      ->option_text(" ");  // CLI11 would say what it needs in the column of names
}

void add_detail_options(CLI::App& app, Options& options) {
  app.add_flag(
      "-v,--verbose", options.verbose,
      folded("every field: offered suites, randoms, extensions, fingerprints (JA3, JA4), certificates, "
             "encrypted premaster secret"));
  app.add_flag("--explain", options.explain,
               folded("tell the handshake to somebody who is learning, as a ladder in four steps"));
  app.add_flag("--show-secrets", options.show_secrets,
               folded("show premaster secret, master secret and keys in hex; of TLS 1.3 the traffic "
                      "secrets"));
  app.add_flag(
      "--pretty", options.pretty,
      folded("lay out bodies of JSON, XML and forms for reading; what is not well-formed stays as it is"));
  app.add_option_function<std::string>(
         "--max-body",
         [&options](const std::string& text) {
           options.max_body = size_of(text);
           options.max_body_given = true;
         },
         folded(fmt::format("bytes of a body that are shown (default: {}; suffixes K, M, G: powers of "
                            "1024), or kept in an archive (default: 16M)",
                            options.max_body)))
      ->type_name("BYTES")
      ->option_text("BYTES");
  app.add_option("--threads", options.threads,
                 folded(fmt::format("threads, 1 to {} (default: one for each core); the output does not "
                                    "depend on it",
                                    kMaxThreads)))
      ->type_name("N")
      ->option_text("N")
      ->check(CLI::Range(std::size_t{1}, kMaxThreads));
  add_when(app, "--color", options.color,
           "auto (default: on a terminal, unless NO_COLOR is set), always or never");
}

// What is told on standard error.
void add_report_options(CLI::App& app, Options& options) {
  add_when(app, "--progress", options.progress,
           "how far the run is, on standard error: auto (default: after a second, on a terminal to which the "
           "output does not go), always or never");
  app.add_flag("--stats", options.stats,
               folded("afterwards what was read and opened, and what it took of time and memory, on standard "
                      "error"));
}

Exit exit_of(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    std::ostringstream out;
    std::ostringstream unused;
    app.exit(error, out, unused);
    return {kAllRead, out.str()};
  }
  return {kCouldNotRun, fmt::format("tlspeel: {}\nTry: tlspeel --help\n", error.what())};
}

}  // namespace

std::variant<Options, Exit> parse_options(int argc, const char* const* argv) {
  Options options;
  options.threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMaxThreads);
  std::vector<std::string> show;
  CLI::App app(kDescription, "tlspeel");
  app.footer(kFooter);
  app.get_formatter()->column_width(kHelpColumn);
  app.set_help_flag("-h,--help", "print this help and exit");
  app.set_version_flag("--version", fmt::format("tlspeel {}", kVersion), "print the version and exit");
  add_input_options(app, options);
  add_secret_options(app, options);
  add_choice_options(app, options.choice);
  add_output_options(app, options, show);
  add_handing_on_options(app, options);
  add_detail_options(app, options);
  add_report_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return exit_of(app, error);
  }
  if (options.output == "-") options.output.clear();
  if (!show.empty()) {
    options.show_handshake = std::find(show.begin(), show.end(), "handshake") != show.end();
    options.show_http = std::find(show.begin(), show.end(), "http") != show.end();
  }
  return options;
}

}  // namespace tlspeel::cli
