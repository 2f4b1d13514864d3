// malloc, calloc and realloc of the whole process, shared libraries included: count, then do what
// glibc does. A program that defines them is asked before the C library (dynamic linking order).

#include "allocations.h"

#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static atomic_uint_fast64_t counter;

uint64_t allocations_count(void) { return atomic_load_explicit(&counter, memory_order_relaxed); }

static void count_one(void) { atomic_fetch_add_explicit(&counter, 1, memory_order_relaxed); }

void *malloc(size_t size) {
    count_one();
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    count_one();
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    count_one();
    return __libc_realloc(old, size);
}
