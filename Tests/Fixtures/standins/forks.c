// Starts and ends processes for so many milliseconds, as fast as they go, without a single exec.
//
//   forks MILLISECONDS
//
// Each gives a listener for process events a fork and an exit. Prints how many there were.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int main(int argc, char **argv) {
    long end = now() + (argc > 1 ? strtol(argv[1], NULL, 10) : 1000);
    long count = 0;
    while (now() < end) {
        pid_t child = vfork();
        if (child == 0)
            _exit(0);
        if (child < 0 || waitpid(child, NULL, 0) != child)
            return 1;
        count++;
    }
    printf("%ld\n", count);
    return 0;
}
