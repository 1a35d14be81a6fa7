-- Makes the third part of the facts from the first two. Runs again from the start each time.

DELETE FROM person_rank;
DELETE FROM fact_document;
DELETE FROM fact_kind;
DELETE FROM fact_criterion;
DELETE FROM fact_inside;
DELETE FROM fact_answer;
DELETE FROM fact_group;
DELETE FROM fact_requirement;
DELETE FROM fact_gap;
DELETE FROM fact_earlier;
DELETE FROM fact_line;
DELETE FROM fact_control;

INSERT INTO fact_document
SELECT d.id, d.path, d.title, d.version, d.status,
       nullif(max(coalesce(d.dated, ''), coalesce(d.approved_on, ''), coalesce(d.effective_on, '')), ''),
       d.approved_on, d.review_due, d.placeholders,
       (SELECT min(p.name) FROM document_person p WHERE p.document = d.id AND p.role = 'author'),
       EXISTS (SELECT 1 FROM document_kind dk JOIN kind k ON k.id = dk.kind
               WHERE dk.document = d.id AND k.minimum = 1)
FROM document d
WHERE d.counts = 1 AND d.copy_of IS NULL AND d.error IS NULL AND d.template IN ('none', 'open');

INSERT INTO person_rank
WITH said AS (
    SELECT p.*, max(p.is_top_management) OVER (PARTITION BY p.register_table) AS column_says,
           EXISTS (SELECT 1 FROM word w WHERE w.list = 'top-titles'
                   AND instr(' ' || lower(p.function) || ' ', ' ' || w.word || ' ') > 0) AS by_title
    FROM person p JOIN fact_document d ON d.id = p.document WHERE p.sample = 0)
SELECT id, CASE WHEN column_says = 1 THEN coalesce(is_top_management, 0) ELSE by_title END
FROM (SELECT *, max(by_title) OVER (PARTITION BY register_table) AS title_says FROM said)
WHERE column_says = 1 AND (is_top_management IS NOT NULL OR is_top_management_said IS NULL)
   -- a title that is none of top management says so only of those who run or check something
   OR column_says IS NOT 1 AND title_says = 1 AND function IS NOT NULL
      AND (by_title = 1 OR EXISTS (SELECT 1 FROM word w WHERE w.list = 'isms-builder' AND instr(lower(function), w.word) > 0));

-- Folders only: an approver whose rank the document does not tell, by the register of persons: the name is one of these, or
-- begins with one and a comma. The same names stand in many documents, so each is looked up once.
WITH RECURSIVE beginning (name, head, tail) AS (
    SELECT DISTINCT name, NULL, lower(name) FROM document_person WHERE rank = 'unknown'
    UNION ALL
    SELECT name, coalesce(head || ',', '') || substr(tail, 1, instr(tail, ',') - 1), substr(tail, instr(tail, ',') + 1)
    FROM beginning WHERE instr(tail, ',') > 0),
known AS (
    SELECT lower(trim(p.name)) AS name, length(p.name) > 5 AS telling, max(k.top) AS top
    FROM person p JOIN person_rank k ON k.id = p.id GROUP BY 1, 2),
ranked AS (
    SELECT b.name, max(k.top) AS top FROM beginning b JOIN known k ON k.name = coalesce(b.head, lower(trim(b.name)))
    WHERE b.head IS NULL OR k.telling GROUP BY b.name)
UPDATE document_person SET rank = iif(r.top = 1, 'top', 'other')
FROM ranked r WHERE r.name = document_person.name AND document_person.rank = 'unknown';

-- The best document of each kind: a real one before an unfilled form, one in force before a draft, and
-- the one that says most of what belongs there.
INSERT INTO fact_kind
SELECT k.id, k.title,
       CASE WHEN best.real = 1 THEN 'present'
            WHEN k.looks = 0 THEN 'cannot-tell'
            WHEN EXISTS (SELECT 1 FROM skipped s WHERE s.kind_hint = k.id) THEN 'cannot-tell'
            WHEN best.real = 0 THEN 'template'
            WHEN EXISTS (SELECT 1 FROM fact_run r
                         WHERE (r.unread + r.foreign_language +
                                (SELECT coalesce(sum(u.documents), 0) FROM unsignalled u
                                 WHERE u.kind = k.id)) * 1000 > r.files *
                               (SELECT value FROM setting WHERE key = 'unread_permille'))
                 THEN 'cannot-tell'
            ELSE 'absent' END,
       (SELECT count(*) FROM document_kind dk JOIN fact_document f ON f.id = dk.document
        WHERE dk.kind = k.id),
       best.document, best.path, best.place,
       coalesce(best.why,
                (SELECT min(s.path || ': ' || s.why) FROM skipped s WHERE s.kind_hint = k.id))
