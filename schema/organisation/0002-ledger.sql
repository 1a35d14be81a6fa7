-- The ledger: what makes it provable that no version was changed, taken out or put in between
-- (docs/ledger.md). Hashes, roots and salts are hexadecimal digits.

-- The entry of version `seq` has the number n = seq - 1. Its bytes are hashed as they stand here.
CREATE TABLE ledger_entry (
    n INTEGER NOT NULL PRIMARY KEY,
    bytes TEXT NOT NULL
) STRICT;

-- Complete subtrees of 2^level entries, of which number n begins with entry n * 2^level.
CREATE TABLE ledger_node (
    level INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (level, n)
) STRICT;

-- One row. `frontier` has the roots of the complete subtrees that the whole is made of, the
-- smallest first.
CREATE TABLE ledger_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    root TEXT NOT NULL,
    frontier TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

-- Signed notes (C2SP tlog-checkpoint), and what time stamp authorities replied to them (Base64).
CREATE TABLE ledger_checkpoint (
    size INTEGER NOT NULL PRIMARY KEY,
    note TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE TABLE ledger_stamp (
    size INTEGER NOT NULL,
    authority TEXT NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (size, authority)
) STRICT;

-- The public keys of the log, each with the sizes of the tree that it signed.
CREATE TABLE ledger_key (
    vkey TEXT NOT NULL PRIMARY KEY,
    from_size INTEGER NOT NULL,
    until_size INTEGER
) STRICT;

-- What opens commitments, and all of it that can be erased. Where `field` is '' it is the salt of
-- the version's body. Else it is a sealed field: its salt and its value are `value`, encrypted
-- under the data key `key`.
CREATE TABLE opening (
    seq INTEGER NOT NULL,
    field TEXT NOT NULL,
    salt TEXT,
    key TEXT,
    value TEXT,
    PRIMARY KEY (seq, field)
) STRICT;

-- One for each person or record that sealed values tell of, encrypted under the organisation's key.
CREATE TABLE data_key (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL UNIQUE,
    wrapped TEXT NOT NULL
) STRICT;

-- One row: the organisation's key, as its keeper has encrypted it.
CREATE TABLE organisation_key (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    wrapped TEXT NOT NULL
) STRICT;
