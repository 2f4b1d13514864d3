#ifndef CLINUX_GUARDIAN_H
#define CLINUX_GUARDIAN_H
#include <sys/types.h>

/* [unavailable in Swift] fork(2). Only while the process has one thread. */
pid_t clinux_fork(void);

/* [variadic] prctl(PR_SET_PDEATHSIG, SIGKILL): the calling process dies with its parent. */
int clinux_die_with_parent(void);

/* [macro] waitpid(2) decoded: 0 while the child runs (only without `block`), 1 if it exited with
 * `*value` as its status, 2 if signal `*value` ended it, -1 and errno on failure. */
int clinux_wait_child(pid_t child, int block, int *_Nonnull value);

/* [unavailable in Swift] execve(2) with a name only; comes back with -1. */
int clinux_try_exec(const char *_Nonnull path);
#endif
