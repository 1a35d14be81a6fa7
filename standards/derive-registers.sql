-- Makes standards/registers.sql from what was read. Runs again from the start each time.

DELETE FROM fact_risk;
DELETE FROM fact_risk_control;
DELETE FROM fact_action;
DELETE FROM fact_action_control;
DELETE FROM fact_scale;
DELETE FROM fact_acceptable;
DELETE FROM fact_level_rule;
DELETE FROM fact_supplier;
DELETE FROM fact_supplier_name;
DELETE FROM fact_scope_element;
DELETE FROM fact_incident;
DELETE FROM fact_trail;

-- "I. Quiroga, mail of 2 April" is Quiroga: what stands before a comma or bracket, its last word.
-- A table of severities, weaknesses or threats is no assessment: two of what makes one must have columns.
-- One line alone, outside results of assessments, explains what a risk is.
INSERT INTO fact_risk
WITH assessed AS (
    SELECT register_table FROM has_column WHERE field IN ('likelihood', 'level', 'treatment', 'owner', 'residual_level')
    GROUP BY register_table HAVING count(DISTINCT field) >= 2
    INTERSECT
    SELECT register_table FROM risk
    GROUP BY register_table
    HAVING sum(coalesce(likelihood, consequence, level, residual_level) IS NOT NULL OR treatment IS NOT NULL) * 2 >= count(*)
       AND (count(*) > 1 OR EXISTS (SELECT 1 FROM document_kind k JOIN word w ON w.list = 'risk-results' AND w.word = k.kind
                                    WHERE k.document = risk.document))),
-- Only what is wanted of each, and once: rows of all columns take long to sort.
r AS MATERIALIZED (
    SELECT r.id, r.document, r.ref, coalesce(r.description, r.threat, r.vulnerability) AS about, r.status, r.treatment,
           r.likelihood, r.consequence, r.residual_likelihood, r.residual_consequence,
           lower(coalesce(r.description, '') || ' ' || coalesce(r.details, '') || ' ' || coalesce(r.threat, '') || ' ' || coalesce(r.vulnerability, '') || ' ' ||
                 coalesce(r.effect, '') || ' ' || coalesce(r.category, '') || ' ' || coalesce(r.process, '') || ' ' ||
                 coalesce(r.assets_said, '') || ' ' || coalesce(r.treatment_plan, '') || ' ' || coalesce(r.existing_controls, '')) AS text,
           first_value(r.document) OVER (
               PARTITION BY lower(coalesce(r.ref, '')), lower(coalesce(r.description, r.threat, r.vulnerability, ''))
               ORDER BY r.id) AS first,
           lower(trim(substr(r.owner, 1, min(instr(r.owner || ',', ','), instr(r.owner || '(', '(')) - 1))) AS who,
           lower(trim(substr(r.residual_accepted_by, 1, min(instr(r.residual_accepted_by || ',', ','),
                                                            instr(r.residual_accepted_by || '(', '(')) - 1))) AS by
    FROM risk r JOIN fact_document d ON d.id = r.document JOIN assessed a ON a.register_table = r.register_table
    WHERE r.sample = 0),
-- The same few names own many risks: each is looked at once.
name AS (SELECT who AS name FROM r WHERE who IS NOT NULL UNION SELECT by FROM r WHERE by IS NOT NULL),
what AS MATERIALIZED (
    SELECT name FROM name
    WHERE EXISTS (SELECT 1 FROM word w WHERE w.list = 'role-words' AND instr(' ' || name.name || ' ', ' ' || w.word || ' ') > 0))
SELECT r.id, r.document, n.total, r.status IS NOT 'closed' AND r.treatment IS NOT 'avoid',
       r.likelihood, r.consequence, r.residual_likelihood, r.residual_consequence,
       replace(r.who, rtrim(r.who, replace(r.who, ' ', '')), ''),
       coalesce(r.who IN (SELECT name FROM what), 0),
       replace(r.by, rtrim(r.by, replace(r.by, ' ', '')), ''),
       coalesce(r.by IN (SELECT name FROM what), 0),
       coalesce(r.ref, substr(r.about, 1, 60)), r.text
