/*
 * What `assay explain` says, as a value tree that both of its formats show:
 *
 *     {"type", "id", "title", "about", "sections": [
 *         {"key", "title", "text"} or {"key", "title", "items": [{"id", "text", "more": [...]}]}]}
 */
#ifndef ASSAY_CLI_EXPLAIN_H
#define ASSAY_CLI_EXPLAIN_H

#include "standard/standard.h"

struct explainer {
    struct ctx *cx;
    const struct standard *standard;
    const struct value *decided; /* decided.yaml: what decides each requirement */
    const struct value *asks;    /* asks.yaml: what people are asked */
    struct value *rules;         /* a list of all rules' maps */
};

/* One entry of the standard, or one rule. */
struct value *explain_entry(const struct explainer *x, const struct entry *entry);
struct value *explain_rule(const struct explainer *x, const struct value *rule);

/* The title of a rule's finding where nothing in particular is known. */
struct str explain_rule_title(const struct explainer *x, const struct value *rule);

/* A new explanation without sections. */
struct value *explain_new(const struct explainer *x, const char *type, struct str id,
                          struct str title, struct str about);

/* A section of text; nothing where the text is empty. */
void explain_text(const struct explainer *x, struct value *of, const char *key, const char *title,
                  struct str text);

/* A section's list, to be filled by explain_item(), which gives the item; a section whose list
 * stays empty is dropped by explain_end(). */
struct value *explain_list(const struct explainer *x, struct value *of, const char *key,
                           const char *title);
struct value *explain_item(const struct explainer *x, struct value *list, struct str id,
                           struct str text);
struct value *explain_end(const struct explainer *x, struct value *of);

/* "document", "requirement" ...: what an entry is called. */
const char *explain_type(const struct entry *entry);

#endif
