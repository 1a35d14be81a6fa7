-- Registers as rules read them, beside the tables that the definitions of registers make. A line counts
-- where its document is in use and it is no sample.

-- What is so of one risk alone is worked out by record (docs/rules.md, "Steps by record"): for the rows of risk
-- that stand here. In a folder these are all; in a home that is judged again, those that changed.
CREATE TABLE turn_risk (
    id INTEGER PRIMARY KEY
) STRICT;

-- Risks whose refs have numbers near one another are a part of the register. What many have in common is counted by
-- part, so that one that changes makes few be counted again.
CREATE VIEW turn_risk_part AS
SELECT DISTINCT id >> 40 AS id FROM turn_risk;

-- Every line about a risk, with what tells whether its table is an assessment. By record.
CREATE TABLE fact_risk_line (
    id             INTEGER PRIMARY KEY,        -- of risk
    register_table INTEGER NOT NULL,
    document       INTEGER NOT NULL,
    sample         INTEGER NOT NULL,
    rated          INTEGER NOT NULL            -- a rating or an option of treatment stands there
) STRICT;

-- Tables of risks that are an assessment.
CREATE TABLE fact_assessed (
    register_table INTEGER PRIMARY KEY,
    document       INTEGER NOT NULL
) STRICT;

-- Lines that stand in another document before.
CREATE TABLE fact_risk_copy (
    id INTEGER PRIMARY KEY
) STRICT;

-- Risks, each once, though it may stand in a second format or copy. By record. What rules count stands here, as
-- rows of risk are wide and slow to go through.
CREATE TABLE fact_risk (
    id            INTEGER PRIMARY KEY,         -- of risk
    document      INTEGER NOT NULL,
    register_table INTEGER NOT NULL,
    is_open       INTEGER NOT NULL,            -- not closed, avoided or given up
    likelihood    INTEGER,
    consequence   INTEGER,
    residual_likelihood  INTEGER,
    residual_consequence INTEGER,
    by_product    INTEGER,                     -- its level is the product; null where it is not rated in whole numbers
    by_sum        INTEGER,
    remains       INTEGER,                     -- the level that remains, where it is open and stands there as a number
    evaluated     INTEGER NOT NULL,            -- it says whether it is acceptable
    owner_key     TEXT,                        -- last word of its owner's name
    owner_role    INTEGER NOT NULL,            -- owner is named by what he does
    accepted_key  TEXT,
    accepted_role INTEGER NOT NULL,
    owner         TEXT,                        -- in lower case
    identified_on TEXT,
    process       TEXT,                        -- in lower case
    name          TEXT,                        -- its ref, or how its description begins
    text          TEXT NOT NULL                -- all words about it, in lower case
) STRICT;

CREATE INDEX fact_risk_of ON fact_risk (document, owner_key, owner_role);
CREATE INDEX fact_risk_owned ON fact_risk (document, owner, identified_on);
CREATE INDEX fact_risk_rated ON fact_risk (register_table, by_product, by_sum) WHERE by_sum IS NOT NULL;
CREATE INDEX fact_risk_process ON fact_risk (process) WHERE process IS NOT NULL;
CREATE INDEX fact_risk_evaluated ON fact_risk (register_table) WHERE evaluated = 1;
CREATE INDEX fact_risk_not_product ON fact_risk (remains) WHERE remains <> residual_likelihood * residual_consequence;
CREATE INDEX fact_risk_not_sum ON fact_risk (remains) WHERE remains <> residual_likelihood + residual_consequence;

CREATE INDEX risk_excepted ON risk (exception_until) WHERE exception_until IS NOT NULL;
CREATE INDEX risk_exception ON risk (id) WHERE exception IS NOT NULL;
CREATE INDEX risk_accepted ON risk (residual_accepted_on) WHERE residual_accepted_on IS NOT NULL;
CREATE INDEX risk_let ON risk (level) WHERE evaluation = 'acceptable';
CREATE INDEX risk_ranked ON risk (priority) WHERE priority IS NOT NULL;
CREATE INDEX risk_unranked ON risk (id) WHERE evaluation = 'unacceptable' AND priority IS NULL;

-- How many risks of a part have something in common. By part.
CREATE TABLE fact_risk_tally (
    part           INTEGER NOT NULL,
    what           TEXT NOT NULL CHECK (what IN ('all', 'owner', 'sign', 'before', 'after', 'rated', 'product', 'sum')),
    document       INTEGER NOT NULL,
    register_table INTEGER NOT NULL,
    value          TEXT,                       -- the owner, the sign
    likelihood     INTEGER,                    -- before treatment, after it
    consequence    INTEGER,
    n              INTEGER NOT NULL,
    first          INTEGER NOT NULL            -- of risk
) STRICT;

CREATE INDEX fact_risk_tally_of ON fact_risk_tally (part);

