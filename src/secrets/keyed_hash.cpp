#include "keyed_hash.hpp"

#include <array>
#include <bit>
#include <random>

namespace tlspeel::secrets {
namespace {

class SipHash {
 public:
  SipHash(std::uint64_t key0, std::uint64_t key1)
      : v_{key0 ^ 0x736f6d6570736575ULL, key1 ^ 0x646f72616e646f6dULL, key0 ^ 0x6c7967656e657261ULL,
           key1 ^ 0x7465646279746573ULL} {}

  void word(std::uint64_t m) {
    v_[3] ^= m;
    round();
    round();
    v_[0] ^= m;
  }

  std::uint64_t finish() {
    v_[2] ^= 0xff;
    for (int i = 0; i < 4; ++i) round();
    return v_[0] ^ v_[1] ^ v_[2] ^ v_[3];
  }

 private:
  void round() {
    v_[0] += v_[1];
    v_[2] += v_[3];
    v_[1] = std::rotl(v_[1], 13) ^ v_[0];
    v_[3] = std::rotl(v_[3], 16) ^ v_[2];
    v_[0] = std::rotl(v_[0], 32);
    v_[2] += v_[1];
    v_[0] += v_[3];
    v_[1] = std::rotl(v_[1], 17) ^ v_[2];
    v_[3] = std::rotl(v_[3], 21) ^ v_[0];
    v_[2] = std::rotl(v_[2], 32);
  }

  std::array<std::uint64_t, 4> v_;
};

std::uint64_t little_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

std::array<std::uint64_t, 2> random_key() {
  std::random_device device;
  std::array<std::uint64_t, 2> key{};
  for (std::uint64_t& half : key) half = std::uint64_t{device()} << 32 | device();
  return key;
}

}  // namespace

std::uint64_t siphash(std::uint64_t key0, std::uint64_t key1, ByteView message) {
  SipHash hash(key0, key1);
  ByteView rest = message;
  for (; rest.size() >= 8; rest = rest.subspan(8)) hash.word(little_endian(rest.first(8)));
  hash.word(static_cast<std::uint64_t>(message.size()) << 56 | little_endian(rest));
  return hash.finish();
}

std::uint64_t keyed_hash(ByteView id, std::uint64_t kind) {
  static const std::array<std::uint64_t, 2> key = random_key();
  return siphash(key[0], key[1] ^ kind, id);
}

}  // namespace tlspeel::secrets
