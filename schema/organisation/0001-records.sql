-- Records: their versions, which are never changed, and what is needed to write the next one.

-- Every version of every record. `seq` numbers all of the organisation's without a gap; `body` is
-- the record's fields as canonical JSON, null where it was removed.
CREATE TABLE record_version (
    seq INTEGER NOT NULL PRIMARY KEY,
    register TEXT NOT NULL,
    id TEXT NOT NULL,
    ref TEXT NOT NULL,
    rev INTEGER NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    via TEXT NOT NULL,
    act TEXT NOT NULL,
    body TEXT,
    UNIQUE (id, rev)
) STRICT;
CREATE INDEX record_version_register ON record_version (register, seq);
CREATE INDEX record_version_removed ON record_version (register, ref) WHERE body IS NULL;
CREATE INDEX record_version_at ON record_version (at, seq);

-- Which version a request has made, so that the same request again makes no other.
CREATE TABLE record_key (
    key TEXT NOT NULL PRIMARY KEY,
    request TEXT NOT NULL,
    seq INTEGER NOT NULL REFERENCES record_version (seq)
) STRICT;

-- The highest number of a ref that no record has any more, such as 14 after RISK-014 was removed.
CREATE TABLE record_number (
    register TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- The definitions that the registers' tables were made from.
CREATE TABLE register_schema (
    register TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL
) STRICT;

-- Registers and rules of the organisation's own, by the path that they have among the program's.
CREATE TABLE content (
    path TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;
