-- What an organisation's records are to rules, made before standards/derive.sql. Runs again from the
-- start each time. Only a home is judged with it.

DELETE FROM document;
DELETE FROM document_kind;
DELETE FROM document_person;
DELETE FROM document_said;
DELETE FROM criterion_result;
DELETE FROM criterion_evidence;
DELETE FROM control_line;
DELETE FROM control_mention;
DELETE FROM said_number;
DELETE FROM commitment;
DELETE FROM passage_text;
DELETE FROM profile;
DELETE FROM home_shows;

-- Each register with records counts as a document; so does each record of the register of documents that
-- is not withdrawn. Refs tell these apart from one another and from registers.
INSERT INTO document (id, path, title, version)
SELECT h.document, h.title, h.title, 'kept' FROM home_register h JOIN register_table t ON t.id = h.document
WHERE t.rows > 0 AND h.register <> 'document';
INSERT INTO document (id, path, sha256, format, language, title, number, version, status, owner, approved_on, effective_on,
                      review_due, classification, template)
SELECT d.id, coalesce(d.title || ' (' || d.ref || ')', d.ref), d.sha256, d.format, d.language, d.title, d.ref, d.version, replace(d.status, '_', ' '),
       d.author, d.approved_on, d.effective_on, d.next_review, d.classification, 'none'
FROM document_record d WHERE d.status IS NOT 'withdrawn' AND d.origin IS NOT 'external';

INSERT INTO document_kind (document, kind, confidence, why)
SELECT h.document, k.kind, 1000, 'register'
FROM home_kind k JOIN home_register h ON h.register = k.register JOIN document d ON d.id = h.document
UNION
SELECT c.record, k.id, 1000, 'declared'
FROM document_record__covers c JOIN kind k ON k.id = c.value JOIN document d ON d.id = c.record;

-- Who belongs to top management is a field of persons.
INSERT INTO document_person (document, role, name, rank, place, quote)
SELECT d.id, x.role, x.name,
       CASE WHEN p.id IS NULL THEN 'unknown' WHEN p.is_top_management = 1 THEN 'top' ELSE 'other' END, r.place, r.quote
FROM document_record r JOIN document d ON d.id = r.id
JOIN (SELECT id, 'author' AS role, author AS name, 'author' AS field FROM document_record WHERE author IS NOT NULL
      UNION ALL SELECT id, 'approver', approver, 'approver' FROM document_record WHERE approver IS NOT NULL
      UNION ALL SELECT id, 'owner', author, 'author' FROM document_record WHERE author IS NOT NULL) x ON x.id = r.id
LEFT JOIN fact_reference f ON f.register = 'document' AND f.record = r.id AND f.field = x.field AND f.target = 'person'
LEFT JOIN person p ON p.id = f.target_record;

-- Where it says its status, number and next review.
INSERT INTO document_said (id, document, fact, path, place, quote)
SELECT row_number() OVER (ORDER BY r.id, x.fact), r.id, x.fact, d.path, r.place, r.quote
FROM document_record r JOIN document d ON d.id = r.id
JOIN (SELECT id, 'status' AS fact FROM document_record WHERE status IS NOT NULL
      UNION ALL SELECT id, 'number' FROM document_record
      UNION ALL SELECT id, 'review_due' FROM document_record WHERE next_review IS NOT NULL) x ON x.id = r.id;

-- Criteria that came with a document are taken as they are; else what people say that it covers is taken
-- for it, unless a rule finds otherwise.
INSERT INTO criterion_result (document, kind, criterion, status)
SELECT k.document, k.kind, c.id, 'met' FROM document_kind k JOIN criterion c ON c.kind = k.kind
WHERE NOT EXISTS (SELECT 1 FROM document_criterion o WHERE o.parent = k.document)
UNION ALL
SELECT d.id, c.kind, c.id, iif(o.status = 'met', 'met', 'cannot-tell')
FROM document_criterion o JOIN document d ON d.id = o.parent JOIN criterion c ON c.id = o.criterion
WHERE o.status IN ('met', 'cannot_tell');

INSERT INTO criterion_evidence (criterion, document, n, path, place, quote)
SELECT o.criterion, d.id, o.n, d.path, coalesce(o.where_found, o.place), o.passage
FROM document_criterion o JOIN document d ON d.id = o.parent JOIN criterion c ON c.id = o.criterion
WHERE o.status = 'met' AND o.passage IS NOT NULL;

-- The lines of the Statement of Applicability, in the order of the standard. A reason in a word or two that
-- give none is weak.
INSERT INTO control_line (document, n, control, number, title, applicable, said, reason, weak, status, status_said, reference,
                          owner, place, quote)
SELECT e.document, row_number() OVER (ORDER BY c.n, e.id), c.id, e.control, coalesce(e.title, c.title), e.applicable, e.applicable_said,
       e.reason, e.reason IS NULL OR EXISTS (SELECT 1 FROM word w WHERE w.list = 'no-reasons' AND w.word = lower(trim(e.reason, ' .'))),
       e.status, e.status_said, e.reference, e.owner, e.place, e.quote
FROM (SELECT s.*, iif(s.applicable = 0, coalesce(s.excluded_because, s.justification), s.justification) AS reason,
             coalesce(s.implemented_how, nullif(s.evidence_said, '')) AS reference
      FROM soa_entry s) e
