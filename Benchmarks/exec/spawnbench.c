// Measures how long it takes to spawn a program, from posix_spawn to its exit.
//
//   spawnbench latency PROGRAM COUNT      one after the other: p50 p90 p99 in microseconds
//   spawnbench throughput PROGRAM COUNT   eight at a time: programs per second
//
// Prints one line of numbers. The environment has about 60 strings, as that of a real shell, and
// the arguments are those of an ordinary command, so that a judge has as much to read as in real
// life.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

enum { ENVIRONMENT = 60, WORKERS = 8, WARM_UP = 50 };

static char *environment[ENVIRONMENT + 1];

struct work {
    char *program;
    int count;
};

static double now_usec(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void fail(const char *what, int error) {
    fprintf(stderr, "spawnbench: %s: %s\n", what, strerror(error));
    exit(1);
}

static void make_environment(void) {
    for (int i = 0; i < ENVIRONMENT; i++) {
        char text[160];
        snprintf(text, sizeof text, "BENCH_VARIABLE_%02d=/usr/share/some/path/%d:%.*s", i, i * 7,
                 i % 40, "a-value-of-quite-ordinary-length-and-content");
        environment[i] = strdup(text);
    }
}

static void spawn_once(char *program) {
    char *argv[] = {program, "--verbose", "--output", "/tmp/some/result.txt", "input.txt", NULL};
    pid_t pid;
    int status;
    int error = posix_spawn(&pid, program, NULL, NULL, argv, environment);
    if (error != 0)
        fail(program, error);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            fail("waitpid", errno);
    if (status != 0)
        fail("the program ended with an error", 0);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void latency(char *program, int count) {
    double *samples = calloc((size_t)count, sizeof *samples);
    if (samples == NULL)
        fail("memory", ENOMEM);
    for (int i = 0; i < WARM_UP; i++)
        spawn_once(program);
    for (int i = 0; i < count; i++) {
        double begin = now_usec();
        spawn_once(program);
        samples[i] = now_usec() - begin;
    }
    qsort(samples, (size_t)count, sizeof *samples, by_value);
    printf("%.1f %.1f %.1f\n", samples[count / 2], samples[count * 9 / 10],
           samples[count * 99 / 100]);
    free(samples);
}

static void *worker(void *context) {
    const struct work *work = context;
    for (int i = 0; i < work->count; i++)
        spawn_once(work->program);
    return NULL;
}

static void throughput(char *program, int count) {
    pthread_t threads[WORKERS];
    struct work work = {program, count / WORKERS};
    double begin = now_usec();
    for (int i = 0; i < WORKERS; i++)
        pthread_create(&threads[i], NULL, worker, &work);
    for (int i = 0; i < WORKERS; i++)
        pthread_join(threads[i], NULL);
    printf("%.1f\n", work.count * WORKERS / ((now_usec() - begin) / 1e6));
}

int main(int argc, char **argv) {
    int count = argc == 4 ? atoi(argv[3]) : 0;
    if (count < WORKERS) {
        fprintf(stderr, "usage: spawnbench latency|throughput PROGRAM COUNT\n");
        return 2;
    }
    make_environment();
    if (strcmp(argv[1], "latency") == 0)
        latency(argv[2], count);
    else
        throughput(argv[2], count);
    return 0;
}