FROM r JOIN (SELECT document, count(*) AS total FROM r WHERE first = document GROUP BY document) n ON n.document = r.document
WHERE r.first = r.document;

-- "A.8.24", "A8.24", "8.24": the number decides.
INSERT OR IGNORE INTO fact_risk_control
SELECT v.record, c.id
FROM risk__controls v JOIN fact_risk f ON f.id = v.record
JOIN control c ON c.id = 'A.' || ltrim(replace(replace(upper(v.value), 'ANNEX', ''), ' ', ''), 'A.');

INSERT INTO fact_action
SELECT a.id, a.document, coalesce(a.ref, substr(a.what, 1, 60)), count(*) OVER (PARTITION BY a.document),
       a.status IS 'open' OR a.status IS NULL AND a.done_on IS NULL AND a.done_on_said IS NULL,
       coalesce(a.revised_due, a.due)
FROM treatment_action a JOIN fact_document d ON d.id = a.document WHERE a.sample = 0;

INSERT OR IGNORE INTO fact_action_control
SELECT v.record, c.id
FROM treatment_action__controls v JOIN fact_action f ON f.id = v.record
JOIN control c ON c.id = 'A.' || ltrim(replace(replace(upper(v.value), 'ANNEX', ''), ' ', ''), 'A.');

-- Where several are there, the longest.
INSERT OR IGNORE INTO fact_scale
SELECT dimension, low, high, path, place FROM whole_scale ORDER BY high DESC, path;

-- What somebody said goes before what was read. The lowest where a method names several: what is above it needs
-- somebody else's word.
INSERT INTO fact_acceptable
SELECT number_in(value), 'profile', key, key || ': ' || value FROM profile
WHERE key = 'acceptable_level' AND number_in(value) IS NOT NULL AND number_in(value) = CAST(number_in(value) AS INTEGER);

INSERT INTO fact_acceptable
SELECT n.last, n.path, n.place, n.quote
FROM said_number n JOIN fact_document d ON d.id = n.document
JOIN document_kind k ON k.document = n.document
JOIN word w ON w.list = 'risk-method' AND w.word = k.kind
WHERE n.name = 'acceptable' AND n.kind = k.kind AND NOT EXISTS (SELECT 1 FROM fact_acceptable)
  AND (SELECT count(DISTINCT o.last) FROM said_number o JOIN fact_document e ON e.id = o.document
       WHERE o.name = 'acceptable' AND o.kind = n.kind) <= 2
ORDER BY n.last, n.path LIMIT 1;

-- A table of levels: up to the end of a band that is accepted, where the next one has to be treated.
INSERT INTO fact_acceptable
WITH said AS (
    SELECT s.*, replace(replace(replace(lower(s.step_said), '–', '-'), '—', '-'), ' to ', '-') AS span,
           ' ' || lower(coalesce(s.acts, '') || ' ' || coalesce(s.definition, '')) || ' ' AS text
    FROM scale_step s JOIN fact_document d ON d.id = s.document WHERE s.sample = 0),
band AS (
    SELECT s.*, number_in(span) AS low, number_in(substr(span, instr(span, '-') + 1)) AS high,
           EXISTS (SELECT 1 FROM word w WHERE w.list = 'band-accepted' AND instr(text, w.word) > 0)
           AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'band-treated' AND instr(text, w.word) > 0) AS accepted,
           EXISTS (SELECT 1 FROM word w WHERE w.list = 'band-treated' AND instr(text, w.word) > 0) AS treated
    FROM said s WHERE span GLOB '[0-9]*-*[0-9]')
