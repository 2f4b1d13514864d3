// The floor of what holding an exec costs: a listener that only allows.
//
//   allow DIRECTORY
//
// Marks the filesystem of DIRECTORY for FAN_OPEN_EXEC_PERM and answers every event with "allow",
// from one thread, one event at a time. Prints "ready" when the mark is set. Refuses the filesystem
// of "/", so that a mistake cannot freeze the machine. Ends with SIGKILL; the kernel then releases
// whoever waits.
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
    fprintf(stderr, "allow: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void refuse_root(const char *directory) {
    struct stat root, watched;
    if (stat("/", &root) != 0 || stat(directory, &watched) != 0)
        fail(directory);
    if (root.st_dev == watched.st_dev) {
        fprintf(stderr, "allow: %s is on the root filesystem; use a tmpfs of its own\n", directory);
        exit(1);
    }
}

static void answer(int group, const struct fanotify_event_metadata *event) {
    if (event->fd < 0)
        return;
    struct fanotify_response response = {event->fd, FAN_ALLOW};
    if (write(group, &response, sizeof response) != (ssize_t)sizeof response && errno != ENOENT)
        fail("answer");
    close(event->fd);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: allow DIRECTORY\n");
        return 2;
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

    // Room for one event: the next reader in line would take the next one.
    struct fanotify_event_metadata event;
    for (;;) {
        ssize_t n = read(group, &event, sizeof event);
        if (n == (ssize_t)sizeof event)
            answer(group, &event);
        else if (n < 0 && errno != EINTR)
            fail("read");
    }
}
