// The harmless program that plays a miner: it says that it ran and ends.
//
// MW_MARKER      file that gets "RAN <args>\n" as its first act
// MW_SLEEP       milliseconds to stay alive after that, then "END\n" is written too
// MW_SLEEP_IF    stay alive only if an argument contains this text
// It opens nothing else, needs no network and no privileges.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void put(int fd, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(fd, text, left);
        if (n <= 0)
            return;
        text += n;
        left -= (size_t)n;
    }
}

static void say_ran(int fd, char **argv) {
    put(fd, "RAN");
    for (int i = 1; argv[0] != NULL && argv[i] != NULL; i++) {
        put(fd, " ");
        put(fd, argv[i]);
    }
    put(fd, "\n");
}

static int has_argument_with(char **argv, const char *text) {
    for (int i = 0; argv[i] != NULL; i++)
        if (strstr(argv[i], text) != NULL)
            return 1;
    return 0;
}

int main(int argc, char **argv) {
    (void)argc;
    const char *marker = getenv("MW_MARKER");
    const char *sleep_text = getenv("MW_SLEEP");
    const char *sleep_if = getenv("MW_SLEEP_IF");
    int fd = marker ? open(marker, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    if (fd >= 0)
        say_ran(fd, argv);
    if (sleep_text != NULL && (sleep_if == NULL || has_argument_with(argv, sleep_if))) {
        long ms = strtol(sleep_text, NULL, 10);
        struct timespec pause = {ms / 1000, (ms % 1000) * 1000000};
        nanosleep(&pause, NULL);
    }
    if (fd >= 0)
        put(fd, "END\n");
    return 0;
}
