/* Local sockets: addresses, passed descriptors and who is at the other end. */
#ifndef CLINUX_SOCKETS_H
#define CLINUX_SOCKETS_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* [macro] Sends one datagram from an unconnected socket to the AF_UNIX address `path` (a leading
 * '@' or NUL means the abstract namespace); `passed` >= 0 is sent along by SCM_RIGHTS (CMSG
 * macros). Never waits, never raises SIGPIPE. ENAMETOOLONG if the path does not fit. */
ssize_t clinux_send_datagram(int socket, const char *_Nonnull path, size_t path_length,
                             const void *_Nullable bytes, size_t count, int passed);

/* [gnu-only] accept4(2): a connection that does not block and is closed on exec. */
int clinux_accept(int socket);

/* [gnu-only] SO_PEERCRED: who connected. */
int clinux_peer(int socket, int32_t *_Nonnull pid, uint32_t *_Nonnull user,
                uint32_t *_Nonnull group);

/* [macro, kernel >= 4.13] SO_PEERGROUPS: the further groups of who connected, at most `capacity`;
 * how many there are, or -1 and ERANGE. */
int clinux_peer_groups(int socket, uint32_t *_Nonnull groups, size_t capacity);
#endif
