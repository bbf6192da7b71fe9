#include "crypto/keyed_cipher.hpp"

#include <algorithm>

namespace tlspeel::crypto {

// Two for each of the connections that are busy at the same time; some 20 kB for a thread.
class ContextPool {
 public:
  EVP_CIPHER_CTX* context(KeyedCipher& cipher) {
    Entry* entry = &entries_.at(cipher.place_);
    if (!is_of(*entry, cipher)) {
      entry = &rekeyed(cipher);
      cipher.place_ = static_cast<std::uint8_t>(entry - entries_.data());
    }
    entry->last_use = ++uses_;
    return entry->context.get();
  }

  void forget(const KeyedCipher& cipher) {
    Entry& entry = entries_.at(cipher.place_);
    if (!is_of(entry, cipher)) return;
    // What OpenSSL made of the key goes, too.
    cleanse(entry.key.bytes);
    if (!set_key(entry, entry.key.view())) entry.context.reset();
    entry.key.size = 0;
    entry.last_use = 0;
  }

 private:
  static constexpr std::size_t kContexts = 16;

  struct Entry {
    CipherCtxPtr context;
    BulkId id = BulkId::unknown;
    CipherDirection direction = CipherDirection::decrypt;
    BulkKey key;                 // empty: nobody's
    std::uint64_t last_use = 0;  // 0: nobody's
  };

  // Whoever has the same key may use it: nothing is in a context between two messages.
  static bool is_of(const Entry& entry, const KeyedCipher& cipher) {
    return entry.key.size != 0 && fits(entry, cipher) && std::ranges::equal(entry.key.view(), cipher.key());
  }
  static bool fits(const Entry& entry, const KeyedCipher& cipher) {
    return entry.context && entry.id == cipher.id_ && entry.direction == cipher.direction_;
  }
  static bool set_key(Entry& entry, ByteView key) {
    const ErrorQueueScope errors;
    return EVP_CipherInit_ex(entry.context.get(), nullptr, nullptr, key.data(), nullptr, kSameDirection) == 1;
  }

  Entry& rekeyed(const KeyedCipher& cipher) {
    // Of those that nobody has, one that needs nothing but the key.
    Entry& entry = *std::ranges::min_element(entries_, [&](const Entry& a, const Entry& b) {
      if (a.last_use != b.last_use) return a.last_use < b.last_use;
      return fits(a, cipher) && !fits(b, cipher);
    });
    entry.key.size = 0;
    if (!fits(entry, cipher) || !set_key(entry, cipher.key())) {
      entry.context = make_cipher_context(cipher.id_, cipher.kind_, cipher.key(), cipher.direction_);
      entry.id = cipher.id_;
      entry.direction = cipher.direction_;
    }
    entry.key = cipher.key_;
    return entry;
  }

  std::array<Entry, kContexts> entries_;
  std::uint64_t uses_ = 0;
};

namespace {

ContextPool& pool() {
  thread_local ContextPool of_this_thread;
  return of_this_thread;
}

}  // namespace

KeyedCipher::KeyedCipher(BulkId id, BulkKind kind, ByteView key, CipherDirection direction)
    : id_(id), kind_(kind), direction_(direction) {
  check_key(id, kind, key);
  std::ranges::copy(key, key_.bytes.begin());
  key_.size = static_cast<std::uint8_t>(key.size());
  context();
}

KeyedCipher::~KeyedCipher() {
  pool().forget(*this);
}

EVP_CIPHER_CTX* KeyedCipher::context() {
  return pool().context(*this);
}

}  // namespace tlspeel::crypto
