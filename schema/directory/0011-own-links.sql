-- Links by which a person sees and does what concerns them, without an account: by their SHA-256.
CREATE TABLE own_link (
    token TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL REFERENCES organisation (name),
    person TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ends_at TEXT NOT NULL,
    seen_at TEXT
) STRICT;
CREATE INDEX own_link_person ON own_link (organisation, person);
