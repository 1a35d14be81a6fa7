# Documents in several languages: each is read in its own, and nothing is held against one that is
# only recognised.
F=$T/french
mkdir -p "$F"
cat >"$F/Périmètre.md" <<'END'
# Périmètre du SMSI

Version : 1.0
Approuvé par : Odile Fabre, directrice générale
Approuvé le : 12 mars 2026

Le SMSI couvre Garonne Logistique SAS : l'exploitation de la plateforme de réservation et le
transport de marchandises, avec les services Exploitation, Finances et Ressources humaines.

## Sites

- Siège : 48 rue des Carrières, 21000 Dijon

## Exclusions

La boutique de Nantes est hors du périmètre, car elle est gérée par un franchisé indépendant.
END
cat >"$F/revue.md" <<'END'
# Compte rendu de la revue de direction

Date : 12 mars 2026

Participants : Odile Fabre (directrice générale), Paul Vernet (RSSI)

- Suivi des actions de la précédente revue : toutes closes
- Objectifs : trois sur quatre sont atteints
- Non-conformités : deux restent ouvertes
- Audits : un audit interne a été réalisé en février
- Risques : le plan de traitement est à 60 %

La direction conclut que le SMSI est approprié, adéquat et efficace.

| Décision | Responsable | Échéance |
|---|---|---|
| Second lien réseau | DSI | 1er juin 2026 |
END
exits 0 'a French folder' stage1 "$F" --today $today --format json --fail-on never
cp "$T/out" "$T/french.json"
ok 'its scope is known' has "$T/french.json" \
    'docs["Périmètre.md"]["language"] == "fr" and docs["Périmètre.md"]["kinds"][0]["kind"] == "DOC-SCOPE"'
ok 'its particulars too' has "$T/french.json" \
    'docs["Périmètre.md"]["approved_on"] == "2026-03-12" and docs["Périmètre.md"]["version"] == "1.0"'
ok 'so are its minutes' has "$T/french.json" \
    'any(k["kind"] == "REC-MR" for k in docs["revue.md"]["kinds"])'
ok 'with quotes in French' has "$T/french.json" \
    'any("franchisé" in e["quote"] for c in r["criteria"] if c["status"] == "met" for e in c["evidence"])'

mkdir -p "$T/mixed"
cp "$F/revue.md" "$T/mixed/"
cat >"$T/mixed/Leitlinie.md" <<'END'
# Leitlinie zur Informationssicherheit

Die Geschäftsführung ist für die Sicherheit der Informationen verantwortlich, und alle Mitarbeiter
sind zur Einhaltung der Regeln verpflichtet. Die Ziele werden jährlich von der Leitung geprüft und
mit den Fachbereichen abgestimmt, die für die Umsetzung der Maßnahmen zuständig sind.
END
exits 0 'a folder in two languages' stage1 "$T/mixed" --today $today --format json --fail-on never
ok 'one without signals is named' has "$T/out" \
    'docs["Leitlinie.md"]["language"] == "de" and "not judged" in docs["Leitlinie.md"]["error"]'
ok 'and makes no blocker' has "$T/out" \
    'not any(f["stage1"] == "AOC-BLOCK" for f in r["findings"])'