SELECT DISTINCT CAST(b.high AS INTEGER), b.path, b.place, b.quote
FROM band b JOIN band n ON n.register_table = b.register_table AND n.low = b.high + 1
WHERE b.accepted AND n.treated AND NOT EXISTS (SELECT 1 FROM fact_acceptable)
  AND (SELECT count(DISTINCT x.high) FROM band x JOIN band y ON y.register_table = x.register_table AND y.low = x.high + 1
       WHERE x.accepted AND y.treated) = 1
LIMIT 1;

INSERT INTO fact_level_rule
WITH said AS (
    SELECT ' ' || lower(p.text) || ' ' AS text
    FROM passage_text p JOIN fact_document d ON d.id = p.document JOIN document_kind k ON k.document = d.id
    JOIN word w ON w.list = 'risk-method' AND w.word = k.kind
    UNION ALL
    SELECT ' ' || lower(e.quote) || ' ' FROM criterion_evidence e JOIN word w ON w.list = 'risk-combining' AND w.word = e.criterion
    JOIN fact_document d ON d.id = e.document),
method AS (
    SELECT max(EXISTS (SELECT 1 FROM word w WHERE w.list = 'product-words' AND instr(s.text, w.word) > 0)) AS product,
           max(EXISTS (SELECT 1 FROM word w WHERE w.list = 'sum-words' AND instr(s.text, w.word) > 0)) AS sum
    FROM said s
    WHERE EXISTS (SELECT 1 FROM word w WHERE w.list = 'likelihood-words' AND instr(s.text, w.word) > 0)
      AND EXISTS (SELECT 1 FROM word w WHERE w.list = 'consequence-words' AND instr(s.text, w.word) > 0)),
rated AS (
    SELECT r.register_table, r.level = r.likelihood * r.consequence AS product, r.level = r.likelihood + r.consequence AS sum
    FROM fact_risk f JOIN risk r ON r.id = f.id
    WHERE r.level IS NOT NULL AND r.likelihood IS NOT NULL AND r.consequence IS NOT NULL
      AND r.level_said GLOB '[0-9]*' AND r.likelihood_said GLOB '[0-9]*' AND r.consequence_said GLOB '[0-9]*'
      AND r.level_said || ' ' || r.likelihood_said || ' ' || r.consequence_said NOT GLOB '*[0-9][.,][0-9]*'),
counted AS (
    SELECT register_table, count(*) AS n, sum(product) AS product, sum(sum) AS sum FROM rated GROUP BY register_table)
SELECT c.register_table,
       CASE WHEN m.product = 1 AND m.sum = 0 THEN 'product' WHEN m.sum = 1 AND m.product = 0 THEN 'sum'
            WHEN c.product >= c.sum THEN 'product' ELSE 'sum' END,
       m.product + m.sum = 1
FROM counted c CROSS JOIN (SELECT coalesce(product, 0) AS product, coalesce(sum, 0) AS sum FROM method) m
WHERE c.n >= 5
  AND CASE WHEN m.product = 1 AND m.sum = 0 THEN c.product * 2 >= c.n
           WHEN m.sum = 1 AND m.product = 0 THEN c.sum * 2 >= c.n
           ELSE max(c.product, c.sum) * 10 >= c.n * 9 END;

INSERT INTO fact_supplier
SELECT s.id, s.name,
       CASE WHEN s.criticality = 'high' OR s.tier = 'first' THEN 'high'
            WHEN s.criticality = 'medium' OR s.tier = 'second' THEN 'medium'
            WHEN s.criticality = 'low' OR s.tier = 'other' THEN 'low' ELSE 'unknown' END
FROM supplier s JOIN fact_document d ON d.id = s.document
WHERE s.sample = 0 AND s.name IS NOT NULL;

