-- What an import of a folder makes of the facts besides, before lines and documents become records.

-- In which state a document is: what it says, else what somebody approved or put into force is approved. Null
-- where nothing tells.
CREATE VIEW imported_document AS
SELECT d.*,
       CASE WHEN EXISTS (SELECT 1 FROM word w WHERE w.list = 'withdrawn' AND w.word = lower(trim(d.status))) THEN 'withdrawn'
            WHEN EXISTS (SELECT 1 FROM word w WHERE w.list = 'draft' AND w.word = lower(trim(d.status)))
              THEN iif(lower(d.status) LIKE '%review%' OR lower(d.status) LIKE '%approval%', 'in_review', 'draft')
            WHEN d.status IS NOT NULL OR d.approved_on IS NOT NULL OR d.effective_on IS NOT NULL
              OR EXISTS (SELECT 1 FROM document_person p WHERE p.document = d.id AND p.role = 'approver') THEN 'approved'
       END AS state
FROM document d;

-- Of which scale a step is, where only its columns tell: what is said in words, else how its steps are called.
UPDATE scale_step SET scale = CASE
    WHEN likelihood IS NOT NULL AND consequence IS NULL THEN 'likelihood'
    WHEN consequence IS NOT NULL AND likelihood IS NULL THEN 'consequence'
    WHEN likelihood IS NULL AND consequence IS NULL THEN
        (SELECT iif(h.likelihood > h.consequence, 'likelihood', iif(h.consequence > h.likelihood, 'consequence', NULL))
         FROM (SELECT EXISTS (SELECT 1 FROM word w WHERE w.list = 'likelihood-words' AND instr(lower(c.header), w.word) > 0) AS likelihood,
                      EXISTS (SELECT 1 FROM word w WHERE w.list = 'consequence-words' AND instr(lower(c.header), w.word) > 0) AS consequence
               FROM register_column c
               WHERE c.register_table = scale_step.register_table AND c.field = 'step') h)
    END
WHERE scale IS NULL AND scale_said IS NULL;
