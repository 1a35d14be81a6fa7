-- Makes standards/registers.sql from what was read. Runs again from the start each time.

-- Folders only.
DELETE FROM turn_risk;
-- Folders only.
INSERT INTO turn_risk SELECT id FROM risk;
-- Folders only.
DELETE FROM fact_risk_line;
-- Folders only.
DELETE FROM fact_risk;
-- Folders only.
DELETE FROM fact_risk_control;
-- Folders only.
DELETE FROM fact_risk_set;
-- Folders only.
DELETE FROM fact_risk_sign;
-- Folders only.
DELETE FROM fact_risk_tally;
-- Folders only.
DELETE FROM fact_risk_unplanned;
-- Folders only.
DELETE FROM fact_risk_off_scale;
-- Folders only.
DELETE FROM fact_way;
-- Folders only.
DELETE FROM fact_trail;
DELETE FROM fact_control_step;
DELETE FROM fact_action_risk;
DELETE FROM fact_assessed;
DELETE FROM fact_risk_copy;
DELETE FROM fact_risk_count;
DELETE FROM fact_risk_total;
DELETE FROM fact_way_shown;
DELETE FROM fact_action;
DELETE FROM fact_action_control;
DELETE FROM fact_scale;
DELETE FROM fact_acceptable;
DELETE FROM fact_level_rule;
DELETE FROM fact_supplier;
DELETE FROM fact_supplier_name;
DELETE FROM fact_scope_element;
DELETE FROM fact_incident;

DELETE FROM fact_risk_line WHERE id IN (SELECT id FROM turn_risk);
INSERT INTO fact_risk_line
SELECT r.id, r.register_table, r.document, r.sample,
       coalesce(r.likelihood, r.consequence, r.level, r.residual_level) IS NOT NULL OR r.treatment IS NOT NULL
FROM turn_risk t CROSS JOIN risk r ON r.id = t.id;

-- A table of severities, weaknesses or threats is no assessment: two of what makes one must have columns.
-- One line alone, outside results of assessments, explains what a risk is.
INSERT INTO fact_assessed
SELECT l.register_table, min(l.document) FROM fact_risk_line l JOIN fact_document d ON d.id = l.document
WHERE l.register_table IN (
    SELECT register_table FROM has_column WHERE field IN ('likelihood', 'level', 'treatment', 'owner', 'residual_level')
    GROUP BY register_table HAVING count(DISTINCT field) >= 2)
GROUP BY l.register_table
HAVING sum(l.rated) * 2 >= count(*)
   AND (count(*) > 1 OR EXISTS (SELECT 1 FROM document_kind k JOIN word w ON w.list = 'risk-results' AND w.word = k.kind
                                WHERE k.document = l.document));

INSERT INTO fact_risk_copy
SELECT id
FROM (SELECT r.id, r.document,
             first_value(r.document) OVER (
                 PARTITION BY lower(coalesce(r.ref, '')), lower(coalesce(r.description, r.threat, r.vulnerability, ''))
                 ORDER BY r.id) AS first
      FROM fact_assessed a CROSS JOIN fact_risk_line l ON l.register_table = a.register_table CROSS JOIN risk r ON r.id = l.id
      WHERE l.sample = 0 AND (SELECT count(DISTINCT document) FROM fact_assessed) > 1)
WHERE first <> document;