FROM kind k
LEFT JOIN (SELECT dk.kind, dk.document, d.path, dk.place, dk.why, f.id IS NOT NULL AS real,
                  row_number() OVER (PARTITION BY dk.kind
                      ORDER BY f.id IS NULL,
                               EXISTS (SELECT 1 FROM word w WHERE w.list = 'draft'
                                       AND w.word = lower(trim(f.status))),
                               (SELECT coalesce(sum(iif(r.status = 'met', 2, 1)), 0)
                                FROM criterion_result r
                                WHERE r.document = dk.document AND r.kind = dk.kind
                                  AND r.status IN ('met', 'partly')) DESC,
                               dk.confidence DESC, d.path) AS place_in_line
           FROM document_kind dk
           JOIN document d ON d.id = dk.document AND d.copy_of IS NULL AND d.error IS NULL
           LEFT JOIN fact_document f ON f.id = d.id) best
       ON best.kind = k.id AND best.place_in_line = 1;

-- The best result of each criterion over all documents in use.
INSERT INTO fact_criterion
SELECT c.id, c.kind,
       CASE WHEN best.status = 'met' THEN 'met'
            WHEN best.status = 'cannot-tell' OR c.looks = 0 AND best.status IS NULL
                 THEN 'cannot-tell'
            WHEN c.unseen = 1 THEN 'cannot-tell'
            WHEN best.status = 'partly' THEN 'partly'
            WHEN k.state = 'cannot-tell' THEN 'cannot-tell'
            ELSE 'missing' END,
       c.practice, c.phrase, best.lacks, best.document, e.path, e.place, e.heading, e.page, e.line,
       e.sheet, e.row, e.quote, n.path, n.place, n.quote, n.why_not
FROM criterion c
JOIN fact_kind k ON k.kind = c.kind
LEFT JOIN (SELECT r.criterion, r.status, r.lacks, r.document,
                  row_number() OVER (PARTITION BY r.criterion
                      ORDER BY CASE r.status WHEN 'met' THEN 1 WHEN 'partly' THEN 2 ELSE 3 END,
                               r.document IS NOT of.document, dk.kind IS NULL, f.path) AS place_in_line
           FROM criterion_result r JOIN fact_document f ON f.id = r.document
           JOIN fact_kind of ON of.kind = r.kind
           LEFT JOIN document_kind dk ON dk.document = r.document AND dk.kind = r.kind) best
       ON best.criterion = c.id AND best.place_in_line = 1
LEFT JOIN criterion_evidence e
       ON e.rowid = (SELECT rowid FROM criterion_evidence
                     WHERE criterion = c.id AND document = best.document ORDER BY n, rowid LIMIT 1)
-- Only numbers of rows are ordered: their texts may be large.
LEFT JOIN (SELECT x.rowid AS nth, x.criterion, row_number() OVER (PARTITION BY x.criterion ORDER BY x.path, x.place) AS place_in_line
           FROM nearest x JOIN criterion y ON y.id = x.criterion
           JOIN document d ON d.id = x.document AND d.copy_of IS NULL
           LEFT JOIN document_kind own ON own.document = d.id AND own.kind = y.kind
           -- A text that is no evidence comes near only as an unfilled form of the same kind; one word
           -- in a document of another kind is not near.
           WHERE (d.counts = 1 OR d.template <> 'none' AND own.kind IS NOT NULL)
             AND (x.wanted IS NULL
                  OR x.filled * 1000 >= x.wanted * (SELECT value FROM setting WHERE key = 'near_permille')
                     AND own.kind IS NOT NULL
                  OR x.filled * 1000 >= x.wanted * (SELECT value FROM setting WHERE key = 'near_other_permille')
                     AND x.wanted > 2)) near
       ON near.criterion = c.id AND near.place_in_line = 1 AND best.status IS NOT 'met'
