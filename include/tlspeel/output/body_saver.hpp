// --save-bodies: every body of HTTP as a file of its own, and a list of them. Takes every event of a run in
// order; BodyPiece events go into a part without a name, which gets its name ("000012.003_www.example.com_
// static_app.js": connection, exchange, host, path, and what the media type calls for) when the HttpMessage
// comes that it belongs to, and goes where LeftOut says that nothing of it is shown. Bytes that are known to
// be missing are zeros. The list has a line for each file, fields separated by tabs, see kBodyListHead. No
// I/O here: the store, which outlives the saver, opens, writes, and remembers failures. Memory: a few words
// for every body under way, and the requests without a response, up to a bound. Single threaded.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "tlspeel/base/bytes.hpp"
#include "tlspeel/base/direction.hpp"
#include "tlspeel/base/endpoint.hpp"
#include "tlspeel/event/event.hpp"
#include "tlspeel/output/writer.hpp"

namespace tlspeel::output {

// Files that have no name until they are complete.
class PartStore {
 public:
  virtual ~PartStore() = default;
  // The first call for a part makes it.
  virtual void append(std::uint64_t part, ByteView bytes) = 0;
  // As append() with `count` zeros, which need no room on the disk.
  virtual void skip(std::uint64_t part, std::uint64_t count) = 0;
  // Makes a file of it (an empty one where there is no such part), and says what it is called: stem and
  // extension, with a number between them where there is such a file. Empty: it could not be made.
  virtual std::string keep(std::uint64_t part, const std::string& stem, const std::string& extension) = 0;
  virtual void drop(std::uint64_t part) = 0;
  // Appends lines to the list, which begins with head where it is new.
  virtual void list(std::string_view head, std::string_view lines) = 0;
};

inline constexpr std::string_view kBodyListHead =
    "file\tconnection\texchange\tdirection\tmethod\turl\tstatus\tmedia_"
    "type\tsize\tcoding\tdecoded\tcomplete\t"
    "missing\tnote\n";

class BodySaver final : public Writer {
 public:
  // As for StreamSaver: the first hole that goes beyond this and all behind it in the file get no zeros.
  static constexpr std::uint64_t kMaxPadding = std::uint64_t{4} << 30U;

  explicit BodySaver(PartStore& store) : store_(store) {}
  void write(const event::Placed& placed) override;
  void flush() override;
  void finish() override;

 private:
  struct Part {
    std::uint64_t id = 0;
    std::uint64_t at = 0;  // bytes and holes that it holds
    std::uint64_t padding_left = kMaxPadding;
  };
  // What its response wants to know of a request.
  struct Request {
    std::string method;
    std::string host;
    std::string target;
    std::string url;
  };
  using Exchange = std::uint32_t;
  struct Connection {
    Endpoint server;  // stands for the host where no request names one
    std::string server_name;
    std::map<std::pair<Exchange, Direction>, Part> parts;
    std::map<Exchange, Request> requests;
  };
  using Connections = std::unordered_map<std::uint64_t, Connection>;

  void take(Connection& connection, const event::BodyPiece& piece);
  void take(std::uint64_t number, Connection& connection, const event::HttpMessage& message);
  void leave_out(std::uint64_t number, Exchange exchange);
  void remember(Connection& connection, const event::HttpMessage& message);
  void keep(std::uint64_t number, const Connection& connection, const event::HttpMessage& message, Part part);
  void pad(Part& part, std::uint64_t to);
  void add_line(const std::string& file, std::uint64_t number, const Request& request,
                const event::HttpMessage& message, bool padded);
  void drop_all(Connection& connection);

  PartStore& store_;
  Connections connections_;  // that have not ended
  std::uint64_t last_part_ = 0;
  std::string lines_;  // for the list
};

}  // namespace tlspeel::output
