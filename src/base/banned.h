/*
 * Functions that C offers and Assay does not use: each use is a compile error. Included before
 * everything else by the build.
 */
#ifndef ASSAY_BASE_BANNED_H
#define ASSAY_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#undef alloca /* a macro of <stdlib.h> */
#pragma GCC poison strcpy strncpy strcat strncat sprintf vsprintf gets strtok strtok_r
#pragma GCC poison gmtime localtime ctime asctime ctime_r asctime_r
#pragma GCC poison atoi atol atoll atof alloca tmpnam mktemp tempnam system popen

#endif