-- "I. Quiroga, mail of 2 April" is Quiroga: what stands before a comma or bracket, its last word.
DELETE FROM fact_risk WHERE id IN (SELECT id FROM turn_risk);
INSERT INTO fact_risk
WITH r AS MATERIALIZED (
    SELECT r.id, r.document, r.register_table, r.ref, coalesce(r.description, r.threat, r.vulnerability) AS about, r.status, r.treatment,
           r.likelihood, r.consequence, r.residual_likelihood, r.residual_consequence, r.level,
           r.level IS NOT NULL AND r.likelihood IS NOT NULL AND r.consequence IS NOT NULL
           AND r.level_said GLOB '[0-9]*' AND r.likelihood_said GLOB '[0-9]*' AND r.consequence_said GLOB '[0-9]*'
           AND r.level_said || ' ' || r.likelihood_said || ' ' || r.consequence_said NOT GLOB '*[0-9][.,][0-9]*' AS rated,
           iif(coalesce(r.residual_level_said, r.level_said) GLOB '[0-9]*',
               coalesce(r.residual_level, iif(r.treatment = 'retain' AND r.residual_level_said IS NULL, r.level, NULL)), NULL) AS remains,
           r.evaluation IS NOT NULL AS evaluated, lower(trim(r.owner)) AS owner, r.identified_on, lower(r.process) AS process,
           lower(coalesce(r.description, '') || ' ' || coalesce(r.details, '') || ' ' || coalesce(r.threat, '') || ' ' || coalesce(r.vulnerability, '') || ' ' ||
                 coalesce(r.effect, '') || ' ' || coalesce(r.category, '') || ' ' || coalesce(r.process, '') || ' ' ||
                 coalesce(r.assets_said, '') || ' ' || coalesce(r.treatment_plan, '') || ' ' || coalesce(r.existing_controls, '')) AS text,
           lower(trim(substr(r.owner, 1, min(instr(r.owner || ',', ','), instr(r.owner || '(', '(')) - 1))) AS who,
           lower(trim(substr(r.residual_accepted_by, 1, min(instr(r.residual_accepted_by || ',', ','),
                                                            instr(r.residual_accepted_by || '(', '(')) - 1))) AS by
    FROM turn_risk t CROSS JOIN risk r ON r.id = t.id JOIN fact_assessed a ON a.register_table = r.register_table
    WHERE r.sample = 0 AND NOT EXISTS (SELECT 1 FROM fact_risk_copy c WHERE c.id = r.id)),
-- The same few names own many risks: each is looked at once.
name AS (SELECT who AS name FROM r WHERE who IS NOT NULL UNION SELECT by FROM r WHERE by IS NOT NULL),
what AS MATERIALIZED (
    SELECT name FROM name
    WHERE EXISTS (SELECT 1 FROM word w WHERE w.list = 'role-words' AND instr(' ' || name.name || ' ', ' ' || w.word || ' ') > 0))
SELECT r.id, r.document, r.register_table, r.status IS NOT 'closed' AND r.treatment IS NOT 'avoid',
       r.likelihood, r.consequence, r.residual_likelihood, r.residual_consequence,
       iif(r.rated, r.level = r.likelihood * r.consequence, NULL), iif(r.rated, r.level = r.likelihood + r.consequence, NULL),
       iif(r.status IS NOT 'closed' AND r.treatment IS NOT 'avoid', r.remains, NULL), r.evaluated,
       replace(r.who, rtrim(r.who, replace(r.who, ' ', '')), ''),
       coalesce(r.who IN (SELECT name FROM what), 0),
       replace(r.by, rtrim(r.by, replace(r.by, ' ', '')), ''),
       coalesce(r.by IN (SELECT name FROM what), 0),
       r.owner, r.identified_on, r.process, coalesce(r.ref, substr(r.about, 1, 60)), r.text
FROM r;

-- "A.8.24", "A8.24", "8.24": the number decides.
DELETE FROM fact_risk_control WHERE record IN (SELECT id FROM turn_risk);
INSERT OR IGNORE INTO fact_risk_control
SELECT v.record, c.id
FROM turn_risk t CROSS JOIN risk__controls v ON v.record = t.id CROSS JOIN fact_risk f ON f.id = v.record
CROSS JOIN control c ON c.id = 'A.' || ltrim(replace(replace(upper(v.value), 'ANNEX', ''), ' ', ''), 'A.');

