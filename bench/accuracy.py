#!/usr/bin/env python3
"""How right Assay is on the labelled sets: kinds, criteria, quotes, blockers, commitments.

usage: accuracy.py PROGRAM [--sets DIR] [--gold DIR] [--wrong] [--page FILE]

Runs `PROGRAM stage1 SET --format json` on every set that has labels, and compares. Lines of the
gold files marked `disputed`, and kinds listed under `also`, count neither way. --wrong prints
every difference, --page writes docs/accuracy.md. Leave-one-set-out cannot retrain hand-written signals; what it shows is how far
each set lies from the total of the others.
"""
import argparse
import json
import os
import re

import yaml

import registers
from program import stage1



def squeeze(text):
    return re.sub(r"[\s*_`|>#]+", " ", text).strip().lower()


class Score:
    def __init__(self):
        self.right = self.wrong = self.missed = 0

    def add(self, other):
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def precision(self):
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self):
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self):
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


def compare_kinds(gold, result, wrong):
    score = Score()
    found = {d["path"]: {k["kind"] for k in d["kinds"]} for d in result["documents"]}
    for doc in gold["documents"]:
        wanted, also = set(doc.get("kinds") or []), set(doc.get("also") or [])
        got = found.get(doc["path"], set())
        score.right += len(wanted & got)
        score.missed += len(wanted - got)
        score.wrong += len(got - wanted - also)
        for kind in sorted(wanted - got):
            wrong.append(f"{gold['set']} {doc['path']}: kind {kind} not found")
        for kind in sorted(got - wanted - also):
            wrong.append(f"{gold['set']} {doc['path']}: kind {kind} is wrong")
    return score


def compare_criteria(gold, result, wrong):
    score, quotes = Score(), Score()
    labels = {c["id"]: c for c in gold["criteria"]}
    doubtful = {k for d in gold["documents"] for k in d.get("also") or []}
    got = {c["criterion"]: c for c in result["criteria"]}
    for cid, c in sorted(got.items()):
        label = labels.get(cid)
        met = c["status"] == "met"
        if label is None:
            if met and c["kind"] not in doubtful:
                score.wrong += 1
                wrong.append(f"{gold['set']} {cid}: met, though nothing serves {c['kind']}: "
                             + quote_of(c))
            continue
        if label.get("disputed"):
            continue
        if met and label["status"] == "met":
            score.right += 1
            compare_quotes(label, c, quotes, wrong, gold["set"])
        elif met:
            score.wrong += 1
            wrong.append(f"{gold['set']} {cid}: met, should be {label['status']}: " + quote_of(c))
        elif label["status"] == "met":
            score.missed += 1
            wrong.append(f"{gold['set']} {cid}: {c['status']}, should be met by "
                         + "; ".join(q["quote"] for q in label.get("quotes") or [])[:300])
    return score, quotes


def quote_of(criterion):
    return " / ".join(f"{e['path']}: {e['quote']}" for e in criterion["evidence"])[:400]


def compare_quotes(label, criterion, quotes, wrong, name):
    """A quote agrees when it overlaps a labelled one; others must be read."""
    wanted = [squeeze(q["quote"]) for q in label.get("quotes") or []]
    for e in criterion["evidence"]:
        text = squeeze(e["quote"])
        if any(w in text or text in w or overlap(w, text) for w in wanted):
            quotes.right += 1
            return
    quotes.wrong += 1
    wrong.append(f"{name} {criterion['criterion']}: quote to be read: " + quote_of(criterion))


def overlap(a, b):
    words = set(a.split())
    return len(words & set(b.split())) >= max(4, 0.6 * min(len(words), len(set(b.split()))))


def compare_blockers(gold, result, wrong):
    score = Score()
    got = {f["requirement"] for f in result["findings"] if f["stage1"] == "AOC-BLOCK"}
    covered = {c for f in result["findings"] if f["stage1"] == "AOC-BLOCK" for c in f["covers"]}
    for r in gold.get("blockers") or []:
        if r in got or r in covered:
            score.right += 1
        else:
            score.missed += 1
            wrong.append(f"{gold['set']}: {r} should block and does not")
    for r in sorted(got & set(gold.get("never_blockers") or [])):
        score.wrong += 1
        wrong.append(f"{gold['set']}: {r} blocks and should not")
    return score


