// Counts the allocations of this process: how many, not how large.

#pragma once

#include <stdint.h>

// How often memory was asked for since the process started; this thread or any other.
uint64_t allocations_count(void);
