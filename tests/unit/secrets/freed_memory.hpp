// Looks into memory at the moment when it is given back, by operator delete and by OpenSSL: whether the bytes
// of a secret are still there. For one thread at a time.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace freed_memory {

// What to look for; static text. At most four.
void watch(std::initializer_list<std::string_view> secrets);
void stop();
// Until the next watch().
void pass_over_openssl();
// In how many pieces of memory that were given back one of them stood.
std::size_t found();
// OpenSSL's memory is watched, too: not where it was used before the program had begun.
bool sees_openssl();

}  // namespace freed_memory