DELETE FROM fact_risk_set WHERE record IN (SELECT id FROM turn_risk);
INSERT INTO fact_risk_set
SELECT f.id, f.document,
       (SELECT group_concat(control) FROM (SELECT v.control FROM fact_risk_control v WHERE v.record = f.id ORDER BY v.control)),
       (SELECT count(*) FROM fact_risk_control v WHERE v.record = f.id)
FROM turn_risk t CROSS JOIN fact_risk f ON f.id = t.id
WHERE EXISTS (SELECT 1 FROM fact_risk_control v WHERE v.record = f.id);

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
CROSS JOIN (SELECT group_concat(process, char(10)) AS processes FROM fact_risk WHERE process IS NOT NULL) s
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
        SELECT 'process' AS what, ' ' || group_concat(DISTINCT replace(replace(replace(process, ',', ' '), '/', ' '), '-', ' '))
                   || ' ' AS text
        FROM (SELECT 1 FROM fact_scope_element WHERE assessed = 0 LIMIT 1) CROSS JOIN fact_risk
        UNION ALL
        SELECT 'other', group_concat(text, char(10)) FROM (SELECT 1 FROM fact_scope_element WHERE assessed = 0 LIMIT 1) CROSS JOIN fact_risk)
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

-- Each by what a rule of registers-risk.yaml asks first.
DELETE FROM fact_risk_sign WHERE record IN (SELECT id FROM turn_risk);
INSERT INTO fact_risk_sign (sign, record, document)
WITH asked AS MATERIALIZED (
    SELECT register_table, max(field = 'owner') AS owner, max(field = 'treatment') AS treatment, max(field = 'level') AS level,
           max(field = 'likelihood') AS likelihood, max(field = 'consequence') AS consequence,
           max(field IN ('controls', 'treatment_plan')) AS controls
    FROM fact_assessed CROSS JOIN has_column USING (register_table) GROUP BY register_table),
r AS (SELECT r.id, r.document, r.is_open, r.owner, r.owner_said, r.consequence, r.consequence_said, r.likelihood, r.likelihood_said,
             r.level, r.level_said, r.treatment, r.treatment_said, r.treatment_plan, r.evaluation, r.evaluation_said, r.status,
             r.controls_said, r.residual_accepted_by, r.residual_accepted_by_said, r.residual_accepted_on,
             r.residual_accepted_on_said, r.accepted_key, r.owner_key, r.exception,
             a.owner AS asks_owner, a.treatment AS asks_treatment, a.controls AS asks_controls,
             a.level AS asks_level, a.likelihood AS asks_likelihood, a.consequence AS asks_consequence
      FROM risk_in_turn r CROSS JOIN asked a ON a.register_table = r.register_table)
SELECT 'owner', id, document FROM r
WHERE asks_owner AND (owner IS NULL AND owner_said IS NULL
                      OR EXISTS (SELECT 1 FROM word w WHERE w.list = 'departments' AND w.word = lower(trim(owner))))
UNION ALL
SELECT 'no-consequence', id, document FROM r WHERE asks_consequence AND consequence IS NULL AND consequence_said IS NULL
UNION ALL
SELECT 'no-likelihood', id, document FROM r WHERE asks_likelihood AND likelihood IS NULL AND likelihood_said IS NULL
UNION ALL
SELECT 'no-level', id, document FROM r WHERE asks_level AND level IS NULL AND level_said IS NULL
UNION ALL
SELECT 'option', id, document FROM r
WHERE asks_treatment AND treatment IS NULL AND treatment_said IS NULL AND treatment_plan IS NULL AND evaluation IS NOT 'acceptable'
  AND status IS NOT 'closed' AND status IS NOT 'accepted'
UNION ALL
SELECT 'measure', id, document FROM r
WHERE asks_controls AND treatment = 'modify' AND is_open = 1 AND controls_said IS NULL AND treatment_plan IS NULL
  AND NOT EXISTS (SELECT 1 FROM fact_risk_control v WHERE v.record = r.id)
