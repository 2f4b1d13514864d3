/* Files without paths: identity of an open file or of a magic link, sealed memory files. */
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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

/* What holds an open file; a copy of two fields of statfs(2). */
struct clinux_file_system {
    uint64_t type;  /* the magic number, as in linux/magic.h */
    uint64_t flags; /* ST_*, those of the mount included */
};

/* [not in Swift's module map] fstatfs(2). May wait for a server, if the file system has one. */
int clinux_file_system(int file, struct clinux_file_system *_Nonnull out);

/* [not in Swift's module map] fgetxattr(2) of security.capability; -1 and ENODATA if there is
 * none. */
ssize_t clinux_file_capabilities(int file, void *_Nonnull bytes, size_t count);

/* [no libc wrapper, kernel >= 5.6] openat2(2) with O_PATH: finds `path` as a process does whose
 * root is `root`, but opens nothing. */
int clinux_find_inside(int root, const char *_Nonnull path);

/* [no libc wrapper, kernel >= 5.6] The same for a place where something is mounted: follows no
 * symbolic link. */
int clinux_find_mount(int root, const char *_Nonnull path);
#endif
