-- Somebody says that a password is forgotten: what they gave, until the next look at it. Whether there
-- is such an account is looked up there, so that the answer takes as long for each.
CREATE TABLE reset_ask (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    device TEXT,
    at TEXT NOT NULL
) STRICT;
-- How often that was asked lately, by whom it is counted.
CREATE TABLE reset_count (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX reset_count_name ON reset_count (name, at);
-- Links that set a new password, once, by their SHA-256.
CREATE TABLE password_reset (
    token TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    ends_at TEXT NOT NULL
) STRICT;
