#define _GNU_SOURCE
#include "clinux_process.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t clinux_read_remote(pid_t pid, void *local, size_t size, const struct iovec *remote,
                           unsigned long count) {
    struct iovec into = {.iov_base = local, .iov_len = size};
    return process_vm_readv(pid, &into, 1, remote, count, 0);
}

int clinux_check_group_leader(pid_t tid) { return tgkill(tid, tid, 0); }

int clinux_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }

int clinux_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

/* The first version of the kernel's struct sched_attr; glibc 2.36 has none. */
struct attributes {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};
_Static_assert(sizeof(struct attributes) == 48, "SCHED_ATTR_SIZE_VER0");

int clinux_make_urgent(void) {
    enum { RESET_ON_FORK = 1, NICE = -20, SLICE_NANOSECONDS = 100000 };
    struct attributes wanted = {.size = sizeof wanted,
                                .policy = SCHED_OTHER,
                                .flags = RESET_ON_FORK,
                                .nice = NICE,
                                .runtime = SLICE_NANOSECONDS};
    return (int)syscall(SYS_sched_setattr, 0, &wanted, 0);
}

pid_t clinux_thread_id(void) { return gettid(); }