-- The name, what stands before a bracket or comma, in brackets, its first word, its initials.
INSERT OR IGNORE INTO fact_supplier_name
WITH said AS (SELECT id, lower(trim(name)) AS name FROM fact_supplier),
part AS (
    SELECT id, name FROM said
    UNION ALL SELECT id, trim(substr(name, 1, instr(name, '(') - 1)) FROM said WHERE instr(name, '(') > 3
    UNION ALL SELECT id, trim(substr(name, instr(name, '(') + 1), ' )') FROM said WHERE instr(name, '(') > 0
    UNION ALL SELECT id, trim(substr(name, 1, instr(name, ',') - 1)) FROM said WHERE instr(name, ',') > 3
    UNION ALL SELECT id, trim(substr(name, 1, instr(name, '/') - 1)) FROM said WHERE instr(name, '/') > 3
    UNION ALL SELECT id, trim(substr(name, instr(name, '/') + 1)) FROM said WHERE instr(name, '/') > 0
    UNION ALL SELECT id, substr(name, 1, instr(name, ' ') - 1) FROM said WHERE instr(name, ' ') > 5),
letters AS (
    SELECT id, substr(name, 1, 1) AS initials, ltrim(substr(name, instr(name || ' ', ' '))) AS rest, 1 AS n FROM said
    UNION ALL
    SELECT id, initials || substr(rest, 1, 1), ltrim(substr(rest, instr(rest || ' ', ' '))), n + 1
    FROM letters WHERE rest <> '' AND n < 4)
SELECT id, name FROM part WHERE length(name) >= 3
  AND NOT EXISTS (SELECT 1 FROM word w WHERE w.list = 'plain-names' AND w.word = part.name)
UNION SELECT id, initials FROM letters WHERE n >= 3 AND length(initials) >= 3;

-- Processes as the scope lists them, below a heading that says so.
INSERT INTO fact_scope_element (what, name, assessed, path, place, heading, page, line, sheet, row, quote)
SELECT 'process', trim(p.text, ' .;-*•'), instr(s.processes, lower(trim(p.text, ' .;-*•'))) > 0,
       d.path, p.place, p.heading, p.page, p.line, p.sheet, p.row, p.text
FROM passage_text p JOIN fact_document d ON d.id = p.document
JOIN document_kind k ON k.document = d.id JOIN word w ON w.list = 'scope-kind' AND w.word = k.kind
CROSS JOIN (SELECT group_concat(lower(r.process), char(10)) AS processes
            FROM fact_risk f JOIN risk r ON r.id = f.id WHERE r.process IS NOT NULL) s
WHERE s.processes IS NOT NULL AND length(p.text) BETWEEN 4 AND 70 AND p.text NOT LIKE '%|%' AND p.text NOT LIKE '%:'
  AND EXISTS (SELECT 1 FROM word h WHERE h.list = 'process-headings'
              AND instr(lower(replace(p.heading, rtrim(p.heading, replace(p.heading, '>', '')), '')), h.word) > 0)
  AND lower(p.heading) NOT LIKE '%' || lower(p.text)
GROUP BY lower(trim(p.text, ' .;-*•')) HAVING p.n = min(p.n);

-- Sites: the rows of the scope's table of sites ("Site: Boise. Address: ...").
INSERT INTO fact_scope_element (what, name, assessed, path, place, heading, page, line, sheet, row, quote)
SELECT 'site', substr(p.text, instr(p.text, ': ') + 2), 0, d.path, p.place, p.heading, p.page, p.line, p.sheet, p.row, p.text
FROM passage_text p JOIN fact_document d ON d.id = p.document
JOIN document_kind k ON k.document = d.id JOIN word w ON w.list = 'scope-kind' AND w.word = k.kind
JOIN word h ON h.list = 'site-labels' AND instr(lower(p.text), h.word || ': ') = 1
WHERE p.text LIKE '%: %: %' AND length(p.text) < 300 AND (SELECT count(*) FROM fact_risk) BETWEEN 5 AND 2000
GROUP BY lower(p.text) HAVING p.n = min(p.n);

