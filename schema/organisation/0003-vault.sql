-- Files of records that lie in the vault (docs/vault.md). `record` is the one that it belongs to.
-- `sealed` is the object's own key and the salt of its commitment, encrypted under the data key
-- `data_key`; both are null before a version has taken it, and once it was erased.
CREATE TABLE vault_object (
    id TEXT NOT NULL PRIMARY KEY,
    record TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    commitment TEXT NOT NULL,
    data_key TEXT,
    sealed TEXT,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('here', 'erased'))
) STRICT;
CREATE INDEX vault_object_record ON vault_object (record);
