-- What a home in a database says of itself: `files` is the number that its folder of files has too.
CREATE TABLE home (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