def compare_commitments(gold, result, wrong):
    """Sentence by sentence. What nobody labelled is wrong; a table's row may be quoted cut short."""
    score = Score()
    labels = {key: {} for key in ("commitments", "disputed", "not")}
    for key, found in labels.items():
        for item in gold[key]:
            found.setdefault(item["path"], set()).add(squeeze(item["text"])[:QUOTED])
    got = {}
    for c in result["commitments"]:
        got.setdefault(c["path"], set()).add(squeeze(c["quote"])[:QUOTED])
    for path, wanted in sorted(labels["commitments"].items()):
        score.right += len(wanted & got.get(path, set()))
        score.missed += len(wanted - got.get(path, set()))
        wrong += [f"{gold['set']} {path}: commitment missed: {t}"
                  for t in sorted(wanted - got.get(path, set()))]
    for path, found in sorted(got.items()):
        extra = found - labels["commitments"].get(path, set()) - labels["disputed"].get(path, set())
        score.wrong += len(extra)
        wrong += [f"{gold['set']} {path}: no commitment: {t}" for t in sorted(extra)]
    return score


def registers_table(args, wrong):
    rows = registers.measure(args.program, args.sets, os.path.join(args.gold, "registers"), wrong)
    kind, column = registers.Score(), registers.Score()
    for k, c in rows.values():
        kind.add(k)
        column.add(c)
    rows["**all**"] = (kind, column)
    return ("| set | registers: F1 | right | wrong | missed | columns: F1 | right | wrong | missed |\n"
            "|---|---|---|---|---|---|---|---|---|\n"
            + "".join(f"| {name} | {k.f1:.2f} | {k.right} | {k.wrong} | {k.missed} "
                      f"| {c.f1:.2f} | {c.right} | {c.wrong} | {c.missed} |\n"
                      for name, (k, c) in rows.items() if k.right + k.wrong + k.missed))


QUOTED = 350


