#define _GNU_SOURCE
#include "clinux_sockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

ssize_t clinux_send_datagram(int socket, const char *path, size_t path_length, const void *bytes,
                             size_t count, int passed) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path_length == 0 || path_length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, path_length);
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + (socklen_t)path_length;
    if (path[0] == '@')
        address.sun_path[0] = '\0';
    if (address.sun_path[0] != '\0')
        length += 1; /* an abstract name has a length, a path has a terminator */

    struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
    struct msghdr message = {.msg_name = &address, .msg_namelen = length};
    if (count > 0) {
        message.msg_iov = &part;
        message.msg_iovlen = 1;
    }
    union {
        char space[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control = {{0}};
    if (passed >= 0) {
        message.msg_control = control.space;
        message.msg_controllen = sizeof control.space;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &passed, sizeof(int));
    }
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int clinux_accept(int socket) { return accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int clinux_peer(int socket, int32_t *pid, uint32_t *user, uint32_t *group) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) < 0)
        return -1;
    *pid = peer.pid;
    *user = peer.uid;
    *group = peer.gid;
    return 0;
}

int clinux_peer_groups(int socket, uint32_t *groups, size_t capacity) {
    socklen_t length = (socklen_t)(capacity * sizeof *groups);
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &length) < 0)
        return -1;
    return (int)(length / sizeof *groups);
}
