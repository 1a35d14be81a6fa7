-- What the rules read. The matcher fills the first part, the standard's own files the second; the
-- third is made from both by standards/derive.sql. Days are YYYY-MM-DD.

-- 1. What was read ------------------------------------------------------------------------------

CREATE TABLE fact_run (
    today   TEXT NOT NULL,
    stage   INTEGER NOT NULL DEFAULT 1,        -- 1, or 2: operation is judged as well, by its records;
                                               -- 3 for surveillance, 4 for recertification
    source  TEXT NOT NULL DEFAULT 'folder' CHECK (source IN ('folder', 'home')),
    stage2  TEXT,                              -- planned day of Stage 2
    files   INTEGER NOT NULL,                  -- all files that could be documents
    read    INTEGER NOT NULL,
    unread  INTEGER NOT NULL,                  -- formats not yet read, damaged, encrypted, scans
    foreign_language INTEGER NOT NULL          -- documents in a language without signals
) STRICT;

CREATE TABLE document (
    id             INTEGER PRIMARY KEY,
    path           TEXT NOT NULL UNIQUE,
    sha256         TEXT,
    bytes          INTEGER,
    format         TEXT,
    language       TEXT,
    title          TEXT,
    number         TEXT,                       -- by which documents are told apart: POL-04
    version        TEXT,
    status         TEXT,                       -- as the document says it
    owner          TEXT,
    dated          TEXT,
    approved_on    TEXT,
    effective_on   TEXT,
    review_due     TEXT,
    classification TEXT,
    nature         TEXT,
    counts         INTEGER NOT NULL DEFAULT 1, -- its text may be evidence
    template       TEXT NOT NULL DEFAULT 'none'
                   CHECK (template IN ('none', 'open', 'sample', 'placeholders', 'blank')),
    placeholders   INTEGER NOT NULL DEFAULT 0, -- so many left to fill
    passages       INTEGER NOT NULL DEFAULT 0,
    copy_of        INTEGER REFERENCES document (id),
    error          TEXT
) STRICT;

CREATE TABLE document_person (
    document INTEGER NOT NULL REFERENCES document (id),
    role     TEXT NOT NULL CHECK (role IN ('author', 'approver', 'owner')),
    name     TEXT NOT NULL,
    rank     TEXT NOT NULL CHECK (rank IN ('top', 'other', 'unknown')),
    place    TEXT,
    quote    TEXT
) STRICT;

CREATE INDEX document_person_of ON document_person (document, role);

-- Where a document says its status, its number or the day of its next review, and the first places left to fill.
CREATE TABLE document_said (
    id       INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES document (id),
    fact     TEXT NOT NULL,                    -- status, number, review_due or placeholder
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    quote    TEXT NOT NULL
) STRICT;

CREATE INDEX document_said_of ON document_said (document, fact);

CREATE TABLE document_kind (
    document   INTEGER NOT NULL REFERENCES document (id),
    kind       TEXT NOT NULL,
    confidence INTEGER NOT NULL,               -- thousandths
    why        TEXT,
    place      TEXT,
    PRIMARY KEY (document, kind)
) STRICT;

CREATE INDEX document_kind_by ON document_kind (kind);

CREATE TABLE passage (
    document INTEGER NOT NULL REFERENCES document (id),
    n        INTEGER NOT NULL,
    kind     TEXT,
    level    INTEGER,
    heading  TEXT,
    text     TEXT NOT NULL,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    PRIMARY KEY (document, n)
) STRICT;

CREATE TABLE criterion_signal (
    document  INTEGER NOT NULL REFERENCES document (id),
    criterion TEXT NOT NULL,
    form      INTEGER NOT NULL,
    slot      TEXT NOT NULL,
    passage   INTEGER
) STRICT;

CREATE INDEX criterion_signal_by ON criterion_signal (criterion, slot);

CREATE TABLE criterion_result (
    document  INTEGER NOT NULL REFERENCES document (id),
    kind      TEXT NOT NULL,
    criterion TEXT NOT NULL,
    status    TEXT NOT NULL CHECK (status IN ('met', 'partly', 'cannot-tell')),
    lacks     TEXT                             -- what a partly met criterion does not show
) STRICT;