-- And of all parts.
CREATE TABLE fact_risk_count (
    what           TEXT NOT NULL,
    document       INTEGER NOT NULL,
    register_table INTEGER NOT NULL,
    value          TEXT,
    likelihood     INTEGER,
    consequence    INTEGER,
    n              INTEGER NOT NULL,
    first          INTEGER NOT NULL
) STRICT;

CREATE INDEX fact_risk_count_of ON fact_risk_count (what, document);

CREATE TABLE fact_risk_total (
    document INTEGER PRIMARY KEY,
    total    INTEGER NOT NULL,                 -- risks of this document
    first    INTEGER NOT NULL                  -- of risk
) STRICT;

-- By record.
CREATE TABLE fact_risk_control (
    record  INTEGER NOT NULL,                  -- of risk
    control TEXT NOT NULL,
    PRIMARY KEY (record, control)
) STRICT, WITHOUT ROWID;

CREATE INDEX fact_risk_control_of ON fact_risk_control (control);

-- The same of each risk together, where it names any. By record.
CREATE TABLE fact_risk_set (
    record   INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    controls TEXT NOT NULL,
    n        INTEGER NOT NULL
) STRICT;

CREATE INDEX fact_risk_set_of ON fact_risk_set (document, controls, n);

-- What rules look for, of a single risk: they then read the rows that have it, and none else. Not each is wrong;
-- what hangs on other lines too the rule itself asks. By record.
CREATE TABLE fact_risk_sign (
    record   INTEGER NOT NULL,                 -- of risk
    sign     TEXT NOT NULL,
    document INTEGER NOT NULL,
    PRIMARY KEY (record, sign)
) STRICT, WITHOUT ROWID;

CREATE INDEX fact_risk_signed ON fact_risk_sign (sign, document, record);

CREATE TABLE fact_action (
    id       INTEGER PRIMARY KEY,              -- of treatment_action
    document INTEGER NOT NULL,
    name     TEXT,
    total    INTEGER NOT NULL,
    is_open  INTEGER NOT NULL,
    due      TEXT                              -- the last day that was set
) STRICT;

CREATE TABLE fact_action_control (
    record  INTEGER NOT NULL,
    control TEXT NOT NULL,
    PRIMARY KEY (record, control)
) STRICT, WITHOUT ROWID;

-- Scales by which risks are rated.
CREATE TABLE fact_scale (
    dimension TEXT PRIMARY KEY,
    low       INTEGER NOT NULL,
    high      INTEGER NOT NULL,
    path      TEXT,
    place     TEXT
) STRICT;

-- Scales in tables that have every step from 0 or 1 on. What is rated the scale says, else the column in words, else
-- the heading of the steps.
CREATE VIEW whole_scale AS
WITH headed AS (
    SELECT c.register_table,
           EXISTS (SELECT 1 FROM word w WHERE w.list = 'likelihood-words' AND instr(lower(c.header), w.word) > 0) AS likelihood,
           EXISTS (SELECT 1 FROM word w WHERE w.list = 'consequence-words' AND instr(lower(c.header), w.word) > 0) AS consequence
    FROM register_column c WHERE c.field = 'step'),
step AS (
    SELECT s.*, CASE WHEN s.scale IN ('likelihood', 'consequence') THEN s.scale END AS dimension
    FROM scale_step s JOIN fact_document d ON d.id = s.document
    WHERE s.sample = 0 AND s.step IS NOT NULL AND s.scale IN ('likelihood', 'consequence')
    UNION ALL
    SELECT s.*, 'likelihood' FROM scale_step s JOIN fact_document d ON d.id = s.document
    WHERE s.sample = 0 AND s.step IS NOT NULL AND s.scale IS NULL AND s.likelihood IS NOT NULL
    UNION ALL
    SELECT s.*, 'consequence' FROM scale_step s JOIN fact_document d ON d.id = s.document
    WHERE s.sample = 0 AND s.step IS NOT NULL AND s.scale IS NULL AND s.consequence IS NOT NULL
    UNION ALL
    SELECT s.*, iif(h.likelihood, 'likelihood', 'consequence')
    FROM scale_step s JOIN fact_document d ON d.id = s.document JOIN headed h ON h.register_table = s.register_table
    WHERE s.sample = 0 AND s.step IS NOT NULL AND s.scale IS NULL AND s.likelihood IS NULL AND s.consequence IS NULL
      AND h.likelihood <> h.consequence)
SELECT dimension, document, register_table, min(step) AS low, max(step) AS high, min(id) AS first,
       path, min(place) AS place, heading, page, line, sheet, row, quote
FROM step GROUP BY register_table, dimension
HAVING count(DISTINCT step) BETWEEN 3 AND 10 AND max(step) - min(step) = count(DISTINCT step) - 1 AND min(step) IN (0, 1);

