#define _GNU_SOURCE
#include "clinux_fanotify.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

const int clinux_O_PATH = O_PATH;

static atomic_int fatal_group = -1;

/* Runs in whichever thread died, possibly with Swift's locks held: only async-signal-safe calls. */
static void close_group_and_die(int signal_number) {
    int group = atomic_exchange(&fatal_group, -1);
    if (group >= 0) {
        close(group);
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void clinux_close_on_fatal_signal(int group) {
    static const int fatal[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
    struct sigaction action = {.sa_handler = close_group_and_die,
                               .sa_flags = SA_ONSTACK | SA_NODEFER};
    sigset_t unblocked;
    atomic_store(&fatal_group, group);
    sigemptyset(&action.sa_mask);
    sigemptyset(&unblocked);
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) {
        sigaction(fatal[i], &action, NULL);
        sigaddset(&unblocked, fatal[i]);
    }
    /* Whoever started us may have left some of them blocked. */
    pthread_sigmask(SIG_UNBLOCK, &unblocked, NULL);
}

int clinux_use_alternate_stack(void) {
    static _Thread_local char stack[16384];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
    return sigaltstack(&alternate, NULL);
}
