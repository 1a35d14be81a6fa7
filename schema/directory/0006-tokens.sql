-- What programs sign in with. `token` is the SHA-256 of what they hold; `rights` are those of
-- access/roles.yaml that it gives on, of what its account may. One without an organisation is good for
-- all in which the account takes part.
CREATE TABLE api_token (
    token TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES account (id),
    organisation TEXT REFERENCES organisation (name),
    name TEXT NOT NULL,
    rights TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    used_at TEXT
) STRICT;
CREATE INDEX api_token_account ON api_token (account);
-- How a job was asked for, what it may of what its person may, and why it failed: a status of HTTP.
ALTER TABLE job ADD COLUMN via TEXT;
ALTER TABLE job ADD COLUMN rights TEXT;
ALTER TABLE job ADD COLUMN status INTEGER;