LEFT JOIN nearest n ON n.rowid = near.nth;

-- Decisions on controls: in documents of the kinds that make them, not in those by an earlier edition.
INSERT INTO fact_earlier
SELECT d.id, d.path, count(l.earlier)
FROM control_line l JOIN fact_document d ON d.id = l.document
WHERE EXISTS (SELECT 1 FROM document_kind k JOIN word w ON w.list = 'statement' AND w.word = k.kind
              WHERE k.document = d.id)
GROUP BY d.id
HAVING count(l.earlier) > count(l.control)
   AND count(l.earlier) >= (SELECT value FROM setting WHERE key = 'soa_numbers_least');

INSERT INTO fact_line
SELECT l.control, c.n, l.document, l.path, l.number, l.title, l.titled, l.applicable, l.said, l.reason, l.weak,
       l.status, l.status_said, l.reference, l.owner, l.place, l.heading, l.page, l.line, l.sheet, l.row, l.quote
FROM (SELECT l.*, d.path,
             row_number() OVER (PARTITION BY l.control ORDER BY l.document IS NOT f.document,
                                    l.applicable IS NULL, d.path, l.n) AS place_in_line,
             count(*) OVER (PARTITION BY l.document) AS lines
      FROM control_line l JOIN fact_document d ON d.id = l.document
      JOIN document_kind k ON k.document = d.id
      JOIN word w ON w.list = 'statement' AND w.word = k.kind
      JOIN fact_kind f ON f.kind = k.kind
      WHERE l.control IS NOT NULL AND l.document NOT IN (SELECT document FROM fact_earlier)) l
JOIN control c ON c.id = l.control
WHERE l.place_in_line = 1;

DELETE FROM fact_line
WHERE (SELECT count(*) FROM fact_line) < (SELECT value FROM setting WHERE key = 'soa_numbers_least');

-- What every line shows needs no passage that says so in general; what some lines do not show is met
-- in part, whatever the others say.
UPDATE fact_criterion
SET (status, lacks, document, path, place, heading, page, line, sheet, row, quote,
     nearest_path, nearest_place, nearest_quote, why_not) =
    (SELECT 'met', NULL, l.document, l.path, l.place, l.heading, l.page, l.line, l.sheet, l.row, l.quote,
            NULL, NULL, NULL, NULL
     FROM line_criterion w JOIN fact_line l
     WHERE w.criterion = fact_criterion.criterion
     ORDER BY (l.applicable IS 0) <> w.excluded, l.n LIMIT 1)
WHERE status IN ('missing', 'partly')
  AND criterion IN (SELECT criterion FROM line_criterion WHERE bad = 0 AND unclear = 0);
UPDATE fact_criterion SET status = 'partly'
WHERE status = 'met' AND criterion IN (SELECT criterion FROM line_criterion WHERE bad BETWEEN 1 AND of - 1);

-- Folders only: the line that decides is the passage to show.
INSERT INTO criterion_evidence (criterion, document, n, path, place, heading, page, line, sheet, row, quote)
SELECT f.criterion, f.document, 0, f.path, f.place, f.heading, f.page, f.line, f.sheet, f.row, f.quote
FROM fact_criterion f JOIN word w ON w.word = f.criterion AND w.list GLOB 'lines-*'
WHERE f.status = 'met' AND f.quote IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM criterion_evidence e
                  WHERE e.criterion = f.criterion AND e.document = f.document);

-- Each control: what the best kind of document shows of it, then what its line says.
INSERT INTO fact_control
WITH shown AS (
    SELECT kind, sum(status = 'missing') AS missing, sum(status IN ('met', 'partly')) AS there
    FROM fact_criterion WHERE practice = 0 GROUP BY kind),
served AS (
    SELECT x.control, k.id AS kind, k.title, f.path,
           CASE WHEN f.state = 'present' AND coalesce(s.missing, 0) = 0 AND s.there > 0 THEN 'met'
                WHEN f.state = 'present' THEN 'partly'
                WHEN f.state IN ('absent', 'template') AND k.force = 'control' THEN 'missing'
                ELSE 'cannot-tell' END AS status,
           row_number() OVER (PARTITION BY x.control ORDER BY f.state IS NOT 'present', k.force IS NOT 'control', k.id)
               AS place_in_line
    FROM kind_control x JOIN kind k ON k.id = x.kind JOIN fact_kind f ON f.kind = k.id
    LEFT JOIN shown s ON s.kind = k.id),
