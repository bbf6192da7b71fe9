// Counts what a test's thread allocates with operator new and inside OpenSSL, and what it holds of that. A
// test program that has counted_allocations.cpp among its sources has its operators instead of the library's.
#pragma once

#include <cstddef>

namespace tlspeel {

// Of this thread, since it began.
std::size_t allocations();
// Bytes that this thread allocated and nobody freed, as the allocator rounds them.
std::ptrdiff_t live_bytes();
// False: OpenSSL was in use before it could be told.
bool openssl_is_counted();

}  // namespace tlspeel
