/*
 * The signals of document kinds and criteria (docs/signals.md), compiled for one language: the
 * default language's from the standard's documents/KIND.yaml, another's from signals/XX/KIND.yaml.
 */
#ifndef ASSAY_JUDGE_SIGNALS_H
#define ASSAY_JUDGE_SIGNALS_H

#include "judge/reading.h"

enum unit { UNIT_SENTENCE, UNIT_PASSAGE, UNIT_SECTION, UNIT_DOCUMENT };

struct pattern_list {
    uint32_t *items;
    size_t n, room;
};

/* Filled by a sentence that a pattern matches, or by one below a heading that does: a short minute
 * leaves its subject to the heading. */
struct slot {
    struct str name;
    struct pattern_list patterns;
    struct pattern_list headings;
};

struct form {
    bool partly; /* fills it only in part */
    enum unit unit;
    struct slot *slots;
    size_t slot_n, slot_room;
    struct pattern_list *columns; /* a table's, NULL for none */
    size_t column_n, column_room;
    size_t rows;
    struct pattern_list *headings; /* each a heading with text of its own, NULL for none */
    size_t heading_n, heading_room;
    struct pattern_list under;
    struct pattern_list unless;
    const struct value *facts; /* names of facts, NULL for none */
    const struct value *count; /* NULL for none */
    bool no_placeholders;
};

struct criterion_signals {
    struct str id;
    struct str text;
    bool practice;
    bool anywhere;               /* any document that counts will do */
    const struct value *also_in; /* further kinds */
    uint32_t allow;              /* guards that are off */
    struct form *forms;
    size_t form_n, form_room;
    const struct value *tests; /* passages that meet and miss it, in this language */
    const struct value *yaml;
};

struct saying {
    uint32_t pattern;
    int weight;
};

struct table_shape {
    struct pattern_list *columns;
    size_t column_n, column_room;
    bool named; /* tells only below a name of the kind */
};

/* What documents say under a name, and how: a number that they set, or a rule that rules ask for.
 */
struct said {
    struct str name;
    struct pattern_list patterns;
};

struct kind_signals {
    struct str id;
    struct str title;
    struct str nature;                             /* "document", "record" or "rule" */
    struct pattern_list names, titles, weak, nots; /* `titles`: names of no section */
    struct pattern_list claims; /* sentences that say that such an act took place */
    struct pattern_list
        plans; /* sentences that name such an act, which a day to come makes a plan */
    struct said *numbers;
    size_t number_n;
    struct said *statements;
    size_t statement_n;
    struct saying *says;
    size_t say_n, say_room;
    struct table_shape *tables;
    size_t table_n, table_room;
    bool silent; /* the language has no signals for it */
    bool whole;
    bool record;
    bool columns; /* its columns alone tell such a register */
    size_t least;
    struct criterion_signals *criteria;
    size_t criterion_n, criterion_room;
};

/* Documents that are no evidence, from the language file. */
struct nature {
    struct str is;
    struct pattern_list title;
    struct pattern_list file; /* of its file: with two sentences of `text` where there are any */
    struct pattern_list text;
    size_t least; /* so many different sentences of `text` will do alone */
};

/* What a column of a list of controls holds. */
enum list_column {
    COLUMN_NONE,
    COLUMN_CONTROL, /* its number or title */
    COLUMN_OWNER,
    COLUMN_APPLICABLE,
    COLUMN_INCLUDED, /* marked where it applies */
    COLUMN_EXCLUDED, /* marked where it does not */
    COLUMN_REASON,
    COLUMN_REASON_IN,  /* why it applies */
    COLUMN_REASON_OUT, /* why not */
    COLUMN_GROUND,     /* marked where this is a reason */
    COLUMN_STATUS,
    COLUMN_REFERENCE,
    COLUMN_REMARK,
};

enum line_status { LINE_UNKNOWN, LINE_NONE, LINE_PLANNED, LINE_PARTLY, LINE_IMPLEMENTED };

/* A pattern and what it says: a column, a status, or 1 for yes and 0 for no. */
struct list_word {
    uint32_t pattern;
    int is;
};

/* The words of lists of controls, from the language file: of each the first that matches holds. */
struct list_words {
    struct list_word *columns, *applicable, *status;
    size_t column_n, column_room, applicable_n, applicable_room, status_n, status_room;
    struct dict *generic;  /* words of references that fit every document */
    struct dict *marks[2]; /* cells that mean no, yes */
    struct pattern_list
        weak[2]; /* reasons that give none, where it does not apply, and where it does */
};

/* A control of the standard as lists name it. */
struct known_control {
    struct str id, number, title;
};

struct control_names {
    struct known_control *items; /* in the order of the standard */
    size_t n;
    char letter;            /* before the number */
    struct dict *by_number; /* "1.2" to const struct known_control * */
    struct dict *by_title;  /* title_plain() of its title, to the same */
    struct dict *earlier;   /* "1.2.3" to const struct str *: ids of an earlier edition */
};

struct commitment_words;
struct citation_words;
struct holder_words;

struct signals {
    struct language *language;
    struct patterns *patterns;
    struct guard_patterns guards;
    struct kind_signals *kinds;
    size_t kind_n, kind_room;
    struct nature *natures;
    size_t nature_n, nature_room;
    struct list_words lists;
    const struct control_names *controls;       /* may be NULL */
    const struct commitment_words *commitments; /* judge/commitments.h; may be NULL */
    const struct citation_words *citations;     /* judge/citations.h; may be NULL */
    const struct holder_words *holders;         /* judge/holders.h; may be NULL */
    uint32_t top, role;                         /* patterns: top management, any role */
};

/* Starts with a language file's tree, takes kinds one by one, and closes. Errors name file, line
 * and key; unknown keys are errors. `language` is freed by signals_free().
 *
 * `kind` is the tree of documents/KIND.yaml, which holds the default language's signals;
 * signals_add_said() takes those of signals/XX/KIND.yaml instead, which must speak of each
 * criterion. A kind without signals in the language is added all the same, so that kinds and
 * criteria have the same places in all languages. */
MUST_CHECK int signals_new(struct ctx *cx, const char *file, const struct value *language,
                           struct signals **ret);
MUST_CHECK int signals_add_kind(struct ctx *cx, struct signals *signals, const char *file,
                                const struct value *kind);
MUST_CHECK int signals_add_said(struct ctx *cx, struct signals *signals, const char *said_file,
                                const struct value *kind, const struct value *said);
void signals_seal(struct signals *signals);
void signals_free(struct signals *signals);
void signals_freep(struct signals **signals);

#endif
