// Starts one program in one particular way and says what became of it.
//
//   starter KIND < specification        (see spec.h)
//   starter KIND PROGRAM ARGV0 ARG...   (by hand; environment inherited)
//
// Prints one line: exec=ok|ERRNO pid=N end=exit:N|signal:N|none usec=N
// where usec is the time from just before the fork to the answer. Exits 0 if the exec went through,
// 126 if it was refused, 3 if this kernel does not know that kind of exec.
#define _GNU_SOURCE
#include "spec.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

static struct spec spec;

/// A way to start a program. Returns only on failure (or after a mere check), with errno set.
typedef void exec_kind(void);

static int open_program(int flags) {
    int fd = open(spec.program, flags);
    if (fd < 0)
        spec_fail("cannot open the program");
    return fd;
}

static void exec_fd(int fd, const char *name, int flags) {
    syscall(SYS_execveat, fd, name, spec.argv, spec.envp, flags);
}

static void by_execve(void) { execve(spec.program, spec.argv, spec.envp); }

static void by_directory_and_name(void) {
    char *slash = strrchr(spec.program, '/');
    if (slash == NULL)
        spec_fail("the program needs an absolute path");
    *slash = 0;
    int directory = open(*spec.program ? spec.program : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    *slash = '/';
    exec_fd(directory, slash + 1, 0);
}

static void by_empty_path(void) { exec_fd(open_program(O_RDONLY | O_CLOEXEC), "", AT_EMPTY_PATH); }

static void by_fexecve(void) { fexecve(open_program(O_RDONLY), spec.argv, spec.envp); }

static void by_proc_fd(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", open_program(O_RDONLY));
    execve(path, spec.argv, spec.envp);
}

static void by_o_path(void) { exec_fd(open_program(O_PATH | O_CLOEXEC), "", AT_EMPTY_PATH); }

static char again_path[4096];
static char *again_argv[64];

/// One place for two calls, so that nothing in the registers tells them apart.
static __attribute__((noinline)) void exec_again(void) {
    execve(again_path, again_argv, spec.envp);
}

/// First PROGRAM.first, which must fail after it was opened, then the program.
static void by_second_try(void) {
    snprintf(again_path, sizeof again_path, "%s.first", spec.program);
    again_argv[0] = again_path;
    exec_again();
    if (errno != ENOENT)
        spec_fail("the first exec did not fail as it should");
    snprintf(again_path, sizeof again_path, "%s", spec.program);
    for (size_t i = 1; spec.argv[0] && spec.argv[i] && i + 1 < 64; i++)
        again_argv[i] = spec.argv[i];
    exec_again();
}

static void by_check(void) {
    if (syscall(SYS_execveat, AT_FDCWD, spec.program, spec.argv, spec.envp, AT_EXECVE_CHECK) == 0)
        errno = 0;
}

static void *thread_body(void *error) {
    by_execve();
    *(int *)error = errno;
    return NULL;
}

static void by_thread(void) {
    int error = 0;
    pthread_t thread;
    if (pthread_create(&thread, NULL, thread_body, &error) != 0)
        spec_fail("cannot create a thread");
    pthread_join(thread, NULL);
    errno = error;
}

static void copy_program_into(int to) {
    static char buffer[1 << 16];
    int from = open_program(O_RDONLY | O_CLOEXEC);
    for (ssize_t n; (n = read(from, buffer, sizeof buffer)) > 0;)
        if (write(to, buffer, (size_t)n) != n)
            spec_fail("cannot copy the program");
    close(from);
}

static void by_deleted_file(void) {
    char path[4096];
    snprintf(path, sizeof path, "%s.%d", spec.program, (int)getpid());
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    if (to < 0)
        spec_fail("cannot copy the program next to itself");
    copy_program_into(to);
    close(to);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    unlink(path);
    exec_fd(fd, "", AT_EMPTY_PATH);
}

static void by_memfd(void) {
    int fd = (int)syscall(SYS_memfd_create, "standin", MFD_CLOEXEC);
    if (fd < 0)
        spec_fail("cannot create a memfd");
    copy_program_into(fd);
    exec_fd(fd, "", AT_EMPTY_PATH);
}

#ifdef __x86_64__
static uint32_t low_string(char **cursor, const char *text) {
    uint32_t address = (uint32_t)(uintptr_t)*cursor;
    *cursor = stpcpy(*cursor, text) + 1;
    return address;
}

static uint32_t low_list(char **cursor, char **list) {
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    uint32_t *pointers = (uint32_t *)(((uintptr_t)*cursor + 7) & ~(uintptr_t)7);
    *cursor = (char *)(pointers + count + 1);
    for (size_t i = 0; i < count; i++)
        pointers[i] = low_string(cursor, list[i]);
    pointers[count] = 0;
    return (uint32_t)(uintptr_t)pointers;
}

/// Lays the specification out below 4 GB with 32-bit pointers, as a 32-bit caller has it.
static void low_spec(uint32_t *program, uint32_t *argv, uint32_t *envp) {
    size_t size = 8 << 20;
    char *cursor =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (cursor == MAP_FAILED)
        spec_fail("cannot map memory below 4 GB");
    *program = low_string(&cursor, spec.program);
    *argv = low_list(&cursor, spec.argv);
    *envp = low_list(&cursor, spec.envp);
}

static void by_int80(void) {
    uint32_t program, argv, envp;
    low_spec(&program, &argv, &envp);
    long result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(11L), "b"((long)program), "c"((long)argv), "d"((long)envp)
                     : "memory", "r8", "r9", "r10", "r11");
    errno = (int)-result;
}

