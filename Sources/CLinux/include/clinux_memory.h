#ifndef CLINUX_MEMORY_H
#define CLINUX_MEMORY_H

/* [gnu-only] Gives back to the kernel what this process holds and does not need now: free memory of
 * the heap (malloc_trim(3)), and the pages of the program and its libraries, which come back from
 * the page cache when they are used again (madvise(2), MADV_DONTNEED). Only pages that cannot have
 * been written to. Any thread; others may go on meanwhile. */
void clinux_release_memory(void);
#endif