UNION ALL
SELECT 'acceptance', id, document FROM r
WHERE is_open = 1 AND (residual_accepted_by IS NULL AND residual_accepted_by_said IS NULL OR accepted_key <> owner_key
                       OR residual_accepted_on IS NULL AND residual_accepted_on_said IS NULL)
UNION ALL
SELECT 'acceptance-dated', id, document FROM r WHERE is_open = 1 AND residual_accepted_by GLOB '*20[0-9][0-9]*'
UNION ALL
SELECT 'evaluation', id, document FROM r WHERE evaluation IS NULL AND evaluation_said IS NULL
UNION ALL
SELECT 'exception', id, document FROM r WHERE is_open AND instr(lower(exception), 'until ') > 0;

-- And of what shows that an assessment has too little detail.
INSERT INTO fact_risk_sign (sign, record, document)
WITH r AS (SELECT id, document, register_table, description, threat, coalesce(description, threat, '') AS about, text, process,
                  vulnerability, effect, details, existing_controls, exception, assets_said, controls_said, treatment,
                  treatment_plan, level, residual_level, identified_on, reviewed_on
           FROM risk_in_turn)
SELECT 'detail-short', id, document FROM r
WHERE length(trim(about)) < 30 AND trim(about) NOT GLOB '* * * *' AND assets_said IS NULL AND process IS NULL
  AND effect IS NULL AND vulnerability IS NULL
UNION ALL
SELECT 'detail-lack', id, document FROM r
WHERE lower(coalesce(description, '')) GLOB 'no *' OR lower(coalesce(description, '')) GLOB 'lack of *'
   OR lower(coalesce(description, '')) GLOB 'missing *' OR lower(coalesce(description, '')) GLOB 'absence of *'
   OR lower(coalesce(description, '')) GLOB 'insufficient *' OR lower(coalesce(description, '')) GLOB 'fehlende* *'
UNION ALL
SELECT 'detail-lowered', id, document FROM r
WHERE treatment = 'retain' AND residual_level < level AND treatment_plan IS NULL AND controls_said IS NULL
UNION ALL
SELECT 'detail-legal', id, document FROM r
WHERE EXISTS (SELECT 1 FROM word w WHERE w.list = 'legal-words' AND instr(r.text, w.word) > 0)
UNION ALL
SELECT 'detail-undated', id, document FROM r WHERE reviewed_on IS NULL AND identified_on IS NULL
UNION ALL
SELECT 'detail-bare', id, document FROM r
WHERE coalesce(effect, existing_controls, exception, details, vulnerability) IS NULL
  AND EXISTS (SELECT 1 FROM has_column c WHERE c.register_table = r.register_table AND c.field IN ('effect', 'existing_controls', 'exception'))
UNION ALL
SELECT 'detail-stock', id, document FROM r
WHERE EXISTS (SELECT 1 FROM word w WHERE w.list = 'stock-risks'
              AND w.word = replace(replace(lower(trim(coalesce(description, threat), ' .')), ',', ''), '-', ' '));

DELETE FROM fact_risk_tally WHERE part IN (SELECT id FROM turn_risk_part);
INSERT INTO fact_risk_tally (part, what, document, register_table, value, likelihood, consequence, n, first)
WITH r AS MATERIALIZED (
    SELECT p.id AS part, f.document, f.register_table, f.id, f.owner, f.likelihood, f.consequence,
           f.residual_likelihood, f.residual_consequence, f.by_product, f.by_sum
    FROM turn_risk_part p CROSS JOIN fact_risk f ON f.id >= p.id << 40 AND f.id < (p.id + 1) << 40),
whole AS MATERIALIZED (
    SELECT part, document, register_table, count(*) AS n, min(id) AS first, count(by_sum) AS rated,
           sum(by_product) AS product, sum(by_sum) AS sum
    FROM r GROUP BY part, register_table)
