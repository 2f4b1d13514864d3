/* Datagrams to local services: addresses and passed descriptors. */
#ifndef CLINUX_SOCKETS_H
#define CLINUX_SOCKETS_H
#include <stddef.h>
#include <sys/types.h>

/* [macro] Sends one datagram from an unconnected socket to the AF_UNIX address `path` (a leading
 * '@' or NUL means the abstract namespace); `passed` >= 0 is sent along by SCM_RIGHTS (CMSG
 * macros). Never waits, never raises SIGPIPE. ENAMETOOLONG if the path does not fit. */
ssize_t clinux_send_datagram(int socket, const char *_Nonnull path, size_t path_length,
                             const void *_Nullable bytes, size_t count, int passed);
#endif
