#include "tlspeel/capture/secrets_blocks.hpp"

namespace tlspeel::capture {

struct SecretsBlockWalker::State {};

SecretsBlockWalker::SecretsBlockWalker(OnSecretsBlock) {}
SecretsBlockWalker::~SecretsBlockWalker() = default;
SecretsBlockWalker::SecretsBlockWalker(SecretsBlockWalker&&) noexcept = default;
void SecretsBlockWalker::push(ByteView) {}
bool SecretsBlockWalker::ended() const {
  return true;
}
std::uint64_t SecretsBlockWalker::skip() const {
  return 0;
}
Result<void> read_secrets_blocks(const std::string&, const OnSecretsBlock&) {
  return {};
}

}  // namespace tlspeel::capture