JOIN control c ON c.id = e.control;

INSERT INTO control_mention (document, control, place, quote)
SELECT document, control, min(place), min(quote) FROM control_line GROUP BY document, control;

-- What the method sets: up to which level a risk may stay, and how levels are made.
INSERT INTO said_number (kind, name, first, last, document, path, place, quote)
SELECT k.kind, 'acceptable', 0, m.acceptance_max_level, m.document, m.path, m.place, m.quote
FROM risk_method m JOIN document_kind k ON k.document = m.document JOIN word w ON w.list = 'risk-method' AND w.word = k.kind
WHERE m.acceptance_max_level IS NOT NULL;
INSERT INTO passage_text (document, n, place, text)
SELECT m.document, 1, m.place,
       CASE m.combine WHEN 'product' THEN 'likelihood times consequence: the product of both, multiplied'
                      ELSE 'likelihood plus consequence: the sum of both' END
FROM risk_method m WHERE m.combine IN ('product', 'sum');

-- The processes of the scope, as its list would have them.
INSERT INTO passage_text (document, n, place, heading, text)
SELECT h.document, row_number() OVER (ORDER BY p.id), p.place, 'Processes', p.name
FROM scope_process p JOIN home_register h ON h.register = 'scope' WHERE p.name IS NOT NULL;

-- And its sites, as the rows of its table of sites.
INSERT INTO passage_text (document, n, place, heading, text)
SELECT h.document, 100000 + row_number() OVER (ORDER BY p.id, s.id), p.place, 'Sites',
       'Site: ' || coalesce(s.name, s.ref) || '. Address: ' || coalesce(s.address, s.name, s.ref)
FROM scope p JOIN home_register h ON h.register = 'scope'
JOIN fact_reference f ON f.register = 'scope' AND f.record = p.id AND f.field = 'sites'
JOIN site s ON s.id = f.target_record;

-- Rules that the organisation set itself, as promises: by the topic's own name or by one that means it.
INSERT INTO commitment (document, n, kind, topic, assumed, qualifiers, subject, what, said, value, unit, amount, business, compare,
                        path, place, quote)
SELECT coalesce(d.id, r.document), row_number() OVER (ORDER BY r.id), 'deadline', t.id, 0, '', '', coalesce(r.title, t.title),
       r.value_said || ' ' || r.unit,
       CASE r.unit WHEN 'minutes' THEN 'PT' || r.value_said || 'M' WHEN 'hours' THEN 'PT' || r.value_said || 'H'
                   ELSE 'P' || r.value_said || upper(substr(r.unit, 1, 1)) END, '',
       CAST(r.value * CASE r.unit WHEN 'minutes' THEN 1 WHEN 'hours' THEN 60 WHEN 'days' THEN 1440 WHEN 'weeks' THEN 10080
                                  WHEN 'months' THEN 43800 ELSE 525600 END AS INTEGER), 0, 'most',
       coalesce(d.path, r.path), r.place, coalesce(r.passage, r.quote)
FROM own_rule_record r
JOIN commitment_topic t ON t.id = replace(r.topic, '_', '-') OR EXISTS (
    SELECT 1 FROM word w WHERE w.list = 'own-' || t.id AND w.word = r.topic)
LEFT JOIN fact_reference f ON f.register = 'own_rule' AND f.record = r.id AND f.field = 'of_document'
LEFT JOIN document d ON d.id = f.target_record
WHERE r.value IS NOT NULL AND r.unit IN ('minutes', 'hours', 'days', 'weeks', 'months', 'years');

-- What people answered last, unless so long ago that it is asked again: the organisation's own limit goes
-- before that of the standard. Words count as yes.
INSERT INTO profile (key, value)
SELECT key, value
FROM (SELECT coalesce(a.key, r.question) AS key, iif(r.answer = 'no', 'no', coalesce(r.note, 'yes')) AS value, r.answer,
             r.answered_on,
             row_number() OVER (PARTITION BY coalesce(a.key, r.question) ORDER BY r.answered_on DESC, r.id DESC) AS place_in_line
      FROM answer_record r LEFT JOIN ask a ON a.id = r.question OR a.key = r.question
      WHERE a.id IS NOT NULL OR EXISTS (SELECT 1 FROM requirement q WHERE q.id = r.question)) x
CROSS JOIN fact_run t
WHERE place_in_line = 1 AND answer IN ('yes', 'no')
  AND answered_on IS NOT NULL
  AND add_months(answered_on, coalesce(
          (SELECT CAST(o.value * iif(o.unit = 'years', 12, 1) AS INTEGER) FROM own_rule_record o
           WHERE o.topic = 'answers' AND o.unit IN ('months', 'years')),
          (SELECT value FROM setting WHERE key = 'answer_months'))) >= t.today;

-- Requirements whose registers have records: these show it, unless a rule finds otherwise.
INSERT INTO home_shows (requirement, n, path)
SELECT s.requirement, sum(t.rows), min(h.title)
FROM home_serves s JOIN home_register h ON h.register = s.register JOIN register_table t ON t.id = h.document
WHERE t.rows > 0 GROUP BY s.requirement;
