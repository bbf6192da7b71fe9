// modules: secrets
// A key log: what is counted adds up, and what is found has an id that was asked for.
#include <algorithm>

#include "tlspeel/secrets/key_log.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tlspeel::secrets::KeyLog;
  using tlspeel::secrets::KeyLogLabel;
  const tlspeel::ByteView text(data, size);
  KeyLog log;
  log.add(text, 0);
  log.add(text, 1);
  const KeyLog::Statistics first = log.statistics(0);
  const KeyLog::Statistics second = log.statistics(1);
  if (first.secrets != log.size() || second.secrets != 0) __builtin_trap();
  // Read again, each secret is a duplicate, and what contradicts still does.
  if (second.duplicates != first.secrets + first.duplicates) __builtin_trap();
  if (second.contradictions != first.contradictions || second.malformed != first.malformed) __builtin_trap();
  if (first.problems.size() > KeyLog::kProblemsNamed) __builtin_trap();
  const tlspeel::ByteView id = text.first(std::min<std::size_t>(size, 32));
  (void)log.knows(id);
  (void)log.find(KeyLogLabel::rsa_session_id, id);
  return 0;
}
