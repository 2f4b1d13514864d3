/* What Swift cannot import from the kernel's and glibc's headers. Each shim says why it is here:
 * [variadic], [macro], [gnu-only], [enum type differs], [no libc wrapper, kernel >= x.y].
 * Convention: -1 and errno like the system call; no logic, no allocation, no state, except the
 * fatal-signal handler, which must be C and async-signal-safe. */
#ifndef CLINUX_H
#define CLINUX_H
#include "clinux_events.h"
#include "clinux_fanotify.h"
#include "clinux_files.h"
#include "clinux_guardian.h"
#include "clinux_memory.h"
#include "clinux_process.h"
#include "clinux_sockets.h"
#include "clinux_tasks.h"
#endif