INSERT INTO fact_scope_element (what, name, assessed, path, place, heading, page, line, sheet, row, quote)
SELECT 'asset', a.name,
       EXISTS (SELECT 1 FROM fact_risk f WHERE instr(f.text, lower(a.name)) > 0
               OR length(a.ref) > 2 AND instr(f.text, lower(a.ref)) > 0)
       OR EXISTS (SELECT 1 FROM asset__risks v JOIN fact_risk f ON lower(f.name) = lower(v.value) WHERE v.record = a.id),
       a.path, a.place, a.heading, a.page, a.line, a.sheet, a.row, a.quote
FROM asset a JOIN fact_document d ON d.id = a.document
WHERE a.sample = 0 AND a.name IS NOT NULL AND (a.criticality = 'high' OR a.critical = 1)
  AND (SELECT count(*) FROM fact_risk) BETWEEN 1 AND 2000
LIMIT 500;

INSERT INTO fact_scope_element (what, name, assessed, path, place, heading, page, line, sheet, row, quote)
SELECT 'supplier', s.name,
       EXISTS (SELECT 1 FROM fact_supplier_name n JOIN fact_risk f ON instr(f.text, n.name) > 0 WHERE n.supplier = s.id)
       OR EXISTS (SELECT 1 FROM supplier__risks v JOIN fact_risk f ON lower(f.name) = lower(v.value) WHERE v.record = s.id),
       s.path, s.place, s.heading, s.page, s.line, s.sheet, s.row, s.quote
FROM supplier s JOIN fact_supplier f ON f.id = s.id
WHERE f.weight = 'high' AND (SELECT count(*) FROM fact_risk) BETWEEN 1 AND 2000
LIMIT 500;

-- Names are said in many ways: one telling word that risks speak of is enough. Of a process it must be
-- a word of the risks' processes.
UPDATE fact_scope_element SET assessed = 1
WHERE assessed = 0 AND id IN (
    WITH RECURSIVE word_of (id, what, word, rest) AS (
        SELECT id, what, '', lower(replace(replace(replace(replace(replace(replace(replace(name, '(', ' '), ')', ' '), ',', ' '), '/', ' '), '-', ' '), ':', ' '), '.', ' ')) || ' '
        FROM fact_scope_element WHERE assessed = 0
        UNION ALL
        SELECT id, what, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1)
        FROM word_of WHERE rest <> ''),
    said AS (
        SELECT 'process' AS what, ' ' || group_concat(DISTINCT replace(replace(replace(lower(r.process), ',', ' '), '/', ' '), '-', ' '))
                   || ' ' AS text
        FROM fact_risk f JOIN risk r ON r.id = f.id
        UNION ALL
        SELECT 'other', group_concat(text, char(10)) FROM fact_risk)
    SELECT w.id FROM word_of w JOIN said s ON s.what = iif(w.what = 'process', 'process', 'other')
    WHERE length(w.word) >= 4 AND NOT EXISTS (SELECT 1 FROM word p WHERE p.list = 'plain-words' AND p.word = w.word)
      AND (w.what <> 'site' OR NOT EXISTS (SELECT 1 FROM word p WHERE p.list = 'site-plain-words' AND p.word = w.word))
      AND instr(replace(s.text, ',', ' '), iif(w.what = 'process', ' ' || w.word || ' ', w.word)) > 0);

-- One telling word of what happened that a risk has too is enough, or the number of a risk.
INSERT INTO fact_incident
WITH RECURSIVE past AS (
    SELECT i.* FROM incident i JOIN fact_document d ON d.id = i.document
    WHERE i.sample = 0 AND i.what IS NOT NULL AND coalesce(i.happened_on, i.detected_on) >= (SELECT add_months(today, -12) FROM fact_run)
      AND (SELECT count(*) FROM fact_risk) BETWEEN 1 AND 2000
    LIMIT 300),
