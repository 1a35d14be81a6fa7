-- Mail that waits to be sent, and what became of it. Nothing here opens anything: a link's token is
-- made when the mail is, and never kept. `handed` is a mail of which the server has had some; where
-- nobody knows whether it took it, it is `unsure` and not sent again by itself.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    organisation TEXT REFERENCES organisation (name),
    person TEXT,
    account TEXT REFERENCES account (id),
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    facts TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'taken', 'handed', 'sent', 'failed', 'unsure')),
    tries INTEGER NOT NULL,
    made_at TEXT NOT NULL,
    next_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    leased_until TEXT,
    ended_at TEXT,
    said TEXT
) STRICT;
CREATE INDEX outbox_state ON outbox (state, next_at);
-- Where an account is written to: where its invitation came.
ALTER TABLE account ADD COLUMN address TEXT;
ALTER TABLE invitation ADD COLUMN address TEXT;
