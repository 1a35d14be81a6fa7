-- Who an account is at a provider of OpenID Connect: its issuer and subject there, which are never
-- given to another, and the address that it last vouched for.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    address TEXT NOT NULL,
    made_at TEXT NOT NULL,
    used_at TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;
CREATE INDEX identity_account ON identity (account);
-- Browsers that went to the provider and have not come back: what they hold is kept as its SHA-256.
CREATE TABLE identity_question (
    token TEXT NOT NULL PRIMARY KEY,
    goes_to TEXT NOT NULL,
    address TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
CREATE INDEX identity_question_address ON identity_question (address, made_at);
-- Who has come back and is nobody's yet: an account that is there takes it, or nobody does.
CREATE TABLE identity_waiting (
    token TEXT NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    address TEXT NOT NULL,
    why TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
-- Domains whose people may read an organisation once the provider vouches for their address, and
-- the owner who decided it, in whose name they are recorded.
CREATE TABLE reader_domain (
    organisation TEXT NOT NULL REFERENCES organisation (name),
    domain TEXT NOT NULL,
    person TEXT NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (organisation, domain)
) STRICT;
