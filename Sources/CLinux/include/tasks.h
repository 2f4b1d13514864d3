/* Tasks: descriptors of processes and signals, capabilities. */
#ifndef CLINUX_TASKS_H
#define CLINUX_TASKS_H
#include <signal.h>
#include <stdint.h>

/* [gnu-only] pidfd_open(2); close-on-exec. */
int clinux_pidfd_open(pid_t pid);
/* [gnu-only] pidfd_send_signal(2). */
int clinux_pidfd_send_signal(int pidfd, int signal);
/* [gnu-only] signalfd(2), close-on-exec and non-blocking. */
int clinux_signalfd(const sigset_t *_Nonnull signals);

/* One record of a signal descriptor; the fields that are read. */
struct clinux_signal {
    uint32_t number;
    int32_t code;
    uint32_t sender_pid;
    uint32_t sender_uid;
};
/* [gnu-only] Reads one struct signalfd_siginfo; 1, 0 if none is pending, -1 and errno. */
int clinux_read_signal(int fd, struct clinux_signal *_Nonnull out);

/* [gnu-only] eventfd(2), close-on-exec and non-blocking. */
int clinux_stop_event(void);

/* [no libc wrapper] capget(2) of the calling thread. */
int clinux_capabilities(uint64_t *_Nonnull effective, uint64_t *_Nonnull permitted);
#endif
