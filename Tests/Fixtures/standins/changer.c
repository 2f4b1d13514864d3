// Changes its first argument, as /proc shows it, ten times a second, and ends after so many
// milliseconds.
//
//   changer DIGIT MILLISECONDS [ARGUMENTS]
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    struct timespec pause = {0, 100 * 1000 * 1000};
    for (long left = strtol(argv[2], NULL, 10); left > 0; left -= 100) {
        argv[1][0] = (char)('0' + left / 100 % 10);
        nanosleep(&pause, NULL);
    }
    return 0;
}
