-- Passkeys of an account: the public key, and how often the device says that it has signed. Ids are
-- in base64url, keys in base64.
CREATE TABLE passkey (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    credential TEXT NOT NULL UNIQUE,
    algorithm INTEGER NOT NULL,
    key TEXT NOT NULL,
    counter INTEGER NOT NULL,
    name TEXT NOT NULL,
    made_at TEXT NOT NULL,
    used_at TEXT
) STRICT;
CREATE INDEX passkey_account ON passkey (account);
-- A question that a passkey answers, once: what a browser holds is kept as its SHA-256, for what it
-- may be used and by whom.
CREATE TABLE passkey_question (
    token TEXT NOT NULL PRIMARY KEY,
    challenge TEXT NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign-in', 'second', 'new', 'again')),
    account TEXT REFERENCES account (id),
    address TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
CREATE INDEX passkey_question_address ON passkey_question (address, made_at);