judged AS (
    SELECT c.id, c.n, c.title, s.kind, s.title AS kind_title, s.path, s.status AS shown,
           l.control IS NOT NULL AS has_line, l.applicable, l.reason IS NOT NULL AND l.weak = 0 AS grounded, l.status,
           EXISTS (SELECT 1 FROM fact_line) AS stated,
           EXISTS (SELECT 1 FROM line_reference x JOIN control_line y ON y.document = x.document AND y.n = x.n
                   WHERE y.control = c.id AND y.document = l.document)
               AS referred
    FROM control c LEFT JOIN served s ON s.control = c.id AND s.place_in_line = 1
    LEFT JOIN fact_line l ON l.control = c.id)
SELECT id, n, title,
       CASE WHEN applicable = 0 THEN iif(grounded, 'not-applicable', 'cannot-tell')
            WHEN shown = 'met' THEN iif(status IN ('partly', 'planned', 'none'), 'partly', 'met')
            WHEN shown = 'partly' THEN 'partly'
            WHEN status IN ('planned', 'none') THEN 'missing'
            WHEN shown = 'missing' AND applicable = 1 THEN iif(referred, 'cannot-tell', 'missing')
            WHEN status = 'partly' THEN 'partly'
            ELSE 'cannot-tell' END,
       CASE WHEN applicable = 0 THEN iif(grounded, 'excluded', 'groundless')
            WHEN shown = 'met' AND status IN ('partly', 'planned', 'none') THEN 'said'
            WHEN shown = 'met' THEN 'described'
            WHEN shown = 'partly' THEN 'described-partly'
            WHEN status IN ('planned', 'none') THEN 'said'
            WHEN shown = 'missing' AND applicable = 1 THEN iif(referred, 'elsewhere', 'not-described')
            WHEN status = 'partly' THEN 'said'
            WHEN applicable = 1 THEN 'operation'
            WHEN has_line THEN 'undecided'
            WHEN stated THEN 'no-line'
            WHEN EXISTS (SELECT 1 FROM fact_earlier) THEN 'earlier'
            ELSE 'no-statement' END,
       applicable, kind, kind_title, iif(shown IN ('met', 'partly'), path, NULL)
FROM judged;

-- Shown by a passage of that section which speaks of a criterion of the kind, else by the first.
INSERT INTO fact_inside
SELECT kind, path, coalesce(near_place, place), coalesce(near_quote, quote)
FROM (SELECT i.kind, e.path, e.place, e.quote, n.place AS near_place, n.quote AS near_quote,
             row_number() OVER (PARTITION BY i.kind ORDER BY e.path, n.criterion IS NULL, n.criterion, e.n)
                 AS place_in_line
      FROM kind_inside i
      JOIN fact_kind k ON k.kind = i.kind AND k.state IN ('absent', 'template')
      JOIN fact_criterion own ON own.criterion = i.criterion AND own.status = 'met'
      JOIN criterion_evidence e ON e.criterion = i.criterion AND e.document = own.document
      LEFT JOIN nearest n ON n.document = e.document AND n.heading = e.heading
                         AND n.criterion IN (SELECT o.id FROM criterion o WHERE o.kind = i.kind AND o.unseen = 0)
      WHERE instr(lower(coalesce(e.heading, '')), lower(i.word)) > 0)
WHERE place_in_line = 1;

INSERT INTO fact_answer
SELECT requirement, ask, question, answer, said
FROM (SELECT ra.requirement, a.id AS ask, a.question, p.value AS said, iif(p.is_no, 'no', 'yes') AS answer,
             row_number() OVER (PARTITION BY ra.requirement ORDER BY a.id) AS place_in_line
      FROM requirement_ask ra JOIN ask a ON a.id = ra.ask JOIN answer p ON p.key = a.key)
WHERE place_in_line = 1;
-- A requirement can be answered by its own id too.
INSERT OR IGNORE INTO fact_answer
SELECT r.id, r.id, r.title, iif(p.is_no, 'no', 'yes'), p.value FROM requirement r JOIN answer p ON p.key = r.id;

