/* What Swift cannot import from the kernel's and glibc's headers. Each shim says why it is here:
 * [variadic], [macro], [gnu-only], [enum type differs], [no libc wrapper, kernel >= x.y].
 * Convention: -1 and errno like the system call. */
#ifndef CLINUX_H
#define CLINUX_H
#include <sys/fanotify.h>
#endif