-- Up to which level a risk may stay as it is.
CREATE TABLE fact_acceptable (
    level INTEGER NOT NULL,
    path  TEXT NOT NULL,
    place TEXT NOT NULL,
    quote TEXT NOT NULL
) STRICT;

-- How a table makes a level of likelihood and consequence; `stated` by the method, else by nine lines of ten.
CREATE TABLE fact_level_rule (
    register_table INTEGER PRIMARY KEY,
    rule           TEXT NOT NULL CHECK (rule IN ('product', 'sum')),
    stated         INTEGER NOT NULL,
    wrong          INTEGER NOT NULL            -- how many levels are others
) STRICT;

-- Suppliers, with words by which other documents may name them.
CREATE TABLE fact_supplier (
    id      INTEGER PRIMARY KEY,               -- of supplier
    name    TEXT NOT NULL,
    weight  TEXT NOT NULL CHECK (weight IN ('high', 'medium', 'low', 'unknown'))
) STRICT;

CREATE TABLE fact_supplier_name (
    supplier INTEGER NOT NULL,
    name     TEXT NOT NULL,                    -- in lower case
    PRIMARY KEY (supplier, name)
) STRICT, WITHOUT ROWID;

-- What risks must be assessed for: processes and sites of the scope, critical assets and suppliers.
CREATE TABLE fact_scope_element (
    id       INTEGER PRIMARY KEY,
    what     TEXT NOT NULL CHECK (what IN ('process', 'site', 'asset', 'supplier')),
    name     TEXT NOT NULL,
    assessed INTEGER NOT NULL,                 -- a risk speaks of it
    path     TEXT,
    place    TEXT,
    heading  TEXT,
    page     INTEGER,
    line     INTEGER,
    sheet    TEXT,
    row      INTEGER,
    quote    TEXT
) STRICT;

-- Incidents of the last year, and whether a risk speaks of such a thing.
CREATE TABLE fact_incident (
    id        INTEGER PRIMARY KEY,             -- of incident
    reflected INTEGER NOT NULL
) STRICT;

-- What is to be reduced by controls that are not in place, for which no action is planned. By record.
CREATE TABLE fact_risk_unplanned (
    record INTEGER PRIMARY KEY                 -- of risk
) STRICT;

-- What is rated on no step of the scales. By record.
CREATE TABLE fact_risk_off_scale (
    record INTEGER PRIMARY KEY                 -- of risk
) STRICT;