-- The best criterion of each group. Of a criterion that is not met, one of its parts is known to be
-- there or not only where parts of these names were noted.
INSERT INTO fact_group
WITH slots AS (
    SELECT DISTINCT s.criterion, s.slot
    FROM criterion_signal s JOIN fact_document d ON d.id = s.document
    JOIN requirement_criterion rc ON rc.criterion = s.criterion AND rc.slot = s.slot),
part AS (
    SELECT rc.requirement, rc.grp, rc.criterion, k.state = 'present' AS there,
           CASE WHEN rc.slot IS NULL OR f.status NOT IN ('partly', 'missing')
                     OR NOT EXISTS (SELECT 1 FROM slots s WHERE s.criterion = rc.criterion)
                THEN f.status
                WHEN EXISTS (SELECT 1 FROM slots s WHERE s.criterion = rc.criterion AND s.slot = rc.slot)
                THEN 'met' ELSE 'missing' END AS status,
           CASE WHEN f.status = 'partly'
                     AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.criterion = rc.criterion)
                THEN NULL ELSE rc.says END AS says
    FROM requirement_criterion rc JOIN fact_criterion f ON f.criterion = rc.criterion
    JOIN fact_kind k ON k.kind = f.kind)
SELECT requirement, grp, status, criterion, says
FROM (SELECT *, row_number() OVER (PARTITION BY requirement, grp
                    ORDER BY CASE status WHEN 'met' THEN 1 WHEN 'partly' THEN 2
                                         WHEN 'cannot-tell' THEN 3 ELSE 4 END,
                             there DESC, criterion) AS place_in_line
      FROM part)
WHERE place_in_line = 1;

-- The status of each requirement, before the findings are known.
INSERT INTO fact_requirement
WITH content AS (
    SELECT requirement, count(*) AS n, sum(status = 'met') AS met, sum(status = 'partly') AS partly,
           sum(status = 'cannot-tell') AS unknown, sum(status = 'missing') AS missing
    FROM fact_group GROUP BY requirement),
there AS (
    SELECT rk.requirement, max(f.state = 'present' OR i.kind IS NOT NULL) AS present,
           max(f.state = 'cannot-tell') AS unknown
    FROM requirement_kind rk JOIN fact_kind f ON f.kind = rk.kind
    LEFT JOIN fact_inside i ON i.kind = rk.kind GROUP BY rk.requirement),
whole AS (
    SELECT sum(f.state = 'present') AS present, sum(f.state IN ('absent', 'template')) AS absent,
           count(*) AS n,
           (SELECT count(*) FROM fact_document d
            WHERE d.minimum = 1 AND NOT EXISTS (SELECT 1 FROM document_person p
                                                WHERE p.document = d.id AND p.role = 'approver')
              AND EXISTS (SELECT 1 FROM document_kind dk JOIN kind y ON y.id = dk.kind
                          WHERE dk.document = d.id AND y.type = 'document')) AS unapproved
    FROM fact_kind f JOIN kind k ON k.id = f.kind WHERE k.minimum = 1),
judged AS (
    SELECT r.*,
        CASE
        WHEN r.decided = 'stage2' THEN iif((SELECT max(stage) FROM fact_run) >= 2, 'cannot-tell', 'not-applicable')
        WHEN r.from_kind IS NOT NULL AND EXISTS (SELECT 1 FROM fact_kind f WHERE f.kind = r.from_kind
                 AND f.documents BETWEEN 1 AND r.from_count - 1) THEN 'not-applicable'
        WHEN r.decided = 'minimum' THEN CASE WHEN whole.present = whole.n THEN 'met'
             WHEN whole.absent = 0 THEN 'cannot-tell' WHEN whole.present = 0 THEN 'missing'
             ELSE 'partly' END
        -- Where a person may be asked, only what each of the documents shows needs no answer.
        WHEN r.decided = 'documents'
             THEN CASE WHEN NOT EXISTS (SELECT 1 FROM fact_document) THEN 'cannot-tell'
                       WHEN EXISTS (SELECT 1 FROM requirement_ask q WHERE q.requirement = r.id)
                            AND whole.unapproved > 0 THEN 'cannot-tell'
                       ELSE 'met' END
        WHEN there.present = 0 THEN CASE WHEN there.unknown = 1 THEN 'cannot-tell' ELSE 'missing' END
        WHEN r.decided = 'person' THEN 'cannot-tell'
        WHEN r.approver_kind IS NOT NULL AND EXISTS (
                 SELECT 1 FROM fact_kind f JOIN document_person p ON p.document = f.document
                 WHERE f.kind = r.approver_kind AND p.role = 'approver' AND p.rank = 'top')
             THEN 'met'
        WHEN r.seen_kind IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM fact_kind f JOIN fact_document d ON d.id = f.document
                 WHERE f.kind = r.seen_kind AND coalesce(d.version, d.day) IS NOT NULL)
             THEN 'cannot-tell'
        WHEN content.n IS NULL OR content.met = content.n THEN 'met'
        WHEN content.missing = content.n THEN 'missing'
        WHEN content.partly + content.missing > 0 AND content.met + content.partly > 0 THEN 'partly'
        WHEN content.unknown > 0 THEN 'cannot-tell'
        ELSE 'partly' END AS status,
        coalesce(there.present, 1) AS present
    FROM requirement r CROSS JOIN whole
    LEFT JOIN content ON content.requirement = r.id
    LEFT JOIN there ON there.requirement = r.id)
