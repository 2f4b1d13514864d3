// The floor of what holding an exec costs: a listener that only allows.
//
//   allow DIRECTORY
//
// Marks the filesystem of DIRECTORY for FAN_OPEN_EXEC_PERM and answers every event with "allow",
// from one thread, one event at a time. Prints "ready" when the mark is set. Ends with SIGKILL; the
// kernel then releases whoever waits.
#include "listener.h"

int main(int argc, char **argv) {
    int group = listen_on(argc, argv);
    for (;;) {
        struct fanotify_event_metadata event = next_event(group);
        let_go(group, &event);
    }
}