-- Refs of risks, in lower case, for which actions are.
CREATE TABLE fact_action_risk (
    ref TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- How far the way leads from each control on: there, broken, unknown.
CREATE TABLE fact_control_step (
    control   TEXT PRIMARY KEY,
    nth       INTEGER NOT NULL,                -- order of the standard
    statement TEXT NOT NULL,
    document  TEXT NOT NULL,
    evidence  TEXT NOT NULL
) STRICT;

-- The way of each risk to what shows that something is done about it: by the control whose way breaks first. By record.
CREATE TABLE fact_way (
    risk       INTEGER PRIMARY KEY,            -- of risk
    control    TEXT,
    statement  TEXT,                           -- there, broken, unknown, as of the steps below
    document   TEXT,
    evidence   TEXT,
    why        TEXT NOT NULL,                  -- of the control's step
    owner      TEXT NOT NULL,                  -- of the owner's
    broken     INTEGER NOT NULL
) STRICT;

CREATE INDEX fact_way_broken ON fact_way (broken DESC, risk);

-- Those that are shown: in a home, which has lists of its own, some that break first; else all.
CREATE TABLE fact_way_shown (
    risk INTEGER PRIMARY KEY
) STRICT;

-- Their steps in order. `kept` needs no further step. By record.
CREATE TABLE fact_trail (
    risk  INTEGER NOT NULL,                    -- of risk
    n     INTEGER NOT NULL,
    step  TEXT NOT NULL CHECK (step IN ('risk', 'owner', 'control', 'statement', 'document', 'evidence')),
    state TEXT NOT NULL CHECK (state IN ('there', 'broken', 'unknown', 'kept')),
    why   TEXT NOT NULL,                       -- which text tells it: texts of the verdict, trail.STEP.WHY
    name  TEXT,                                -- what stands there
    title TEXT,
    path  TEXT,
    place TEXT,
    quote TEXT,
    PRIMARY KEY (risk, n)
) STRICT, WITHOUT ROWID;

-- To be asked with EXISTS: what is DISTINCT would be made anew, of all columns, for each line that asks.
CREATE VIEW has_column AS
SELECT register_table, field FROM register_column WHERE field IS NOT NULL;

CREATE VIEW risk_in_use AS
SELECT r.*, f.name, f.text, n.total, f.is_open, f.owner_key, f.owner_role, f.accepted_key, f.accepted_role
FROM fact_risk f CROSS JOIN risk r ON r.id = f.id CROSS JOIN fact_risk_total n ON n.document = f.document;

-- The same of this turn alone, without what hangs on other lines.
CREATE VIEW risk_in_turn AS
SELECT r.*, f.name, f.text, f.is_open, f.owner_key, f.owner_role, f.accepted_key, f.accepted_role, f.remains
FROM turn_risk t CROSS JOIN fact_risk f ON f.id = t.id CROSS JOIN risk r ON r.id = f.id;

CREATE VIEW action_in_use AS
SELECT a.*, f.name, f.total, f.is_open, f.due AS last_due
FROM fact_action f JOIN treatment_action a ON a.id = f.id;

CREATE VIEW supplier_in_use AS
SELECT s.*, f.weight, count(*) OVER (PARTITION BY s.document) AS total
FROM fact_supplier f JOIN supplier s ON s.id = f.id;

-- How many risks of a document are alike, with the first of them.
CREATE VIEW risk_alike AS
SELECT what, document, value, sum(n) AS n, min(first) AS first
FROM fact_risk_count GROUP BY what, document, value, likelihood, consequence;

-- How many risks lie where, before treatment and after it.
CREATE VIEW risk_cell AS
SELECT what AS side, likelihood, consequence, sum(n) AS risks
FROM fact_risk_count WHERE what IN ('before', 'after') GROUP BY what, likelihood, consequence;

-- Values beside their targets. `least` is 1 where more is better, 0 where less is, null where the target does not
-- tell; `missed` is null where the two cannot be compared. An objective's value is its own, else the last one that
-- was measured by its measure.
CREATE VIEW value_on_target AS
WITH measured AS (
    SELECT m.*, lower(trim(m.metric)) AS key,
           row_number() OVER (PARTITION BY lower(trim(m.metric)) ORDER BY m.held_on DESC, m.id DESC) AS place_in_line,
           count(*) OVER (PARTITION BY lower(trim(m.metric))) AS times
    FROM measurement m JOIN fact_document d ON d.id = m.document
    WHERE m.sample = 0 AND m.metric IS NOT NULL AND m.value IS NOT NULL),
aimed AS (
    -- "ME1: patches in time" is measured as ME1
    SELECT o.*, lower(trim(substr(o.metric, 1, instr(o.metric || ':', ':') - 1))) AS key
    FROM objective o JOIN fact_document d ON d.id = o.document WHERE o.sample = 0),
last AS MATERIALIZED (SELECT * FROM measured WHERE place_in_line = 1 AND length(key) > 1),
said AS (
    SELECT 'objective' AS register, o.id AS record, o.target, o.baseline, coalesce(o.current, m.value) AS value,
           iif(o.current IS NULL, m.unit, NULL) AS unit, iif(o.current IS NULL, m.held_on, NULL) AS day
    FROM aimed o LEFT JOIN last m ON m.key = o.key
    UNION ALL
    SELECT 'measurement', id, target, NULL, value, unit, held_on FROM measured WHERE place_in_line = 1 AND (times = 1 OR held_on IS NOT NULL)
    UNION ALL
    SELECT 'metric', m.id, m.target, NULL, m.result, m.unit, NULL FROM metric m JOIN fact_document d ON d.id = m.document WHERE m.sample = 0),
number AS (
    SELECT s.*, number_in(target) AS wanted, number_in(value) AS is_now, number_in(baseline) AS was,
           coalesce(nullif(unit_in(target), ''), lower(trim(unit)), '') AS target_unit,
           coalesce(nullif(unit_in(value), ''), lower(trim(unit)), '') AS value_unit,
           EXISTS (SELECT 1 FROM word w WHERE w.list = 'least-words' AND instr(' ' || lower(target), w.word) > 0) AS says_least,
           EXISTS (SELECT 1 FROM word w WHERE w.list = 'most-words' AND instr(' ' || lower(target), w.word) > 0)
           OR EXISTS (SELECT 1 FROM word w WHERE w.list = 'most-first-words' AND instr(lower(target), w.word || ' ') = 1) AS says_most
    FROM said s WHERE target IS NOT NULL AND value IS NOT NULL),
compared AS (
    SELECT n.*, CASE WHEN says_least AND says_most THEN NULL WHEN says_least THEN 1 WHEN says_most THEN 0
                     WHEN wanted = 100 AND target_unit = '%' THEN 1 WHEN wanted = 0 THEN 0
                     WHEN was < wanted THEN 1 WHEN was > wanted THEN 0 END AS least
    FROM number n WHERE target_unit = value_unit)
SELECT register, record, target, value, day, least, CASE least WHEN 1 THEN is_now < wanted WHEN 0 THEN is_now > wanted END AS missed
FROM compared;
