// A whole file of secrets in memory that is cleansed, read without a buffer in between. Errors are one
// sentence that names the file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "tlspeel/base/result.hpp"
#include "tlspeel/base/secret_bytes.hpp"

namespace tlspeel::secrets {

// Also of a pipe. A longer file is an error: "too large to be " and `what`.
Result<SecretBytes> read_secret_file(const std::string& path, std::size_t longest, std::string_view what);

}  // namespace tlspeel::secrets
