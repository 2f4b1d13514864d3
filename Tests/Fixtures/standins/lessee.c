// Holds up whoever opens a file: takes a write lease on it (fcntl(2), F_SETLEASE) and never gives
// it back, while a child execs it. Needs no privilege but to own the file.
//
//   lessee FILE
//
// Prints "leased" when the child is under way, then sleeps until it is killed. Exits 3 if the
// filesystem has no leases.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    int fd = open(argv[1], O_RDWR | O_CLOEXEC);
    signal(SIGIO, SIG_IGN);
    if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK) != 0)
        return 3;
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl(argv[1], argv[1], "--help", (char *)NULL);
        _exit(126);
    }
    usleep(100000);
    puts("leased");
    fflush(stdout);
    for (;;)
        pause();
}
