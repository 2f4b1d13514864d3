// Puts the argument strings of an exec into memory that nobody can read until it is told to.
//
//   stall < specification
//
// The page with argv[1] is registered with userfaultfd: whoever reads it - the judge through
// process_vm_readv, or the kernel when it copies the strings - waits. The kernel copies only after
// the exec was allowed, so a fault of the calling thread itself proves the answer "allow"; then the
// page is filled and the exec goes on. Prints: exec=ok|ERRNO pid=N end=... usec=N, where usec is
// the time from the exec call to its answer. Exits 3 if userfaultfd is not available.
#define _GNU_SOURCE
#include "spec.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

struct stalled {
    int uffd;
    char *page;
    const char *text;
    pid_t caller;
    long begin;
    int out;
};

struct answer {
    int error;
    long usec;
};

enum { PAGE = 4096 };

static long now_usec(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static void fill(const struct stalled *s) {
    char *source = aligned_alloc(PAGE, PAGE);
    memset(source, 0, PAGE);
    strncpy(source, s->text, PAGE - 1);
    struct uffdio_copy copy = {(uintptr_t)s->page, (uintptr_t)source, PAGE, 0, 0};
    ioctl(s->uffd, UFFDIO_COPY, &copy);
}

static void *watch(void *context) {
    struct stalled *s = context;
    struct uffd_msg message;
    while (read(s->uffd, &message, sizeof message) == (ssize_t)sizeof message) {
        if (message.event != UFFD_EVENT_PAGEFAULT ||
            (pid_t)message.arg.pagefault.feat.ptid != s->caller)
            continue;
        struct answer answer = {0, now_usec() - s->begin};
        (void)!write(s->out, &answer, sizeof answer);
        fill(s);
    }
    return NULL;
}

static void prepare(struct stalled *s) {
    s->uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
    struct uffdio_api api = {UFFD_API, UFFD_FEATURE_THREAD_ID, 0};
    if (s->uffd < 0 || ioctl(s->uffd, UFFDIO_API, &api) != 0)
        exit(3);
    s->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct uffdio_register region = {{(uintptr_t)s->page, PAGE}, UFFDIO_REGISTER_MODE_MISSING, 0};
    if (s->page == MAP_FAILED || ioctl(s->uffd, UFFDIO_REGISTER, &region) != 0)
        exit(3);
}

static void run_child(struct spec spec, int out) {
    struct stalled s = {.text = spec.argv[1], .caller = (pid_t)syscall(SYS_gettid), .out = out};
    prepare(&s);
    spec.argv[1] = s.page;
    pthread_t thread;
    s.begin = now_usec();
    pthread_create(&thread, NULL, watch, &s);
    execve(spec.program, spec.argv, spec.envp);
    struct answer answer = {errno, now_usec() - s.begin};
    (void)!write(out, &answer, sizeof answer);
    _exit(126);
}

int main(void) {
    struct spec spec = spec_from_standard_input();
    if (spec.argv[0] == NULL || spec.argv[1] == NULL)
        spec_fail("the specification needs an argument to hide");
    int pipes[2];
    if (pipe2(pipes, O_CLOEXEC) != 0)
        spec_fail("cannot create a pipe");
    pid_t pid = fork();
    if (pid == 0)
        run_child(spec, pipes[1]);
    close(pipes[1]);
    struct answer answer = {-1, 0};
    int status = 0;
    ssize_t got = read(pipes[0], &answer, sizeof answer);
    waitpid(pid, &status, 0);
    if (got != (ssize_t)sizeof answer)
        return WIFEXITED(status) && WEXITSTATUS(status) == 3 ? 3 : 1;
    printf("exec=%s pid=%d end=%s:%d usec=%ld\n",
           answer.error == 0 ? "ok" : strerrorname_np(answer.error), (int)pid,
           WIFSIGNALED(status) ? "signal" : "exit",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), answer.usec);
    return answer.error == 0 ? 0 : 126;
}
