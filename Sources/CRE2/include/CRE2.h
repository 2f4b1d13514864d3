/* C face of libre2: regular expressions in linear time. */
#ifndef CRE2_H
#define CRE2_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

#ifdef __cplusplus
}
#endif
#endif
