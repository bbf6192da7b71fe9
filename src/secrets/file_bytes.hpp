// A whole file of secrets in memory that is cleansed, read without a buffer in between. Errors are one
// sentence that names the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tlspeel/base/result.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

// Also of a pipe. A longer file is an error: "too large to be " and `what`.
Result<SecretBytes> read_secret_file(const std::string& path, std::size_t longest, std::string_view what);

// What stands in a file from `offset` on, at most `most` bytes; less, or nothing, where it cannot be read.
SecretBytes read_secret_part(const std::string& path, std::uint64_t offset, std::size_t most);

}  // namespace tlspeel::secrets
