#define _GNU_SOURCE
#include "clinux_guardian.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t clinux_fork(void) { return fork(); }

int clinux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int clinux_wait_child(pid_t child, int block, int *value) {
    int status = 0;
    pid_t ended = waitpid(child, &status, block ? 0 : WNOHANG);
    if (ended <= 0) {
        return ended;
    }
    *value = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    return WIFEXITED(status) ? 1 : 2;
}

int clinux_try_exec(const char *path) {
    char *const arguments[] = {"minewarden-canary", NULL};
    char *const environment[] = {NULL};
    return execve(path, arguments, environment);
}
