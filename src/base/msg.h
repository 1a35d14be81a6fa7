/*
 * The message catalogue. Every sentence a user reads in C passes through _(), so that one table
 * can hold it in other languages; English is the source and the only one so far.
 */
#ifndef ASSAY_BASE_MSG_H
#define ASSAY_BASE_MSG_H

/* The text in the user's language; `english` itself where there is no translation. */
__attribute__((format_arg(1))) const char *msg_text(const char *english);

#define _(english) msg_text(english)

#endif