word_of (id, word, rest) AS (
    SELECT id, '', lower(replace(replace(replace(replace(replace(coalesce(kind, '') || ' ' || what, '(', ' '), ')', ' '), ',', ' '), '/', ' '),
                                 '-', ' ')) || ' ' FROM past
    UNION ALL
    SELECT id, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM word_of WHERE rest <> ''),
said AS (SELECT group_concat(text, char(10)) AS text FROM fact_risk)
SELECT p.id, p.risk IS NOT NULL OR EXISTS (
           SELECT 1 FROM word_of w JOIN said s
           -- "phished" and "phishing" begin alike
           WHERE w.id = p.id AND length(w.word) >= 4 AND instr(s.text, substr(w.word, 1, max(4, length(w.word) - 3))) > 0
             AND NOT EXISTS (SELECT 1 FROM word x WHERE x.list = 'plain-words' AND x.word = w.word))
FROM past p;

-- Of a risk's controls the one whose way breaks first, else the first.
INSERT INTO fact_trail
WITH proof AS (
    SELECT v.control, a.id AS action, a.name, a.is_open, a.last_due, a.evidence, a.path, a.place, a.quote,
           row_number() OVER (PARTITION BY v.control ORDER BY a.is_open DESC, a.last_due, a.id) AS place_in_line
    FROM fact_action_control v JOIN action_in_use a ON a.id = v.record),
described AS (
    SELECT c.control, e.quote, e.place, row_number() OVER (PARTITION BY c.control ORDER BY e.criterion, e.n) AS place_in_line
    FROM fact_control c JOIN criterion k ON k.kind = c.kind JOIN criterion_evidence e ON e.criterion = k.id AND e.path = c.path),
way AS (
    SELECT v.record AS risk, v.control, k.n AS nth, k.title, l.applicable, l.reason, l.status, l.status_said, l.reference,
           l.path AS line_path, l.place AS line_place, l.quote AS line_quote, c.why AS shown, c.kind_title, c.path AS shown_path,
           d.quote AS shown_quote, d.place AS shown_place, p.name AS action, p.is_open AS action_open, p.last_due AS action_due,
           p.evidence AS action_evidence, p.path AS action_path, p.place AS action_place, p.quote AS action_quote,
           CASE WHEN l.applicable = 1 THEN 'there' WHEN l.applicable = 0 THEN 'broken'
                WHEN l.control IS NOT NULL OR NOT EXISTS (SELECT 1 FROM fact_line) THEN 'unknown' ELSE 'broken' END AS statement,
           CASE WHEN c.why IN ('described', 'described-partly') OR c.path IS NOT NULL THEN 'there'
                WHEN c.why = 'not-described' AND l.applicable = 1 THEN 'broken' ELSE 'unknown' END AS document,
           CASE WHEN l.applicable IS NOT 1 THEN 'unknown'
                WHEN l.status = 'implemented' AND l.reference IS NOT NULL THEN 'there'
                WHEN l.status IN ('planned', 'none') AND p.action IS NOT NULL THEN 'there'
                WHEN l.status IN ('planned', 'none') AND EXISTS (SELECT 1 FROM fact_action_control) THEN 'broken'
                ELSE 'unknown' END AS evidence
    FROM fact_risk_control v JOIN control k ON k.id = v.control
    LEFT JOIN fact_line l ON l.control = v.control
    LEFT JOIN fact_control c ON c.control = v.control
    LEFT JOIN described d ON d.control = v.control AND d.place_in_line = 1
    LEFT JOIN proof p ON p.control = v.control AND p.place_in_line = 1),
chosen AS (
    SELECT * FROM (SELECT w.*, row_number() OVER (PARTITION BY risk ORDER BY statement = 'broken' DESC, document = 'broken' DESC,
                                                      evidence = 'broken' DESC, nth) AS place_in_line FROM way w)
    WHERE place_in_line = 1),
