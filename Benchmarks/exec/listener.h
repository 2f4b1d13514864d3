// What the listeners in this folder have in common: a group that holds the execs of one filesystem.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// Refuses the filesystem of "/", so that a mistake cannot freeze the machine.
static void refuse_root(const char *directory) {
    struct stat root, watched;
    if (stat("/", &root) != 0 || stat(directory, &watched) != 0)
        fail(directory);
    if (root.st_dev == watched.st_dev) {
        fprintf(stderr, "%s is on the root filesystem; use a tmpfs of its own\n", directory);
        exit(1);
    }
}

// Marks the filesystem of the only argument and prints "ready".
static int listen_on(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        exit(2);
    }
    refuse_root(argv[1]);
    unsigned flags = FAN_CLOEXEC | FAN_CLASS_CONTENT | FAN_UNLIMITED_QUEUE | FAN_UNLIMITED_MARKS |
                     FAN_REPORT_TID;
    int group = fanotify_init(flags, O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME);
    if (group < 0)
        fail("fanotify_init");
    if (fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_OPEN_EXEC_PERM, AT_FDCWD,
                      argv[1]) != 0)
        fail("fanotify_mark");
    puts("ready");
    fflush(stdout);
    return group;
}

// The next event. Room for one: the next reader in line would take the next one.
static struct fanotify_event_metadata next_event(int group) {
    struct fanotify_event_metadata event;
    for (;;) {
        ssize_t count = read(group, &event, sizeof event);
        if (count == (ssize_t)sizeof event && event.fd >= 0)
            return event;
        if (count < 0 && errno != EINTR)
            fail("read");
    }
}

static void let_go(int group, const struct fanotify_event_metadata *event) {
    struct fanotify_response response = {event->fd, FAN_ALLOW};
    if (write(group, &response, sizeof response) != (ssize_t)sizeof response && errno != ENOENT)
        fail("answer");
    close(event->fd);
}
