-- What an organisation's records are to rules, made before standards/derive.sql. Runs again from the
-- start each time. Only a home is judged with it.

DELETE FROM document;
DELETE FROM document_kind;
DELETE FROM criterion_result;

-- Each register with records counts as a document.
INSERT INTO document (id, path, title)
SELECT h.document, h.title, h.title FROM home_register h JOIN register_table t ON t.id = h.document
WHERE t.rows > 0;

INSERT INTO document_kind (document, kind, confidence, why)
SELECT d.id, k.kind, 1000, 'register'
FROM home_kind k JOIN home_register h ON h.register = k.register JOIN document d ON d.id = h.document;

-- What people say that a document covers is taken for it, unless a rule finds otherwise.
INSERT INTO criterion_result (document, kind, criterion, status)
SELECT k.document, k.kind, c.id, 'met' FROM document_kind k JOIN criterion c ON c.kind = k.kind;