SELECT part, 'owner', document, register_table, owner, NULL, NULL, count(*), min(id) FROM r WHERE owner IS NOT NULL
GROUP BY part, register_table, owner
UNION ALL
SELECT part, 'before', document, register_table, NULL, likelihood, consequence, count(*), min(id) FROM r
WHERE likelihood IS NOT NULL AND consequence IS NOT NULL GROUP BY part, register_table, likelihood, consequence
UNION ALL
SELECT part, 'after', document, register_table, NULL, residual_likelihood, residual_consequence, count(*), min(id) FROM r
WHERE residual_likelihood IS NOT NULL AND residual_consequence IS NOT NULL
GROUP BY part, register_table, residual_likelihood, residual_consequence
UNION ALL
SELECT part, 'all', document, register_table, NULL, NULL, NULL, n, first FROM whole
UNION ALL
SELECT part, 'rated', document, register_table, NULL, NULL, NULL, rated, first FROM whole WHERE rated > 0
UNION ALL
SELECT part, 'product', document, register_table, NULL, NULL, NULL, product, first FROM whole WHERE product > 0
UNION ALL
SELECT part, 'sum', document, register_table, NULL, NULL, NULL, sum, first FROM whole WHERE sum > 0
UNION ALL
SELECT p.id, 'sign', s.document, f.register_table, s.sign, NULL, NULL, count(*), min(s.record)
FROM turn_risk_part p CROSS JOIN fact_risk_sign s ON s.record >= p.id << 40 AND s.record < (p.id + 1) << 40
CROSS JOIN fact_risk f ON f.id = s.record
GROUP BY p.id, f.register_table, s.sign;

INSERT INTO fact_risk_count
SELECT what, document, register_table, value, likelihood, consequence, sum(n), min(first)
FROM fact_risk_tally GROUP BY what, register_table, value, likelihood, consequence;

INSERT INTO fact_risk_total
SELECT document, sum(n), min(first) FROM fact_risk_count WHERE what = 'all' GROUP BY document;

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
counted AS (
    SELECT register_table, sum(iif(what = 'rated', n, 0)) AS n, sum(iif(what = 'product', n, 0)) AS product,
           sum(iif(what = 'sum', n, 0)) AS sum
    FROM fact_risk_count WHERE what IN ('rated', 'product', 'sum') GROUP BY register_table)
SELECT c.register_table,
       CASE WHEN m.product = 1 AND m.sum = 0 THEN 'product' WHEN m.sum = 1 AND m.product = 0 THEN 'sum'
            WHEN c.product >= c.sum THEN 'product' ELSE 'sum' END,
       m.product + m.sum = 1,
       c.n - CASE WHEN m.product = 1 AND m.sum = 0 THEN c.product WHEN m.sum = 1 AND m.product = 0 THEN c.sum
                  ELSE max(c.product, c.sum) END
FROM counted c CROSS JOIN (SELECT coalesce(product, 0) AS product, coalesce(sum, 0) AS sum FROM method) m
WHERE c.n >= 5
  AND CASE WHEN m.product = 1 AND m.sum = 0 THEN c.product * 2 >= c.n
           WHEN m.sum = 1 AND m.product = 0 THEN c.sum * 2 >= c.n
           ELSE max(c.product, c.sum) * 10 >= c.n * 9 END;

-- What hangs on lines of the statement, actions and scales has tables of its own, as these change more often.
DELETE FROM fact_risk_unplanned WHERE record IN (SELECT id FROM turn_risk);
INSERT INTO fact_risk_unplanned
SELECT r.id FROM risk_in_turn r
WHERE r.treatment = 'modify' AND r.is_open = 1 AND r.ref IS NOT NULL AND r.due IS NULL AND r.due_said IS NULL
  AND EXISTS (SELECT 1 FROM fact_risk_control v JOIN fact_line l ON l.control = v.control
              WHERE v.record = r.id AND l.applicable = 1 AND l.status <> 'implemented'
                AND NOT EXISTS (SELECT 1 FROM fact_action_control x WHERE x.control = v.control));