start AS MATERIALIZED (
    SELECT r.id, r.name, coalesce(r.description, r.threat) AS about, r.owner, r.owner_said, r.treatment_said, r.path, r.place, r.quote, c.control, c.title, c.statement, c.document AS doc_state, c.evidence, c.applicable, c.reason, c.status AS line_status, c.status_said AS line_said, c.reference,
           c.line_path, c.line_place, c.line_quote, c.shown, c.kind_title, c.shown_path, c.shown_place, c.shown_quote,
           c.action, c.action_open, c.action_due, c.action_evidence, c.action_path, c.action_place, c.action_quote,
           c.control IS NULL AND r.treatment IN ('retain', 'avoid', 'share') AS kept,
           c.control IS NULL AND (r.treatment IS NULL OR r.treatment = 'modify') AND (
               r.controls_said IS NOT NULL OR r.treatment IS NULL AND r.treatment_said IS NOT NULL OR r.treatment_plan IS NOT NULL OR r.existing_controls IS NOT NULL
               OR EXISTS (SELECT 1 FROM treatment_action__risks v JOIN fact_action a ON a.id = v.record WHERE lower(v.value) = lower(r.ref)))
               AS in_words,
           EXISTS (SELECT 1 FROM has_column h WHERE h.register_table = r.register_table AND h.field = 'owner') AS asks_owner,
           EXISTS (SELECT 1 FROM has_column h WHERE h.register_table = r.register_table
                   AND h.field IN ('controls', 'treatment_plan', 'treatment')) AS asks_control
    FROM risk_in_use r LEFT JOIN chosen c ON c.risk = r.id)
SELECT id, 1, 'risk', 'there', 'there', name, about, path, place, quote FROM start
UNION ALL
SELECT id, 2, 'owner', CASE WHEN owner IS NOT NULL OR owner_said IS NOT NULL THEN 'there' WHEN asks_owner THEN 'broken' ELSE 'unknown' END,
       CASE WHEN owner IS NOT NULL OR owner_said IS NOT NULL THEN 'there' ELSE 'none' END, coalesce(owner, owner_said), NULL, path, place, quote
FROM start
UNION ALL
SELECT id, 3, 'control', CASE WHEN control IS NOT NULL THEN 'there' WHEN kept THEN 'kept'
                             WHEN in_words OR NOT asks_control THEN 'unknown' ELSE 'broken' END,
       CASE WHEN control IS NOT NULL THEN 'there' WHEN kept THEN 'kept' WHEN in_words THEN 'words'
            WHEN NOT asks_control THEN 'open' ELSE 'none' END,
       coalesce(control, treatment_said), title, path, place, quote
FROM start
UNION ALL
SELECT id, 4, 'statement', statement, CASE WHEN applicable = 1 THEN 'there' WHEN applicable = 0 THEN 'excluded'
                                           WHEN line_path IS NOT NULL THEN 'undecided' ELSE 'none' END,
       coalesce(line_said, reason), reason, line_path, line_place, line_quote
FROM start WHERE control IS NOT NULL
UNION ALL
SELECT id, 5, 'document', doc_state, CASE doc_state WHEN 'there' THEN 'there' WHEN 'broken' THEN 'none' ELSE 'open' END,
       coalesce(shown_path, kind_title), kind_title, shown_path, shown_place, shown_quote
FROM start WHERE control IS NOT NULL AND statement <> 'broken'
UNION ALL
SELECT id, 6, 'evidence', evidence,
       CASE WHEN evidence = 'there' AND line_status = 'implemented' THEN 'named' WHEN evidence = 'there' THEN 'planned'
            WHEN evidence = 'broken' THEN 'none' ELSE 'open' END,
       CASE WHEN line_status = 'implemented' THEN reference ELSE action END, action_due,
       CASE WHEN line_status = 'implemented' THEN line_path ELSE action_path END,
       CASE WHEN line_status = 'implemented' THEN line_place ELSE action_place END,
       CASE WHEN line_status = 'implemented' THEN line_quote ELSE action_quote END
FROM start WHERE control IS NOT NULL AND statement <> 'broken';
