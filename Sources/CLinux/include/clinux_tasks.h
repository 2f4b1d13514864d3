#ifndef CLINUX_TASKS_H
#define CLINUX_TASKS_H
#include <stdint.h>
/* Headers that glibc's module map leaves out. */
#include <sys/pidfd.h>
#include <sys/signalfd.h>

/* [no libc wrapper] capget(2) of the calling thread. */
int clinux_capabilities(uint64_t *_Nonnull effective, uint64_t *_Nonnull permitted);
#endif
