/* C face of libre2: regular expressions in linear time.
 *
 * Reason for a shim: [C++ library]. RE2 has no C interface, and the importer of C++ would spread
 * through every module that uses this one. Nothing here throws; memory per expression is bounded.
 * A compiled expression may be used by several threads at once. */
#ifndef CRE2_H
#define CRE2_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

typedef struct cre2_regex cre2_regex;
typedef struct cre2_atoms cre2_atoms;

/* Compiles an expression over bytes (Latin-1). NULL on failure: `error` then holds a message of at
 * most `error_size` bytes, NUL included. To be released with cre2_free. */
cre2_regex *_Nullable cre2_compile(const char *_Nonnull pattern, size_t length, int64_t max_memory,
                                   char *_Nonnull error, size_t error_size);
void cre2_free(cre2_regex *_Nullable regex);
/* How many instructions it was compiled to. */
size_t cre2_instructions(const cre2_regex *_Nonnull regex);

/* Whether the expression matches anywhere in the text; false too if it ran out of its memory. */
bool cre2_matches(const cre2_regex *_Nonnull regex, const char *_Nullable text, size_t length);

/* Strings of which every matching text holds at least one, in ASCII lower case (the text is to be
 * lowered too). NULL if the expression needs no string. To be released with cre2_atoms_free. */
cre2_atoms *_Nullable cre2_required_atoms(const char *_Nonnull pattern, size_t length,
                                          int64_t max_memory, int minimum_length);
void cre2_atoms_free(cre2_atoms *_Nullable atoms);
size_t cre2_atoms_count(const cre2_atoms *_Nonnull atoms);
/* The bytes of one of them, valid until cre2_atoms_free. */
const char *_Nonnull cre2_atoms_get(const cre2_atoms *_Nonnull atoms, size_t index,
                                    size_t *_Nonnull length);

#ifdef __cplusplus
}
#endif
#endif
