-- Who may sign in. Nothing here can be used by who reads it: passwords are hashed by argon2id,
-- everything that a browser or a link holds is kept as its SHA-256.
CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
-- Whom an account is in an organisation: the id of a person's record. What they may do there is
-- what the organisation's memberships say.
CREATE TABLE account_person (
    account TEXT NOT NULL REFERENCES account (id),
    organisation TEXT NOT NULL REFERENCES organisation (name),
    person TEXT NOT NULL,
    PRIMARY KEY (account, organisation),
    UNIQUE (organisation, person)
) STRICT;
CREATE TABLE session (
    token TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account (id),
    made_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account);
-- Links that make an account, or bind one to a person, once. One without a person is that of the
-- first run.
CREATE TABLE invitation (
    token TEXT NOT NULL PRIMARY KEY,
    organisation TEXT REFERENCES organisation (name),
    person TEXT,
    made_at TEXT NOT NULL,
    ends_at TEXT NOT NULL
) STRICT;
-- Browsers in which somebody has signed in before: strangers who guess passwords use up attempts of
-- their own, not those of these.
CREATE TABLE device (
    token TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    made_at TEXT NOT NULL
) STRICT;
-- Attempts that failed, by whom they are counted.
CREATE TABLE attempt (
    name TEXT NOT NULL PRIMARY KEY,
    since TEXT NOT NULL,
    n INTEGER NOT NULL
) STRICT;