static void by_int80_execveat(void) {
    uint32_t program, argv, envp;
    low_spec(&program, &argv, &envp);
    long result;
    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "a"(358L), "b"((long)AT_FDCWD), "c"((long)program), "d"((long)argv),
                       "S"((long)envp), "D"(0L)
                     : "memory", "r8", "r9", "r10", "r11");
    errno = (int)-result;
}

static void by_x32(void) {
    uint32_t program, argv, envp;
    low_spec(&program, &argv, &envp);
    syscall(0x40000000 + 520, (long)program, (long)argv, (long)envp);
}
#endif

static const struct {
    const char *name;
    exec_kind *start;
} kinds[] = {
    {"execve", by_execve},
    {"execveat", by_directory_and_name},
    {"empty-path", by_empty_path},
    {"fexecve", by_fexecve},
    {"proc-fd", by_proc_fd},
    {"o-path", by_o_path},
    {"second-try", by_second_try},
    {"check", by_check},
    {"thread", by_thread},
    {"deleted", by_deleted_file},
    {"memfd", by_memfd},
#ifdef __x86_64__
    {"int80", by_int80},
    {"int80-execveat", by_int80_execveat},
    {"x32", by_x32},
#endif
};

static long now_usec(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static int report(int error, pid_t pid, int status, long usec) {
    char end[32] = "none";
    if (pid > 0 && WIFEXITED(status))
        snprintf(end, sizeof end, "exit:%d", WEXITSTATUS(status));
    else if (pid > 0 && WIFSIGNALED(status))
        snprintf(end, sizeof end, "signal:%d", WTERMSIG(status));
    const char *name = error == 0 ? "ok" : strerrorname_np(error);
    printf("exec=%s pid=%d end=%s usec=%ld\n", name ? name : "unknown", (int)pid, end, usec);
    return error == 0 ? 0 : error == ENOSYS || error == EINVAL ? 3 : 126;
}

static int start_by_spawn(void) {
    pid_t pid = 0;
    int status = 0;
    long begin = now_usec();
    int error = posix_spawn(&pid, spec.program, NULL, NULL, spec.argv, spec.envp);
    long usec = now_usec() - begin;
    if (error != 0)
        return report(error, 0, 0, usec);
    waitpid(pid, &status, 0);
    return report(0, pid, status, usec);
}

static int start_by_vfork(void) {
    volatile int error = 0;
    int status = 0;
    long begin = now_usec();
    pid_t pid = vfork();
    if (pid == 0) {
        execve(spec.program, spec.argv, spec.envp);
        error = errno;
        _exit(126);
    }
    long usec = now_usec() - begin;
    waitpid(pid, &status, 0);
    return report(error, pid, status, usec);
}

/// The classic close-on-exec pipe: end of file means that the exec went through.
static int start_in_child(exec_kind *start) {
    int answer[2];
    if (pipe2(answer, O_CLOEXEC) != 0)
        spec_fail("cannot create a pipe");
    long begin = now_usec();
    pid_t pid = fork();
    if (pid == 0) {
        start();
        int error = errno;
        (void)!write(answer[1], &error, sizeof error);
        _exit(error == 0 ? 0 : 126);
    }
    close(answer[1]);
    int error = 0, status = 0;
    ssize_t got = read(answer[0], &error, sizeof error);
    long usec = now_usec() - begin;
    waitpid(pid, &status, 0);
    if (got != (ssize_t)sizeof error)
        error = 0;
    return report(error, pid, status, usec);
}

int main(int argc, char **argv) {
    if (argc < 2)
        spec_fail("usage: starter KIND [PROGRAM ARGV0 ARG...]");
    if (argc >= 4)
        spec = (struct spec){argv[2], argv + 3, environ};
    else
        spec = spec_from_standard_input();
    if (strcmp(argv[1], "posix_spawn") == 0)
        return start_by_spawn();
    if (strcmp(argv[1], "vfork") == 0)
        return start_by_vfork();
    // Before the fork, long enough for an observer to have seen what this process itself is: a
    // program in memory belongs to the filesystem that its starter came from.
    struct timespec pause = {0, 200000000};
    if (strcmp(argv[1], "memfd") == 0)
        nanosleep(&pause, NULL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(argv[1], kinds[i].name) == 0)
            return start_in_child(kinds[i].start);
    spec_fail("this kind of exec is not built in for this processor");
}
