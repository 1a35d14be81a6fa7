-- Work that takes long: who asked for it, in which role, and how far it is. A job that a server has
-- begun is its own until `leased_until`; one whose server was ended is begun again by another.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    organisation TEXT NOT NULL REFERENCES organisation (name),
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    file TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    progress TEXT,
    said TEXT,
    made_at TEXT NOT NULL,
    begun_at TEXT,
    ended_at TEXT,
    leased_until TEXT
) STRICT;
CREATE INDEX job_state ON job (state, made_at);
CREATE INDEX job_account ON job (account, made_at);
