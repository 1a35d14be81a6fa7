-- The second factor of an account: codes of an authenticator. `key` is wrapped by the keeper, and the
-- secret follows from it: who reads this table has nothing. `last_step` is the time of the last code
-- that was taken, so that none is taken twice. Until it is confirmed by a code it asks for nothing.
CREATE TABLE factor (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account (id),
    key TEXT NOT NULL,
    last_step INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    confirmed_at TEXT
) STRICT;
-- Codes for whoever has lost it, each once; kept as their SHA-256.
CREATE TABLE recovery_code (
    code TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    used_at TEXT
) STRICT;
CREATE INDEX recovery_code_account ON recovery_code (account);
-- Who has given the right password, and owes the second factor yet.
CREATE TABLE half_session (
    token TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    ends_at TEXT NOT NULL
) STRICT;
-- Whether nobody gets into an organisation without a second factor.
ALTER TABLE organisation ADD COLUMN second_factor INTEGER NOT NULL DEFAULT 0;