CREATE INDEX criterion_result_of ON criterion_result (document, kind);

CREATE TABLE criterion_evidence (
    criterion TEXT NOT NULL,
    document  INTEGER NOT NULL REFERENCES document (id),
    n         INTEGER NOT NULL,
    path      TEXT NOT NULL,
    place     TEXT NOT NULL,
    heading   TEXT,
    page      INTEGER,
    line      INTEGER,
    sheet     TEXT,
    row       INTEGER,
    quote     TEXT NOT NULL
) STRICT;

CREATE INDEX criterion_evidence_of ON criterion_evidence (criterion, document, n);

-- What came nearest to a criterion that is not met, and why it does not count.
CREATE TABLE nearest (
    criterion TEXT NOT NULL,
    document  INTEGER REFERENCES document (id),
    path      TEXT NOT NULL,
    place     TEXT NOT NULL,
    heading   TEXT,
    page      INTEGER,
    line      INTEGER,
    sheet     TEXT,
    row       INTEGER,
    quote     TEXT NOT NULL,
    why_not   TEXT NOT NULL,
    filled    INTEGER,                         -- so many of the parts that the criterion wants,
    wanted    INTEGER                          -- where that is known
) STRICT;

CREATE INDEX nearest_of ON nearest (document);

-- An act of this kind announced for a day.
CREATE TABLE dated_plan (
    kind     TEXT NOT NULL,
    on_date  TEXT NOT NULL,
    document INTEGER REFERENCES document (id),
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    quote    TEXT NOT NULL
) STRICT;

-- A sentence that says that an act of this kind took place.
CREATE TABLE claim (
    kind     TEXT NOT NULL,
    document INTEGER REFERENCES document (id),
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    quote    TEXT NOT NULL
) STRICT;

-- A number that a sentence sets, by `numbers` of the kind: the first and the last of what matched.
CREATE TABLE said_number (
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    first    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    document INTEGER REFERENCES document (id),
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    quote    TEXT NOT NULL
) STRICT;

-- A sentence by which the organisation sets itself a rule, by `statements` of a kind.
CREATE TABLE said_statement (
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES document (id),
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    quote    TEXT NOT NULL
) STRICT;

-- Controls that a document names, one row each, written A.5.1 or, in older numbering, A.5.1.1.
CREATE TABLE control_mention (
    document INTEGER NOT NULL REFERENCES document (id),
    control  TEXT NOT NULL,
    place    TEXT,                             -- where it is named first
    quote    TEXT,
    PRIMARY KEY (document, control)
) STRICT;

CREATE INDEX control_mention_by ON control_mention (control);

-- What a list of controls (a Statement of Applicability, say) decides, one row a line.
CREATE TABLE control_line (
    document   INTEGER NOT NULL REFERENCES document (id),
    n          INTEGER NOT NULL,               -- in reading order
    control    TEXT,                           -- of the standard; null for one of their own,
    earlier    TEXT,                           -- or where it has the number of an earlier edition
    titled     TEXT,                           -- the title beside it is this control's
    number     TEXT,                           -- as written, as is the next
    title      TEXT,
    applicable INTEGER,                        -- null: neither yes nor no
    said       TEXT,                           -- what stands for yes or no
    reason     TEXT,
    weak       INTEGER NOT NULL DEFAULT 0,     -- no reason, or one that gives none
    status     TEXT CHECK (status IN ('none', 'planned', 'partly', 'implemented')),
    status_said TEXT,
    reference  TEXT,                           -- where it is described
    owner      TEXT,
    place      TEXT,
    heading    TEXT,
    page       INTEGER,
    line       INTEGER,
    sheet      TEXT,
    row        INTEGER,
    quote      TEXT,
    PRIMARY KEY (document, n)
) STRICT;

-- Documents that were read and that a line of a list of controls refers to, twenty a line at most.
CREATE TABLE line_reference (
    document INTEGER NOT NULL REFERENCES document (id),
    n        INTEGER NOT NULL,                 -- of the line
    target   INTEGER NOT NULL REFERENCES document (id)
) STRICT;

CREATE INDEX line_reference_of ON line_reference (document, n);

