/*
 * Names of files and documents, and what of them are words rather than numbers.
 */
#ifndef ASSAY_JUDGE_NAME_H
#define ASSAY_JUDGE_NAME_H

#include "judge/token.h"

/* "ISMS_Scope-v1.2 final.docx" as words: separators become blanks, CamelCase is split. */
struct str name_words(struct arena *mem, struct str path);

/* Whether the words of `name`, as name_words() gives them, have all words of the title; a title of
 * one word says too little. */
bool name_has(struct str name, struct str title);

/* Marks "ISMS-004" before a name and "v0.1 2026-02-07" behind it (TOKEN_CODE) among the tokens
 * `from` to `to`, where words are left between. */
void name_mark_codes(struct tokens *tokens, uint32_t from, uint32_t to);

#endif