DELETE FROM fact_risk_off_scale WHERE record IN (SELECT id FROM turn_risk);
INSERT INTO fact_risk_off_scale
WITH rated AS (
    SELECT id, 'likelihood' AS dimension, likelihood AS value, likelihood_said AS said FROM risk_in_turn
    UNION ALL SELECT id, 'consequence', consequence, consequence_said FROM risk_in_turn
    UNION ALL SELECT id, 'likelihood', residual_likelihood, residual_likelihood_said FROM risk_in_turn
    UNION ALL SELECT id, 'consequence', residual_consequence, residual_consequence_said FROM risk_in_turn)
SELECT DISTINCT v.id
FROM rated v JOIN fact_scale s ON s.dimension = v.dimension
WHERE trim(v.said) GLOB '[0-9]*' AND trim(v.said) NOT GLOB '*[^0-9.,]*'
  AND (v.value NOT BETWEEN s.low AND s.high OR CAST(replace(v.said, ',', '.') AS REAL) <> CAST(v.said AS INTEGER));

INSERT OR IGNORE INTO fact_action_risk
SELECT lower(v.value) FROM treatment_action__risks v JOIN fact_action a ON a.id = v.record;

INSERT INTO fact_control_step
WITH planned AS MATERIALIZED (SELECT DISTINCT v.control FROM fact_action_control v JOIN fact_action a ON a.id = v.record)
SELECT k.id, k.n,
       CASE WHEN l.applicable = 1 THEN 'there' WHEN l.applicable = 0 THEN 'broken'
            WHEN l.control IS NOT NULL OR NOT EXISTS (SELECT 1 FROM fact_line) THEN 'unknown' ELSE 'broken' END,
       CASE WHEN c.why IN ('described', 'described-partly') OR c.path IS NOT NULL THEN 'there'
            WHEN c.why = 'not-described' AND l.applicable = 1 THEN 'broken' ELSE 'unknown' END,
       CASE WHEN l.applicable IS NOT 1 THEN 'unknown'
            WHEN l.status = 'implemented' AND l.reference IS NOT NULL THEN 'there'
            WHEN l.status IN ('planned', 'none') AND k.id IN (SELECT control FROM planned) THEN 'there'
            WHEN l.status IN ('planned', 'none') AND EXISTS (SELECT 1 FROM fact_action_control) THEN 'broken'
            ELSE 'unknown' END
FROM control k LEFT JOIN fact_line l ON l.control = k.id LEFT JOIN fact_control c ON c.control = k.id;

-- Of a risk's controls the one whose way breaks first, else the first.
DELETE FROM fact_way WHERE risk IN (SELECT id FROM turn_risk);
INSERT INTO fact_way
WITH chosen AS MATERIALIZED (
    SELECT * FROM (
        SELECT v.record AS risk, s.*,
               row_number() OVER (PARTITION BY v.record ORDER BY s.statement = 'broken' DESC, s.document = 'broken' DESC,
                                                                 s.evidence = 'broken' DESC, s.nth) AS place_in_line
        FROM turn_risk t CROSS JOIN fact_risk_control v ON v.record = t.id JOIN fact_control_step s ON s.control = v.control)
    WHERE place_in_line = 1),
asked AS MATERIALIZED (
    SELECT register_table, max(field = 'owner') AS owner, max(field IN ('controls', 'treatment_plan', 'treatment')) AS control
    FROM fact_assessed CROSS JOIN has_column USING (register_table) GROUP BY register_table),