SELECT j.id,
    CASE
    WHEN j.status = 'not-applicable' THEN j.status
    WHEN a.answer = 'yes' AND j.present = 1 THEN 'met'
    WHEN a.answer = 'no' THEN 'missing'
    -- Where the standard wants no document, its absence is no gap: somebody may be able to say it.
    WHEN j.status = 'missing' AND EXISTS (SELECT 1 FROM requirement_ask q WHERE q.requirement = j.id)
         AND NOT EXISTS (SELECT 1 FROM requirement_kind q WHERE q.requirement = j.id)
         AND NOT (j.stage1 = 'AOC' AND j.basis = 'direct' AND j.mode = 'confirm')
         THEN 'cannot-tell'
    ELSE j.status END,
    CASE
    WHEN j.decided = 'stage2' THEN iif(j.status = 'not-applicable', 'stage2', 'operation')
    WHEN j.status = 'not-applicable' THEN 'first-time'
    WHEN a.answer IS NOT NULL THEN 'answer'
    WHEN j.decided <> 'content' THEN j.decided
    ELSE 'content' END
FROM judged j LEFT JOIN fact_answer a ON a.requirement = j.id;

-- In a home, what nothing else decides is shown by the records of the registers that serve it, unless
-- only a person can say.
UPDATE fact_requirement SET status = 'met', why = 'records'
WHERE status = 'cannot-tell' AND requirement IN (
    SELECT s.requirement FROM home_shows s JOIN requirement r ON r.id = s.requirement WHERE r.automation <> 'manual');

-- Gaps: only in documents that are there, and never a criterion of good practice beside a duty.
INSERT INTO fact_gap
SELECT row_number() OVER (ORDER BY c.status <> 'partly' OR c.path IS NULL, c.nearest_path IS NULL,
                                   g.requirement, g.grp),
       g.requirement, g.grp, g.criterion, k.kind, k.title,
       -- the document that says a part of it, else the best of its kind
       coalesce(first_value(iif(c.status = 'partly', c.path, NULL))
                    OVER (PARTITION BY g.requirement, k.kind
                          ORDER BY c.status <> 'partly' OR c.path IS NULL, g.grp), k.path), g.status,
       coalesce(g.says, c.phrase) || CASE WHEN g.status = 'partly' AND c.lacks <> ''
                                     THEN ' (not seen: ' || c.lacks || ')' ELSE '' END,
       iif(c.status = 'partly', c.path, NULL), c.place, c.heading, c.page, c.line, c.sheet, c.row,
       iif(c.status = 'partly', c.quote, NULL),
       c.nearest_path, c.nearest_place, c.nearest_quote, c.why_not
FROM fact_group g
JOIN fact_requirement fr ON fr.requirement = g.requirement
                        AND fr.status IN ('missing', 'partly', 'cannot-tell')
JOIN fact_criterion c ON c.criterion = g.criterion
JOIN fact_kind k ON k.kind = c.kind AND k.state = 'present'
WHERE g.status IN ('missing', 'partly')
  AND NOT EXISTS (SELECT 1 FROM fact_answer a WHERE a.requirement = g.requirement);
