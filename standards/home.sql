-- A home: an organisation's records as the judge has them. Their rows stand in the tables of the
-- registers (docs/registers.md), and each register that has records counts as a document.

-- Records by the ids they are kept under, and by what others name them.
CREATE TABLE home_record (
    id       TEXT PRIMARY KEY,
    register TEXT NOT NULL,
    row      INTEGER NOT NULL,                 -- of the register's table
    name     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who names whom: where the name of a record stands in other rows.
CREATE TABLE home_link (
    target   TEXT NOT NULL,                    -- id of the record that is named
    register TEXT NOT NULL,
    record   INTEGER NOT NULL,                 -- row
    field    TEXT NOT NULL,
    n        INTEGER NOT NULL,                 -- which of many, from 1; 0 where there is one
    named    INTEGER NOT NULL,                 -- 0: it had not come yet, and is called by its id
    PRIMARY KEY (target, register, record, field, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX home_link_of ON home_link (register, record);
CREATE INDEX home_link_waiting ON home_link (target) WHERE named = 0;

-- The registers, with the document and the table that each is to rules, and the kinds it serves.
CREATE TABLE home_register (
    register TEXT PRIMARY KEY,
    document INTEGER NOT NULL,                 -- also the row of register_table
    title    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE home_kind (
    register TEXT NOT NULL,
    kind     TEXT NOT NULL,
    PRIMARY KEY (register, kind)
) STRICT, WITHOUT ROWID;

-- The requirements that a register serves, and of these the ones whose registers have records.
CREATE TABLE home_serves (
    register    TEXT NOT NULL,
    requirement TEXT NOT NULL,
    PRIMARY KEY (register, requirement)
) STRICT, WITHOUT ROWID;

CREATE TABLE home_shows (
    requirement TEXT PRIMARY KEY,
    n           INTEGER NOT NULL,
    path        TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a path of a home leads to: a register, or one record of the register of documents; and what stands
-- for it in the ids of findings, whatever its title becomes.
CREATE VIEW home_path AS
SELECT title AS path, register, NULL AS ref, register AS key FROM home_register
UNION ALL
SELECT d.path, 'document', r.ref, 'document ' || r.ref FROM document_record r JOIN document d ON d.id = r.id
WHERE EXISTS (SELECT 1 FROM home_register);

-- The last value of each measure that an objective has a target for, where it misses it: "<=" and its like
-- want less, anything else at least so much.
CREATE VIEW missed_measurement AS
SELECT m.*, o.id AS objective, o.ref AS objective_ref, o.target
FROM (SELECT v.id, v.ref, v.value, v.held_on, f.target_record AS metric, v.path, v.place, v.quote,
             row_number() OVER (PARTITION BY f.target_record ORDER BY v.held_on DESC, v.id DESC) AS place_in_line
      FROM measurement v
      JOIN fact_reference f ON f.register = 'measurement' AND f.record = v.id AND f.field = 'metric'
      WHERE v.held_on IS NOT NULL AND v.value GLOB '[0-9]*') m
JOIN fact_reference r ON r.register = 'objective' AND r.field = 'metric' AND r.target_record = m.metric
JOIN objective o ON o.id = r.record
WHERE m.place_in_line = 1 AND ltrim(o.target, '<>=≤≥ ') GLOB '[0-9]*'
  AND CASE WHEN o.target GLOB '[<≤]*' THEN CAST(m.value AS REAL) > CAST(ltrim(o.target, '<>=≤≥ ') AS REAL)
           ELSE CAST(m.value AS REAL) < CAST(ltrim(o.target, '<>=≤≥ ') AS REAL) END;
