// What a starter is asked to start: a program, its argv and its envp.
//
// Read from standard input rather than from the starter's own argv, because the starter must not
// look like a miner itself. NUL-terminated strings, in order:
//   program, argc (decimal), argc arguments, envc (decimal), envc environment entries
#ifndef MINEWARDEN_STANDINS_SPEC_H
#define MINEWARDEN_STANDINS_SPEC_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct spec {
    char *program;
    char **argv;
    char **envp;
};

static inline void spec_fail(const char *what) {
    fprintf(stderr, "starter: %s\n", what);
    exit(2);
}

static inline char *spec_read_all(size_t *length) {
    size_t capacity = 1 << 16, used = 0;
    char *bytes = malloc(capacity);
    for (;;) {
        if (used + 1 >= capacity)
            bytes = realloc(bytes, capacity *= 2);
        if (bytes == NULL)
            spec_fail("out of memory");
        ssize_t n = read(0, bytes + used, capacity - used - 1);
        if (n < 0)
            spec_fail("cannot read the specification from standard input");
        if (n == 0)
            break;
        used += (size_t)n;
    }
    bytes[used] = 0;
    *length = used;
    return bytes;
}

static inline char *spec_next(char **cursor, char *end) {
    if (*cursor >= end)
        spec_fail("the specification is cut short");
    char *string = *cursor;
    *cursor += strlen(string) + 1;
    return string;
}

static inline char **spec_list(char **cursor, char *end) {
    long count = strtol(spec_next(cursor, end), NULL, 10);
    if (count < 0 || count > 1000000)
        spec_fail("a count is out of range");
    char **list = calloc((size_t)count + 1, sizeof *list);
    if (list == NULL)
        spec_fail("out of memory");
    for (long i = 0; i < count; i++)
        list[i] = spec_next(cursor, end);
    return list;
}

static inline struct spec spec_from_standard_input(void) {
    size_t length;
    char *cursor = spec_read_all(&length);
    char *end = cursor + length;
    struct spec spec;
    spec.program = spec_next(&cursor, end);
    spec.argv = spec_list(&cursor, end);
    spec.envp = spec_list(&cursor, end);
    return spec;
}

#endif
