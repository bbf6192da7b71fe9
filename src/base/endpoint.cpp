#include "tlspeel/base/endpoint.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace tlspeel {

IpAddress IpAddress::from_v4(ByteView four) {
  IpAddress out;
  std::copy_n(four.begin(), std::min<std::size_t>(4, four.size()), out.octets.begin());
  return out;
}

IpAddress IpAddress::from_v6(ByteView sixteen) {
  IpAddress out;
  out.v6 = true;
  std::copy_n(sixteen.begin(), std::min<std::size_t>(16, sixteen.size()), out.octets.begin());
  return out;
}

std::string IpAddress::to_string() const {
  // Not by inet_ntop(), which takes ten times as long for these, and every connection has two.
  if (!v6) return fmt::format("{}.{}.{}.{}", octets[0], octets[1], octets[2], octets[3]);
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, octets.data(), text.data(), text.size());
  return text.data();
}

std::string Endpoint::to_string() const {
  return address.v6 ? fmt::format("[{}]:{}", address.to_string(), port)
                    : fmt::format("{}:{}", address.to_string(), port);
}

}  // namespace tlspeel
