#define _GNU_SOURCE
#include "clinux_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x00001000U
#endif

int clinux_file_identity(int directory, const char *path, struct clinux_file_identity *out) {
    struct statx s;
    int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT | (*path == '\0' ? AT_EMPTY_PATH : 0);
    if (statx(directory, path, flags, STATX_BASIC_STATS | STATX_MNT_ID, &s) < 0)
        return -1;
    out->inode = s.stx_ino;
    out->size = s.stx_size;
    out->mount = (s.stx_mask & STATX_MNT_ID) ? s.stx_mnt_id : 0;
    out->modified_nanoseconds = s.stx_mtime.tv_sec * 1000000000LL + s.stx_mtime.tv_nsec;
    out->changed_nanoseconds = s.stx_ctime.tv_sec * 1000000000LL + s.stx_ctime.tv_nsec;
    out->device_major = s.stx_dev_major;
    out->device_minor = s.stx_dev_minor;
    out->mode = s.stx_mode;
    out->uid = s.stx_uid;
    out->gid = s.stx_gid;
    out->links = s.stx_nlink;
    return 0;
}

static int fill_and_seal(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        count -= (size_t)written;
    }
    return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
}

int clinux_sealed_memory(const char *name, const void *bytes, size_t count) {
    int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -1;
    if (fill_and_seal(fd, bytes, count) < 0) {
        int saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

int clinux_file_system(int file, struct clinux_file_system *out) {
    struct statfs s;
    if (fstatfs(file, &s) < 0)
        return -1;
    out->type = (uint64_t)s.f_type;
    out->flags = (uint64_t)s.f_flags;
    return 0;
}

ssize_t clinux_file_capabilities(int file, void *bytes, size_t count) {
    return fgetxattr(file, "security.capability", bytes, count);
}

int clinux_find_mount(int root, const char *path) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW,
                           .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

int clinux_find_inside(int root, const char *path) {
    struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
    return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}
