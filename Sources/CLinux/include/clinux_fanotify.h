#ifndef CLINUX_FANOTIFY_H
#define CLINUX_FANOTIFY_H
#include <sys/fanotify.h>

/* [gnu-only] open(2) flag; the value differs between architectures. */
extern const int clinux_O_PATH;

/* From now on a fatal signal in any thread closes `group` before the process dies, so that every
 * held exec goes free at once and a core dump helper or a crash reporter cannot be held by us.
 * Passing -1 forgets the group. The signal's default action follows. Unblocks the fatal signals in
 * the calling thread and those it creates. */
void clinux_close_on_fatal_signal(int group);

/* Gives the calling thread an alternate signal stack of static thread-local memory, so that the
 * handler runs even after a stack overflow. -1 and errno on failure. */
int clinux_use_alternate_stack(void);
#endif
