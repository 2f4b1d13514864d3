/* Files without paths: identity of an open file or of a magic link, sealed memory files. */
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H
#include <stddef.h>
#include <stdint.h>

/* What identifies a file and tells that it changed; a flat copy of what statx(2) returned. */
struct clinux_file_identity {
    uint64_t inode;
    uint64_t size;
    uint64_t mount;
    int64_t modified_nanoseconds;
    int64_t changed_nanoseconds;
    uint32_t device_major;
    uint32_t device_minor;
    uint32_t mode;
    uint32_t uid;
    uint32_t gid;
    uint32_t links;
};
_Static_assert(sizeof(struct clinux_file_identity) == 64, "no padding to leak or to compare");

/* [gnu-only] statx(2) with AT_STATX_DONT_SYNC: never waits for a server.
 * An empty path means the open file `directory` itself. */
int clinux_file_identity(int directory, const char *_Nonnull path,
                         struct clinux_file_identity *_Nonnull out);

/* [gnu-only] memfd_create(2), filled with `bytes` and sealed against any change; -1 and errno. */
int clinux_sealed_memory(const char *_Nonnull name, const void *_Nonnull bytes, size_t count);
#endif