-- Tables of documents that are registers, their columns, and whom and what their records mean. The
-- records themselves stand in one table a register, made from registers/*.yaml (docs/registers.md).
CREATE TABLE register_table (
    id         INTEGER PRIMARY KEY,
    document   INTEGER NOT NULL REFERENCES document (id),
    register   TEXT NOT NULL,
    rows       INTEGER NOT NULL DEFAULT 0,     -- records, samples included
    judged     INTEGER NOT NULL DEFAULT 0,     -- so many of them are kept: the first
    samples    INTEGER NOT NULL DEFAULT 0,     -- that only show how to fill it in
    confidence INTEGER NOT NULL DEFAULT 1000,  -- thousandths
    path       TEXT,
    place      TEXT,
    heading    TEXT,
    sheet      TEXT,
    first_row  INTEGER,                        -- of the sheet, or line of the file
    last_row   INTEGER
) STRICT;

CREATE TABLE register_column (
    register_table INTEGER NOT NULL REFERENCES register_table (id),
    at             INTEGER NOT NULL,           -- from 0
    header         TEXT,
    field          TEXT,                       -- null where nothing was made of the column
    how            TEXT CHECK (how IN ('heading', 'values', 'pin')),
    PRIMARY KEY (register_table, at)
) STRICT, WITHOUT ROWID;

-- A table says nothing of columns that it does not have: who judges one asks here.
CREATE VIEW register_has AS
SELECT DISTINCT t.register, c.field, t.document
FROM register_table t JOIN register_column c ON c.register_table = t.id
WHERE c.field IS NOT NULL;

-- Who belongs to top management, where a register of persons says so: by a column of it, in which a blank
-- says no where others say yes, or by what the person does. No row: not known. Filled by derive.sql.
CREATE TABLE person_rank (
    id  INTEGER PRIMARY KEY,                   -- of the person
    top INTEGER NOT NULL
) STRICT;

CREATE TABLE fact_reference (
    register      TEXT NOT NULL,
    record        INTEGER NOT NULL,
    field         TEXT NOT NULL,
    target        TEXT NOT NULL,
    target_record INTEGER NOT NULL,
    PRIMARY KEY (register, record, field, target, target_record)
) STRICT, WITHOUT ROWID;

-- What documents of some kinds (keep_text in their files) say, for rules that look for names.
CREATE TABLE passage_text (
    document INTEGER NOT NULL REFERENCES document (id),
    n        INTEGER NOT NULL,
    place    TEXT,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    text     TEXT NOT NULL,
    PRIMARY KEY (document, n)
) STRICT, WITHOUT ROWID;

-- What a document promises with a value (docs/signals.md, "Commitments").
CREATE TABLE commitment (
    document   INTEGER NOT NULL REFERENCES document (id),
    n          INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('frequency', 'deadline', 'retention', 'threshold')),
    topic      TEXT,                           -- NULL where it is about nothing known
    assumed    INTEGER NOT NULL,               -- the topic is only that of the headings above
    qualifiers TEXT NOT NULL,                  -- "severity=critical", by the axes of the topic
    subject    TEXT NOT NULL,                  -- whom it binds, as said, or nothing
    what       TEXT NOT NULL,
    said       TEXT NOT NULL,                  -- the words of the value
    value      TEXT NOT NULL,                  -- a time as ISO 8601 writes it, or a number
    unit       TEXT NOT NULL,                  -- of a number, or nothing
    amount     INTEGER NOT NULL,               -- minutes, or thousandths of the unit
    business   INTEGER NOT NULL,               -- in days on which people work
    compare    TEXT NOT NULL CHECK (compare IN ('exact', 'least', 'most')),
    path       TEXT NOT NULL,
    place      TEXT NOT NULL,
    heading    TEXT,
    page       INTEGER,
    line       INTEGER,
    sheet      TEXT,
    row        INTEGER,
    quote      TEXT NOT NULL,
    PRIMARY KEY (document, n)
) STRICT;

CREATE INDEX commitment_on ON commitment (topic, qualifiers);

-- Numbers by which documents are told apart, with hyphens and in capitals: from their fields, titles and files'
-- names; and the annexes that a document has, by their letters or numbers.
CREATE TABLE document_code (
    document INTEGER NOT NULL REFERENCES document (id),
    code     TEXT NOT NULL,                    -- POL-04
    family   TEXT NOT NULL,                    -- POL: what the numbers of one collection share
    named    INTEGER NOT NULL,                 -- in a field, title or file's name; else one of its first lines begins so
    PRIMARY KEY (document, code)
) STRICT, WITHOUT ROWID;

CREATE INDEX document_code_by ON document_code (code);

CREATE TABLE document_annex (
    document INTEGER NOT NULL REFERENCES document (id),
    annex    TEXT NOT NULL,                    -- B
    PRIMARY KEY (document, annex)
) STRICT, WITHOUT ROWID;

-- What looks like the number of a document in a text, with the version or the annex that is named.
CREATE TABLE document_cited (
    document INTEGER NOT NULL REFERENCES document (id),
    n        INTEGER NOT NULL,
    code     TEXT,                             -- null: the document itself
    family   TEXT,
    version  TEXT,
    annex    TEXT,
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    quote    TEXT NOT NULL,
    PRIMARY KEY (document, n)
) STRICT;

-- Sections of its own that a document refers to and does not have.
CREATE TABLE section_lost (
    document INTEGER NOT NULL REFERENCES document (id),
    n        INTEGER NOT NULL,
    number   TEXT NOT NULL,                    -- 4.3
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    quote    TEXT NOT NULL,
    PRIMARY KEY (document, n)
) STRICT;

-- Whom a document names as the holder of a role.
CREATE TABLE role_holder (
    document INTEGER NOT NULL REFERENCES document (id),
    n        INTEGER NOT NULL,
    role     TEXT NOT NULL,
    name     TEXT NOT NULL,
    path     TEXT NOT NULL,
    place    TEXT NOT NULL,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    quote    TEXT NOT NULL,
    PRIMARY KEY (document, n)
) STRICT;

CREATE TABLE skipped (
    path      TEXT NOT NULL,
    what      TEXT NOT NULL,
    why       TEXT NOT NULL,
    kind_hint TEXT                             -- the kind that its name suggests
) STRICT;

-- Documents in a language that has signals, but none for the kind: they may be of it.
CREATE TABLE unsignalled (
    kind      TEXT NOT NULL,
    language  TEXT NOT NULL,
    documents INTEGER NOT NULL,
    PRIMARY KEY (kind, language)
) STRICT;

-- What a person answered: yes, no, or words (which count as yes).
CREATE TABLE profile (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- 2. The standard -------------------------------------------------------------------------------

CREATE TABLE kind (
    id      TEXT PRIMARY KEY,
    title   TEXT NOT NULL,
    clause  TEXT NOT NULL,
    force   TEXT NOT NULL,
    minimum INTEGER NOT NULL,                  -- clauses 4 to 10 demand it
    type    TEXT NOT NULL,                     -- document, record or rule
    looks   INTEGER NOT NULL                   -- there are signals to know it by
) STRICT;

CREATE TABLE criterion (
    id       TEXT PRIMARY KEY,
    kind     TEXT NOT NULL REFERENCES kind (id),
    text     TEXT NOT NULL,
    phrase   TEXT NOT NULL,                    -- what a document without it does not say
    practice INTEGER NOT NULL,                 -- good practice: never more than a note
    unseen   INTEGER NOT NULL,                 -- not seen in the document is a question, not a gap
    looks    INTEGER NOT NULL
) STRICT;

CREATE TABLE requirement (
    id      TEXT PRIMARY KEY,
    n       INTEGER NOT NULL,                  -- order of the standard
    clause  TEXT NOT NULL,
    title   TEXT NOT NULL,
    stage1  TEXT NOT NULL,
    stage2  TEXT NOT NULL,
    rule    TEXT NOT NULL,                     -- of escalation
    dated   TEXT,                              -- grade at Stage 1 where a day is fixed
    mode    TEXT NOT NULL,
    basis   TEXT NOT NULL,
    automation TEXT NOT NULL,                  -- full, partial, or manual: only a person can say
    decided TEXT NOT NULL                      -- stage2, content, minimum, documents or person
            CHECK (decided IN ('stage2', 'content', 'minimum', 'documents', 'person')),
    seen_kind  TEXT,                           -- its version or a date must be seen
    approver_kind TEXT,                        -- met where its approver belongs to top management
    from_kind  TEXT,                           -- applies from so many documents of a kind on
    from_count INTEGER
) STRICT;

-- Groups of criteria: one of a group is enough, all groups are wanted.
CREATE TABLE requirement_criterion (
    requirement TEXT NOT NULL REFERENCES requirement (id),
    grp         INTEGER NOT NULL,
    criterion   TEXT NOT NULL REFERENCES criterion (id),
    slot        TEXT,                          -- only this part of it,
    says        TEXT                           -- and how readers call that part
) STRICT;

-- Of which a document shows something in words, whatever registers say.
CREATE VIEW said_in_words AS
SELECT DISTINCT r.requirement FROM requirement_criterion r JOIN criterion_evidence e ON e.criterion = r.criterion;

-- One of these kinds must be there.
CREATE TABLE requirement_kind (
    requirement TEXT NOT NULL REFERENCES requirement (id),
    kind        TEXT NOT NULL REFERENCES kind (id)
) STRICT;

CREATE INDEX requirement_kind_of ON requirement_kind (requirement, kind);

CREATE TABLE ask (
    id       TEXT PRIMARY KEY,
    key      TEXT NOT NULL UNIQUE,             -- of the profile
    question TEXT NOT NULL
) STRICT;

CREATE TABLE requirement_ask (
    requirement TEXT NOT NULL REFERENCES requirement (id),
    ask         TEXT NOT NULL REFERENCES ask (id)
) STRICT;

CREATE TABLE control (
    id    TEXT PRIMARY KEY,
    n     INTEGER NOT NULL,
    title TEXT NOT NULL
) STRICT;

CREATE TABLE holder_role (
    id    TEXT PRIMARY KEY,
    title TEXT NOT NULL
) STRICT;

CREATE TABLE commitment_topic (
    id       TEXT PRIMARY KEY,
    n        INTEGER NOT NULL,
    title    TEXT NOT NULL,
    one      INTEGER NOT NULL,                 -- an organisation has one value for it
    controls TEXT NOT NULL                     -- with commas
) STRICT;

-- An organisation's own limit for a topic, in days: the longest that the documents promise which are
-- about the topic's controls, else any.
CREATE VIEW own_limit AS
SELECT topic, title, days, said, path AS limit_path, place AS limit_place, quote AS limit_quote
FROM (SELECT c.topic, t.title, (c.amount + 1439) / 1440 + iif(c.business, 2 + (c.amount / 1440) / 5 * 2, 0) AS days, c.said, c.path,
             c.place, c.quote,
             row_number() OVER (PARTITION BY c.topic
                 ORDER BY NOT EXISTS (SELECT 1 FROM document_kind k JOIN kind_control x ON x.kind = k.kind
                                      WHERE k.document = c.document
                                        AND instr(', ' || t.controls || ',', x.control || ',') > 0),
                          c.amount DESC, c.path, c.n) AS place_in_line
      FROM commitment c JOIN commitment_topic t ON t.id = c.topic JOIN document d ON d.id = c.document
      WHERE c.kind IN ('frequency', 'deadline') AND d.counts = 1 AND d.copy_of IS NULL AND d.template IN ('none', 'open'))
WHERE place_in_line = 1;

-- Controls of an earlier edition of the standard, and what has become of them.
CREATE TABLE control_earlier (
    earlier TEXT NOT NULL,
    control TEXT NOT NULL REFERENCES control (id)
) STRICT;

CREATE TABLE kind_control (
    kind    TEXT NOT NULL REFERENCES kind (id),
    control TEXT NOT NULL REFERENCES control (id)
) STRICT;

-- What a kind is about may stand in another document: where this criterion is met under a heading
-- with this word, it is there, if only in part.
CREATE TABLE kind_inside (
    kind      TEXT NOT NULL REFERENCES kind (id),
    criterion TEXT NOT NULL REFERENCES criterion (id),
    word      TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE word (
    list TEXT NOT NULL,
    word TEXT NOT NULL
) STRICT;

CREATE INDEX word_in ON word (list, word);

-- 3. Derived ------------------------------------------------------------------------------------

-- Documents in use: their text is evidence, they are no copies and no unfilled forms.
CREATE TABLE fact_document (
    id           INTEGER PRIMARY KEY,
    path         TEXT NOT NULL,
    title        TEXT,
    version      TEXT,
    status       TEXT,
    day          TEXT,                         -- the latest of its dates
    approved_on  TEXT,
    review_due   TEXT,
    placeholders INTEGER NOT NULL,
    author       TEXT,
    minimum      INTEGER NOT NULL              -- it serves a kind that clauses 4 to 10 demand
) STRICT;

CREATE TABLE fact_kind (
    kind      TEXT PRIMARY KEY,
    title     TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('present', 'template', 'cannot-tell', 'absent')),
    documents INTEGER NOT NULL,
    document  INTEGER,                         -- the one that serves it best
    path      TEXT,
    place     TEXT,
    why       TEXT
) STRICT;

CREATE TABLE fact_criterion (
    criterion     TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    status        TEXT NOT NULL,
    practice      INTEGER NOT NULL,
    phrase        TEXT NOT NULL,
    lacks         TEXT,
    document      INTEGER,
    path          TEXT,
    place         TEXT,
    heading       TEXT,
    page          INTEGER,
    line          INTEGER,
    sheet         TEXT,
    row           INTEGER,
    quote         TEXT,
    nearest_path  TEXT,
    nearest_place TEXT,
    nearest_quote TEXT,
    why_not       TEXT
) STRICT;

CREATE INDEX fact_criterion_of ON fact_criterion (kind);

-- Kinds that no document serves, and that stand inside a document of another kind.
CREATE TABLE fact_inside (
    kind  TEXT PRIMARY KEY,
    path  TEXT NOT NULL,
    place TEXT NOT NULL,
    quote TEXT NOT NULL
) STRICT;

CREATE TABLE fact_answer (
    requirement TEXT PRIMARY KEY,
    ask         TEXT NOT NULL,
    question    TEXT NOT NULL,
    answer      TEXT NOT NULL CHECK (answer IN ('yes', 'no')),
    said        TEXT NOT NULL
) STRICT;

CREATE TABLE fact_group (
    requirement TEXT NOT NULL,
    grp         INTEGER NOT NULL,
    status      TEXT NOT NULL,
    criterion   TEXT NOT NULL,                 -- the one that decided
    says        TEXT,
    PRIMARY KEY (requirement, grp)
) STRICT;

CREATE TABLE fact_requirement (
    requirement TEXT PRIMARY KEY,
    status      TEXT NOT NULL,
    why         TEXT NOT NULL
) STRICT;

-- Answers that say something.
CREATE VIEW answer AS
SELECT key, value, EXISTS (SELECT 1 FROM word w WHERE w.list = 'no' AND w.word = said) AS is_no
FROM (SELECT key, value, lower(trim(value, ' .!' || char(9, 10, 13))) AS said FROM profile) p
WHERE said <> '' AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'unknown' AND w.word = said);

-- Documents that decide on controls by the numbers of an earlier edition.
CREATE TABLE fact_earlier (
    document INTEGER PRIMARY KEY,
    path     TEXT NOT NULL,
    lines    INTEGER NOT NULL
) STRICT;

-- Promises that bind the whole organisation: of documents in force that serve a kind and are no record,
-- of the organisation's own papers, on topics for which there is one value.
CREATE VIEW promise AS
SELECT c.*, t.title AS topic_title, t.controls
FROM commitment c JOIN commitment_topic t ON t.id = c.topic JOIN fact_document d ON d.id = c.document
WHERE t.one = 1 AND c.assumed = 0
  AND EXISTS (SELECT 1 FROM document_kind dk JOIN kind k ON k.id = dk.kind
              WHERE dk.document = c.document AND k.type <> 'record')
  AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'draft' AND w.word = lower(trim(d.status)))
  AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'others-papers' AND instr(lower(c.path), w.word) > 0);

-- Rules that the organisation gave itself, each by the first sentence that says so: of documents in force that
-- serve a kind and are no record, of the organisation's own papers.
CREATE VIEW own_rule AS
SELECT s.name, s.path AS rule_path, s.place AS rule_place, s.quote AS rule_quote, min(s.rowid) AS first
FROM said_statement s JOIN fact_document d ON d.id = s.document
WHERE EXISTS (SELECT 1 FROM document_kind dk JOIN kind k ON k.id = dk.kind WHERE dk.document = s.document AND k.type <> 'record')
  AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'draft' AND w.word = lower(trim(d.status)))
  AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'others-papers' AND instr(lower(s.path), w.word) > 0)
  -- what holds only for some is no rule for all
  AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'narrows-' || s.name AND instr(lower(s.quote), w.word) > 0)
GROUP BY s.name;

-- What is decided on each control. Empty where nothing is, or only by an earlier edition.
CREATE TABLE fact_line (
    control    TEXT PRIMARY KEY,
    n          INTEGER NOT NULL,               -- order of the standard
    document   INTEGER NOT NULL,
    path       TEXT NOT NULL,
    number     TEXT,
    title      TEXT,
    titled     TEXT,
    applicable INTEGER,
    said       TEXT,
    reason     TEXT,
    weak       INTEGER NOT NULL,
    status     TEXT,
    status_said TEXT,
    reference  TEXT,
    owner      TEXT,
    place      TEXT,
    heading    TEXT,
    page       INTEGER,
    line       INTEGER,
    sheet      TEXT,
    row        INTEGER,
    quote      TEXT
) STRICT;

-- Criteria on which the lines decide, by the lists of words that name these criteria: so many lines
-- must show it, so many do not, and of so many it is not understood what they say.
CREATE VIEW line_criterion AS
SELECT w.word AS criterion, w.list = 'lines-excluded' AS excluded, x.of, x.bad, x.unclear
FROM word w JOIN (
    SELECT 'lines-complete' AS list, (SELECT count(*) FROM control) AS of,
           (SELECT count(*) FROM control c
            WHERE NOT EXISTS (SELECT 1 FROM fact_line l WHERE l.control = c.id)
              AND NOT EXISTS (SELECT 1 FROM control_mention m JOIN fact_line l ON l.document = m.document
                              WHERE m.control = c.id)) AS bad,
           (SELECT count(*) FROM control) - (SELECT count(*) FROM fact_line) AS unclear
    UNION ALL
    SELECT 'lines-decided', count(*), 0, coalesce(sum(applicable IS NULL), 0) FROM fact_line
    UNION ALL
    SELECT 'lines-reasons', count(*), coalesce(sum(weak), 0), 0 FROM fact_line WHERE applicable IS NOT 0
    UNION ALL
    SELECT 'lines-status', count(*), coalesce(sum(status IS NULL AND status_said IS NULL), 0),
           coalesce(sum(status IS NULL), 0) FROM fact_line WHERE applicable IS NOT 0
    UNION ALL
    SELECT 'lines-references', count(*), coalesce(sum(reference IS NULL), 0), 0
    FROM fact_line WHERE applicable IS NOT 0
    UNION ALL
    SELECT 'lines-excluded', count(*), coalesce(sum(weak), 0), 0 FROM fact_line WHERE applicable = 0) x
    ON x.list = w.list
WHERE x.of > 0 AND EXISTS (SELECT 1 FROM fact_line);

-- Each control, with the kind of document that describes it best, and why its status is so:
-- excluded, groundless (excluded without a reason), described, described-partly, not-described,
-- elsewhere (the line names another document), said (only the line says it), operation, undecided,
-- no-line, earlier (decided by an earlier edition), no-statement.
CREATE TABLE fact_control (
    control    TEXT PRIMARY KEY,
    n          INTEGER NOT NULL,
    title      TEXT NOT NULL,
    status     TEXT NOT NULL,
    why        TEXT NOT NULL,
    applicable INTEGER,
    kind       TEXT,
    kind_title TEXT,
    path       TEXT                            -- of the document that describes it
) STRICT;

-- Kinds of documents that controls want: yes where the lines make one of these necessary, no where all
-- are left out, probably where nothing is decided.
CREATE VIEW fact_wanted AS
SELECT k.id AS kind, k.title, k.clause, k.force, f.state, f.path,
       CASE WHEN NOT EXISTS (SELECT 1 FROM fact_line) THEN 'probably'
            WHEN EXISTS (SELECT 1 FROM kind_control x JOIN fact_control c ON c.control = x.control
                         WHERE x.kind = k.id AND c.applicable IS NOT 0) THEN 'yes'
            ELSE 'no' END AS wanted,
       (SELECT group_concat(control, ', ')
        FROM (SELECT x.control FROM kind_control x JOIN control c ON c.id = x.control
              WHERE x.kind = k.id ORDER BY c.n)) AS controls
FROM kind k JOIN fact_kind f ON f.kind = k.id
WHERE k.minimum = 0 AND EXISTS (SELECT 1 FROM kind_control x WHERE x.kind = k.id);

-- What a document that is there does not say, for each requirement and criterion. Where it says a
-- part, the evidence is that part. The lowest `n` has most to show.
CREATE TABLE fact_gap (
    n             INTEGER PRIMARY KEY,
    requirement   TEXT NOT NULL,
    grp           INTEGER NOT NULL,
    criterion     TEXT NOT NULL,
    kind          TEXT NOT NULL,
    kind_title    TEXT NOT NULL,
    subject       TEXT NOT NULL,               -- path of the document
    status        TEXT NOT NULL,
    phrase        TEXT NOT NULL,
    path          TEXT,
    place         TEXT,
    heading       TEXT,
    page          INTEGER,
    line          INTEGER,
    sheet         TEXT,
    row           INTEGER,
    quote         TEXT,
    nearest_path  TEXT,
    nearest_place TEXT,
    nearest_quote TEXT,
    why_not       TEXT
) STRICT;

-- The same, one row for each requirement and document. Beside the one min() the columns that stand
-- alone come from the row with the lowest n, so that a place never goes with another's quote.
CREATE VIEW fact_lacks AS
SELECT requirement, kind, kind_title, subject, subject AS document,
       count(*) AS gaps, sum(status = 'missing') = 0 AS only_partly,
       group_concat(phrase, '; ') FILTER (WHERE status = 'missing') AS missing,
       group_concat(phrase, '; ') FILTER (WHERE status = 'partly') AS part,
       sum(status = 'missing') > 0 AND sum(status = 'partly') > 0 AS both,
       min(n) AS first, path, place, heading, page, line, sheet, row, quote,
       nearest_path, nearest_place, nearest_quote, why_not
FROM (SELECT * FROM fact_gap ORDER BY requirement, grp)
GROUP BY requirement, subject;

-- Kinds of documents that are not there, or only as an unfilled form. What came nearest is shown
-- only where one document comes near to several of the kind's criteria.
CREATE VIEW fact_absent AS
SELECT k.kind, k.kind AS subject, 1 AS absent, k.title AS kind_title,
       k.state = 'template' AS template, k.path AS form,
       c.nearest_path, c.nearest_place, c.nearest_quote, c.why_not,
       (SELECT min(p.on_date) FROM dated_plan p, fact_run r
        WHERE p.kind = k.kind AND p.on_date > r.today
          AND (r.stage2 IS NULL OR p.on_date < r.stage2)) AS planned,
       EXISTS (SELECT 1 FROM claim WHERE claim.kind = k.kind) AS claimed
FROM fact_kind k
LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY near DESC, nearest_path, criterion)
                     AS place_in_line
           FROM (SELECT f.*, count(*) OVER (PARTITION BY f.kind, f.nearest_path) AS near,
                        (SELECT count(*) FROM criterion o WHERE o.kind = f.kind AND o.unseen = 0) AS of
                 FROM fact_criterion f JOIN criterion c ON c.id = f.criterion
                 WHERE f.nearest_path IS NOT NULL AND c.unseen = 0)
           WHERE near >= min(2, of)) c
       ON c.kind = k.kind AND c.place_in_line = 1
WHERE k.state IN ('absent', 'template')
  AND NOT EXISTS (SELECT 1 FROM fact_inside i WHERE i.kind = k.kind);
