#define _GNU_SOURCE
#include "clinux_process.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

ssize_t clinux_read_remote(pid_t pid, void *local, size_t size, const struct iovec *remote,
                           unsigned long count) {
    struct iovec into = {.iov_base = local, .iov_len = size};
    return process_vm_readv(pid, &into, 1, remote, count, 0);
}

int clinux_check_group_leader(pid_t tid) { return tgkill(tid, tid, 0); }

int clinux_set_dumpable(int dumpable) { return prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0); }

int clinux_name_thread(const char *name) { return pthread_setname_np(pthread_self(), name); }

int clinux_make_urgent(void) {
    struct sched_param parameters = {.sched_priority = sched_get_priority_min(SCHED_RR)};
    return sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &parameters);
}

pid_t clinux_thread_id(void) { return gettid(); }
