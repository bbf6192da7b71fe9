// What this process has used of the machine so far. Thread safe; 0 where the system does not tell.
#pragma once

#include <cstdint>

namespace tlspeel::pipeline {

std::int64_t process_time();  // processor time of all threads, nanoseconds
std::uint64_t peak_memory();  // bytes in memory at most

}  // namespace tlspeel::pipeline
