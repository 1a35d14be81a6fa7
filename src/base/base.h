/*
 * What every part of Assay stands on: memory, text, errors, days, the value tree, messages.
 * Includes nothing else of ours.
 */
#ifndef ASSAY_BASE_BASE_H
#define ASSAY_BASE_BASE_H

#include "base/arena.h"
#include "base/base64.h"
#include "base/compiler.h"
#include "base/date.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/host.h"
#include "base/json.h"
#include "base/msg.h"
#include "base/mustache.h"
#include "base/str.h"
#include "base/value.h"

#endif
