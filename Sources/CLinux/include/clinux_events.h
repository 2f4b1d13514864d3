#ifndef CLINUX_EVENTS_H
#define CLINUX_EVENTS_H
/* Headers that glibc's module map leaves out. */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#endif
