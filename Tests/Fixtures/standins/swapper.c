// Rewrites an argument of a program from a second thread while its exec is held.
//
//   swapper NEEDLE < specification
//
// One argument must contain NEEDLE with its first byte replaced by '.': that byte flips between
// '.' and the true one as fast as it can, so what the judge read and what the kernel starts are
// independent of each other. Prints the starter's line: exec=ok|ERRNO pid=N end=... usec=0
#define _GNU_SOURCE
#include "spec.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>

struct flip {
    volatile char *place;
    char letter;
    volatile int started;
};

static void *flipper(void *context) {
    struct flip *flip = context;
    flip->started = 1;
    for (;;) {
        *flip->place = flip->letter;
        for (volatile int i = 0; i < 300; i++)
            ;
        *flip->place = '.';
        for (volatile int i = 0; i < 300; i++)
            ;
    }
    return NULL;
}

static char *find_place(struct spec *spec, const char *needle) {
    for (char **argument = spec->argv; *argument != NULL; argument++) {
        char *rest = strstr(*argument, needle + 1);
        if (rest != NULL && rest > *argument && rest[-1] == '.')
            return rest - 1;
    }
    spec_fail("no argument contains the needle");
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 2 || strlen(argv[1]) < 2)
        spec_fail("usage: swapper NEEDLE < specification");
    struct spec spec = spec_from_standard_input();
    struct flip flip = {find_place(&spec, argv[1]), argv[1][0], 0};
    int answer[2];
    if (pipe2(answer, O_CLOEXEC) != 0)
        spec_fail("cannot create a pipe");
    pid_t pid = fork();
    if (pid == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, flipper, &flip);
        while (!flip.started)
            ;
        execve(spec.program, spec.argv, spec.envp);
        int error = errno;
        (void)!write(answer[1], &error, sizeof error);
        _exit(126);
    }
    close(answer[1]);
    int error = 0, status = 0;
    if (read(answer[0], &error, sizeof error) != (ssize_t)sizeof error)
        error = 0;
    waitpid(pid, &status, 0);
    printf("exec=%s pid=%d end=%s:%d usec=0\n", error == 0 ? "ok" : strerrorname_np(error),
           (int)pid, WIFSIGNALED(status) ? "signal" : "exit",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return error == 0 ? 0 : 126;
}