def commitments_table(args, wrong):
    rows = []
    folder = os.path.join(args.gold, "commitments")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            gold = json.load(f)
        result = stage1(args.program, os.path.join(args.sets, gold["set"]))
        score = compare_commitments(gold, result, wrong)
        rows.append((gold["set"], score, len(gold["not"])))
    whole = Score()
    for _, score, _ in rows:
        whole.add(score)
    rows.append(("**all**", whole, sum(n for _, _, n in rows)))
    return ("| set | commitments: precision | recall | labelled | labelled as none |\n|---|---|---|---|---|\n"
            + "".join(f"| {name} | {s.precision:.2f} | {s.recall:.2f} | {s.right + s.missed} | {n} |\n"
                      for name, s, n in rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests")
    parser.add_argument("--sets", default=os.path.join(here, "sets"))
    parser.add_argument("--gold", default=os.path.join(here, "gold"))
    parser.add_argument("--wrong", action="store_true")
    parser.add_argument("--page")
    parser.add_argument("--commitments", action="store_true", help="only these")
    args = parser.parse_args()
    wrong, rows = [], {}
    promises = commitments_table(args, wrong)
    tables = registers_table(args, wrong) if not args.commitments else ""
    if args.commitments:
        print("\n".join(wrong + [promises] if args.wrong else [promises]), end="")
        return
    for name in sorted(os.listdir(args.gold)):
        if not name.endswith(".yaml"):
            continue
        with open(os.path.join(args.gold, name), encoding="utf-8") as f:
            gold = yaml.safe_load(f)
        result = stage1(args.program, os.path.join(args.sets, gold["set"]))
        kinds = compare_kinds(gold, result, wrong)
        criteria, quotes = compare_criteria(gold, result, wrong)
        blockers = compare_blockers(gold, result, wrong)
        rows[gold["set"]] = (kinds, criteria, quotes, blockers)
    if args.wrong:
        print("\n".join(wrong) + "\n")
    print(table(rows) + "\n" + promises + "\n" + tables, end="")
    if args.page:
        with open(args.page, "w", encoding="utf-8") as f:
            f.write(PAGE.format(table=table(rows), first=FIRST, promises=promises, tables=tables))


def total(rows, without=None):
    scores = [Score() for _ in range(4)]
    for name, row in rows.items():
        if name != without:
            for s, r in zip(scores, row):
                s.add(r)
    return scores


PAGE = """# How right Assay is

`./dev bench accuracy` compares what Assay finds in the document sets under `tests/sets/` with labels that were
written by hand, by people reading as auditors, before the signals of a kind were written (`tests/gold/`).

- **Kinds**: is each file taken for what it is? Kinds on which two auditors could differ count neither way.
- **Criteria**: is what is called met really met, and is what is met called so? Taken over a whole set, strictly:
  *partly* is not *met*. Lines marked as disputed count neither way.
- **Quotes that agree**: the share of quotes that overlap one of at most four labelled passages. A long document has
  many good passages, so this is a lower bound; all others were read.
- **False blockers**: a finding that would stop Stage 2, where the labels say that it must not.
- **Commitments**: is each promise with a value found, and nothing else? Sentence by sentence, against
  `tests/gold/commitments/`, which was labelled before any word for them was written: all promises of five sets, and at
  least 200 sentences each that have numbers or words of time and promise nothing. Sentences on which readers could
  differ ("should be rotated", recovery times in an impact analysis) count neither way.

- **Registers**: is each table that is a register read as the right one, and nothing else as one; and is each of its
  columns read as the right field (of those labelled, where the register is right)? Against `tests/gold/registers/`,
  labelled table by table before anything was adjusted; tables on which readers could differ count neither way.

{table}
{promises}
{tables}

`all but X` leaves one set out of the total. Signals are written by hand and not trained, so this shows only how far
one set carries the figures. The sets `medlab`, `foundry` and `harbourpay` are fictional and were written by people who
had not seen the signals. What they showed at first sight, before anything was learnt from them: {first}
"""

FIRST = ("medlab kinds F1 0.81, criteria precision 0.95 and recall 0.66, one false blocker; "
         "foundry 0.86, 0.97 and 0.95, none; harbourpay (colloquial English by people who grew up "
         "with other languages) 0.88, 0.80 and 0.53, one. A public kit of 150 short policies and "
         "procedures with SOC 2 and HIPAA wording, labelled by its reader: kinds precision 1.00 and "
         "recall 0.71 at first sight, 1.00 and 0.93 after. Six small public sets (42 files with ISO, NIST "
         "and kit wording, a third of them DOCX or PDF), labelled blind: kinds F1 0.87, criteria "
         "precision 0.79 and recall 0.73, one false blocker. Once these had been learnt from, five "
         "further ones (47 files: case studies, SOC 2, HIPAA, a mixed folder), again blind: kinds F1 "
         "0.88, criteria precision 0.87 and recall 0.85, one false blocker, and some nine quotes in ten "
         "that show what they are quoted for. After these, three more (23 files: a telecom company's policies, a "
         "consultancy's case study, a folder in which every file is called README): kinds F1 0.90, criteria "
         "precision 0.95 and recall 0.91, one false blocker, nine quotes in ten. Then 14 very short files with "
         "damaged letters and Markdown that was pasted as text: 0.67, 0.77 and 0.91, one false blocker. The last "
         "figures, not the table, are what to expect of a folder that Assay has never seen.")


def line(name, row):
    kinds, criteria, quotes, blockers = row
    return (f"| {name} | {kinds.precision:.2f} | {kinds.recall:.2f} | {kinds.f1:.2f} "
            f"| {criteria.precision:.2f} | {criteria.recall:.2f} | {quotes.precision:.2f} "
            f"| {blockers.wrong} | {blockers.missed} |")


def table(rows):
    lines = ["| set | kinds: precision | recall | F1 | criteria: precision | recall "
             "| quotes that agree | false blockers | missed blockers |",
             "|---|---|---|---|---|---|---|---|---|"]
    lines += [line(name, row) for name, row in rows.items()]
    lines.append(line("**all**", total(rows)))
    lines += [line(f"all but {name}", total(rows, name)) for name in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
