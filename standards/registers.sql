-- Registers as rules read them, beside the tables that the definitions of registers make. A line counts
-- where its document is in use and it is no sample.

-- Risks, each once, though it may stand in a second format or copy.
CREATE TABLE fact_risk (
    id            INTEGER PRIMARY KEY,         -- of risk
    document      INTEGER NOT NULL,
    name          TEXT,                        -- its ref, or how its description begins
    text          TEXT NOT NULL,               -- all words about it, in lower case
    total         INTEGER NOT NULL,            -- lines of this document
    is_open       INTEGER NOT NULL,            -- not closed, avoided or given up
    owner_key     TEXT,                        -- last word of its owner's name
    owner_role    INTEGER NOT NULL,            -- owner is named by what he does
    accepted_key  TEXT,
    accepted_role INTEGER NOT NULL
) STRICT;

CREATE INDEX fact_risk_of ON fact_risk (document, owner_key);

CREATE TABLE fact_risk_control (
    record  INTEGER NOT NULL,                  -- of risk
    control TEXT NOT NULL,
    PRIMARY KEY (record, control)
) STRICT, WITHOUT ROWID;

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
    stated         INTEGER NOT NULL
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

-- What risks must be assessed for: processes of the scope, critical assets and suppliers.
CREATE TABLE fact_scope_element (
    id       INTEGER PRIMARY KEY,
    what     TEXT NOT NULL CHECK (what IN ('process', 'asset', 'supplier')),
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

-- The way of each risk to what shows that something is done about it: its steps in order, with the
-- control whose way breaks first. `kept` needs no further step.
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
SELECT r.*, f.name, f.text, f.total, f.is_open, f.owner_key, f.owner_role, f.accepted_key, f.accepted_role
FROM fact_risk f JOIN risk r ON r.id = f.id;

CREATE VIEW action_in_use AS
SELECT a.*, f.name, f.total, f.is_open, f.due AS last_due
FROM fact_action f JOIN treatment_action a ON a.id = f.id;

CREATE VIEW supplier_in_use AS
SELECT s.*, f.weight, count(*) OVER (PARTITION BY s.document) AS total
FROM fact_supplier f JOIN supplier s ON s.id = f.id;

-- How many risks lie where, before treatment and after it.
CREATE VIEW risk_cell AS
SELECT 'before' AS side, likelihood, consequence, count(*) AS risks
FROM risk_in_use WHERE likelihood IS NOT NULL AND consequence IS NOT NULL
GROUP BY likelihood, consequence
UNION ALL
SELECT 'after', residual_likelihood, residual_consequence, count(*)
FROM risk_in_use WHERE residual_likelihood IS NOT NULL AND residual_consequence IS NOT NULL
GROUP BY residual_likelihood, residual_consequence;