way AS (
    SELECT r.id, c.control, c.statement, c.document, c.evidence,
           CASE WHEN c.control IS NOT NULL THEN 'there' WHEN r.treatment IN ('retain', 'avoid', 'share') THEN 'kept'
                WHEN (r.treatment IS NULL OR r.treatment = 'modify') AND (
                         r.controls_said IS NOT NULL OR r.treatment IS NULL AND r.treatment_said IS NOT NULL
                         OR r.treatment_plan IS NOT NULL OR r.existing_controls IS NOT NULL
                         OR lower(r.ref) IN (SELECT ref FROM fact_action_risk)) THEN 'words'
                WHEN NOT coalesce(a.control, 0) THEN 'open' ELSE 'none' END AS why,
           CASE WHEN r.owner IS NOT NULL OR r.owner_said IS NOT NULL THEN 'there' WHEN coalesce(a.owner, 0) THEN 'broken' ELSE 'unknown' END AS owner
    FROM risk_in_turn r LEFT JOIN chosen c ON c.risk = r.id LEFT JOIN asked a ON a.register_table = r.register_table)
SELECT id, control, statement, document, evidence, why, owner,
       owner = 'broken' OR why = 'none'
       OR control IS NOT NULL AND (statement = 'broken' OR document = 'broken' OR evidence = 'broken')
FROM way;

INSERT INTO fact_way_shown
SELECT risk FROM fact_way ORDER BY broken DESC, risk
LIMIT (SELECT iif(max(source) = 'home', (SELECT value FROM setting WHERE key = 'trails_most'), -1) FROM fact_run);

DELETE FROM fact_trail WHERE risk IN (SELECT id FROM turn_risk);
INSERT INTO fact_trail
WITH proof AS (
    SELECT v.control, a.id AS action, a.name, a.is_open, a.last_due, a.evidence, a.path, a.place, a.quote,
           row_number() OVER (PARTITION BY v.control ORDER BY a.is_open DESC, a.last_due, a.id) AS place_in_line
    FROM fact_action_control v JOIN action_in_use a ON a.id = v.record),
described AS (
    SELECT c.control, e.quote, e.place, row_number() OVER (PARTITION BY c.control ORDER BY e.criterion, e.n) AS place_in_line
    FROM fact_control c JOIN criterion k ON k.kind = c.kind JOIN criterion_evidence e ON e.criterion = k.id AND e.path = c.path),
start AS MATERIALIZED (
    SELECT r.id, f.name, coalesce(r.description, r.threat) AS about, r.owner, r.owner_said, r.treatment_said, r.path, r.place, r.quote,
           w.control, k.title, w.statement, w.document AS doc_state, w.evidence, w.why AS control_why, w.owner AS owner_state,
           l.applicable, l.reason, l.status AS line_status, l.status_said AS line_said, l.reference,
           l.path AS line_path, l.place AS line_place, l.quote AS line_quote, c.kind_title, c.path AS shown_path,
           d.place AS shown_place, d.quote AS shown_quote, p.name AS action, p.last_due AS action_due,
           p.path AS action_path, p.place AS action_place, p.quote AS action_quote
    FROM turn_risk t CROSS JOIN fact_way_shown s ON s.risk = t.id CROSS JOIN fact_way w ON w.risk = s.risk
    CROSS JOIN fact_risk f ON f.id = s.risk CROSS JOIN risk r ON r.id = s.risk
    LEFT JOIN control k ON k.id = w.control
    LEFT JOIN fact_line l ON l.control = w.control
    LEFT JOIN fact_control c ON c.control = w.control
    LEFT JOIN described d ON d.control = w.control AND d.place_in_line = 1
    LEFT JOIN proof p ON p.control = w.control AND p.place_in_line = 1)
SELECT id, 1, 'risk', 'there', 'there', name, about, path, place, quote FROM start
UNION ALL
SELECT id, 2, 'owner', owner_state, CASE WHEN owner IS NOT NULL OR owner_said IS NOT NULL THEN 'there' ELSE 'none' END, coalesce(owner, owner_said), NULL, path, place, quote
FROM start
UNION ALL
SELECT id, 3, 'control', CASE control_why WHEN 'words' THEN 'unknown' WHEN 'open' THEN 'unknown' WHEN 'none' THEN 'broken' ELSE control_why END,
       control_why, coalesce(control, treatment_said), title, path, place, quote
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
