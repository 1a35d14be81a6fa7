-- What a home knows of its organisations. `name` is also that of its folder or schema.
CREATE TABLE organisation (
    name TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
-- Figures for an overview of many organisations, so that nobody has to open each store for it.
CREATE TABLE summary (
    organisation TEXT NOT NULL PRIMARY KEY REFERENCES organisation (name),
    at TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
