// The floor of what judging an exec by its arguments costs: a listener that reads them, looks at
// nothing, and allows. The system calls are those that any such judge has to make without BPF.
//
//   read DIRECTORY
//
// Of a program: its call (/proc/TID/syscall), the pointers and then the strings of argv and envp
// (process_vm_readv), the head and the identity of its file. Of its loader, which comes next: the
// call and the strings again, and the identity. Like allow.c otherwise.
#include "listener.h"

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/uio.h>

enum { PAGE = 4096, PAGES = 64 };

// The exec that was read last: its loader comes next, if it has one.
static struct {
    pid_t task;
    int file;
    struct iovec pages[PAGES];
    size_t count;
} last = {0, -1, {{NULL, 0}}, 0};

static char memory[PAGES * PAGE];

static ssize_t fetch(pid_t task, const struct iovec *remote, size_t count) {
    struct iovec local = {memory, sizeof memory};
    return process_vm_readv(task, &local, 1, remote, count, 0);
}

static struct iovec rest_of_page(uintptr_t address) {
    return (struct iovec){(void *)address, PAGE - (address & (PAGE - 1))};
}

// Adds the page of a string, if it is another than the last one.
static void note_page(uintptr_t string) {
    uintptr_t page = string & ~(uintptr_t)(PAGE - 1);
    struct iovec *newest = last.count ? &last.pages[last.count - 1] : NULL;
    if (newest && (uintptr_t)newest->iov_base <= page &&
        page < (uintptr_t)newest->iov_base + newest->iov_len)
        return;
    if (newest && page == (uintptr_t)newest->iov_base + newest->iov_len)
        newest->iov_len += PAGE;
    else if (last.count < PAGES)
        last.pages[last.count++] = (struct iovec){(void *)page, PAGE};
}

static size_t note_strings(const char *array, size_t size) {
    uintptr_t pointer;
    for (size_t i = 0; i + sizeof pointer <= size; i += sizeof pointer) {
        memcpy(&pointer, array + i, sizeof pointer);
        if (pointer == 0)
            break;
        note_page(pointer);
    }
    return size;
}

static void read_program(const struct fanotify_event_metadata *event, int proc) {
    char path[64], text[256], head[1024];
    struct statx identity;
    snprintf(path, sizeof path, "%d/syscall", event->pid);
    last.task = event->pid;
    last.file = openat(proc, path, O_RDONLY | O_CLOEXEC);
    ssize_t count = pread(last.file, text, sizeof text - 1, 0);
    unsigned long number, name, argv, envp;
    text[count < 0 ? 0 : count] = 0;
    if (sscanf(text, "%lu %lx %lx %lx", &number, &name, &argv, &envp) != 4)
        return;
    syscall(SYS_tgkill, event->pid, event->pid, 0);
    struct iovec arrays[] = {rest_of_page(argv), rest_of_page(envp)};
    if (fetch(event->pid, arrays, 2) < 0)
        return;
    last.count = 0;
    note_page(name);
    size_t first = note_strings(memory, arrays[0].iov_len);
    note_strings(memory + first, arrays[1].iov_len);
    fetch(event->pid, last.pages, last.count);
    if (pread(event->fd, head, sizeof head, 0) < 0)
        return;
    statx(event->fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &identity);
}

static void read_loader(const struct fanotify_event_metadata *event) {
    char text[256];
    struct statx identity;
    statx(event->fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &identity);
    if (pread(last.file, text, sizeof text, 0) > 0)
        fetch(event->pid, last.pages, last.count);
}

int main(int argc, char **argv) {
    int group = listen_on(argc, argv);
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (;;) {
        struct fanotify_event_metadata event = next_event(group);
        int done = -1;
        if (last.file >= 0 && event.pid == last.task) {
            read_loader(&event);
            done = last.file;
            last.file = -1;
        } else {
            done = last.file;
            read_program(&event, proc);
        }
        let_go(group, &event);
        if (done >= 0)
            close(done);
    }
}
