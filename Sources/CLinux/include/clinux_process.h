#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

/* [gnu-only] process_vm_readv(2) into one local buffer. Returns the bytes read; stops at the first
 * page that cannot be read. May block for as long as the other process's page faults do. */
ssize_t clinux_read_remote(pid_t pid, void *_Nonnull local, size_t size,
                           const struct iovec *_Nonnull remote, unsigned long count);

/* [gnu-only] 0 if `tid` is the leader of a thread group, -1 and ESRCH if it is another thread or
 * gone. Sends nothing: tgkill(2) with signal 0 only checks. */
int clinux_check_group_leader(pid_t tid);

/* [variadic] prctl(PR_SET_DUMPABLE). With 0, neither core dump helpers nor other users' debuggers
 * are started for this process. */
int clinux_set_dumpable(int dumpable);

/* [gnu-only] Names the calling thread; at most 15 bytes. */
int clinux_name_thread(const char *_Nonnull name);

/* [no libc wrapper] Puts the calling thread before ordinary ones: nice -20, and since Linux 6.12
 * slices of 0.1 ms, so that it need not wait for the slice of another to end (sched_setattr(2));
 * what it may start is ordinary again. -1 and EPERM without CAP_SYS_NICE. */
int clinux_make_urgent(void);

/* [variadic] gettid for the calling thread. */
pid_t clinux_thread_id(void);
#endif
