-- What says nothing that follows from no entry, so that all of it can be compared with the ledger.

-- A checkpoint's instant is that of the last entry it is over, no longer that of its signing.
UPDATE ledger_checkpoint SET at = COALESCE(
    (SELECT v.at FROM record_version v WHERE v.seq = ledger_checkpoint.size), at);

-- When a file came is the instant of the version that took it.
ALTER TABLE vault_object DROP COLUMN received_at;
