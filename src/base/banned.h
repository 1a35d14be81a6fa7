/*
 * Functions that C offers and Assay does not use: each use is a compile error. Included before
 * everything else by the build.
 *
 * Two of them stand in macros of others' headers, which a poisoned word would not let pass:
 * alloca(), which the build forbids by -Walloca, and strncpy(), which is deprecated here.
 */
#ifndef ASSAY_BASE_BANNED_H
#define ASSAY_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncat sprintf vsprintf gets strtok strtok_r
#pragma GCC poison gmtime localtime ctime asctime ctime_r asctime_r
#pragma GCC poison atoi atol atoll atof tmpnam mktemp tempnam system popen

extern char *strncpy(char *to, const char *from, size_t n)
    __attribute__((deprecated("it ends texts without NUL; use base/str.h")));

#endif
