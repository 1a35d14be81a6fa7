#!/usr/bin/env python3
"""How right Assay reads tables as registers: kinds and columns against tests/gold/registers.

usage: registers.py PROGRAM [--sets DIR] [--gold DIR] [--wrong]

A label names a table by its file and place (the innermost heading or sheet, "" for a file that is one
table), its register, and the field of each column that was labelled; a list of fields takes any of
them, null is none. `also` lists kinds that are right too ("none": nothing). A table that is read as
a register and has no label is wrong. Columns count in tables of the right kind.
"""
import argparse
import json
import os

from program import stage1


class Score:
    def __init__(self):
        self.right = self.wrong = self.missed = 0

    def add(self, other):
        self.right += other.right
        self.wrong += other.wrong
        self.missed += other.missed

    @property
    def f1(self):
        all_ = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / all_ if all_ else 1.0

    def line(self):
        return f"{self.f1:.2f} ({self.right} right, {self.wrong} wrong, {self.missed} missed)"


def place_of(table):
    if table["sheet"]:
        return table["sheet"]
    return (table["heading"] or "").split(" > ")[-1]


def is_here(label, table):
    place = label["place"]
    return table["path"] == label["path"] and (not place or place_of(table) == place)


def kinds(label):
    return {label["register"]} | set(label.get("also") or [])


def compare_columns(label, table, score, wrong, where):
    found = {}
    for column in table["columns"]:
        if column["header"]:
            found.setdefault(column["header"], column["field"])
    for header, wanted in label["columns"].items():
        right = wanted if isinstance(wanted, list) else [wanted]
        right = [None if f == "-" else f for f in right]
        got = found.get(header)
        if got in right:
            score.right += got is not None
            continue
        score.wrong += got is not None
        score.missed += None not in right
        wrong.append(f"{where}: {header!r} is {got}, should be {'/'.join(str(f) for f in right)}")


def compare(gold, result, kind_score, column_score, wrong):
    tables = [t for t in result["registers"] if t["kept"]]
    taken = set()
    for label in gold["tables"]:
        where = f"{gold['set']} {label['path']} {label['place']}"
        here = [i for i, t in enumerate(tables) if is_here(label, t) and i not in taken]
        hit = next((i for i in here if tables[i]["register"] == label["register"]), None)
        if hit is None:
            hit = next((i for i in here if tables[i]["register"] in kinds(label)), None)
            if hit is not None or "none" in kinds(label):
                if hit is not None:
                    taken.add(hit)
                continue
            kind_score.missed += 1
            wrong.append(f"{where}: no {label['register']}")
            continue
        taken.add(hit)
        if "none" not in kinds(label):
            kind_score.right += 1
            compare_columns(label, tables[hit], column_score, wrong, where)
    for i, table in enumerate(tables):
        if i not in taken:
            kind_score.wrong += 1
            wrong.append(f"{gold['set']} {table['path']} {table['place']}: {table['register']} is wrong")


def measure(program, sets, gold_dir, wrong):
    rows = {}
    for name in sorted(os.listdir(gold_dir)) if os.path.isdir(gold_dir) else []:
        with open(os.path.join(gold_dir, name), encoding="utf-8") as f:
            gold = json.load(f)
        kind, column = Score(), Score()
        result = stage1(program, os.path.join(sets, gold["set"]))
        compare(gold, result, kind, column, wrong)
        rows[gold["set"]] = (kind, column)
    return rows


def main():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--sets", default=os.path.join(here, "sets"))
    parser.add_argument("--gold", default=os.path.join(here, "gold", "registers"))
    parser.add_argument("--wrong", action="store_true")
    args = parser.parse_args()
    wrong, kind, column = [], Score(), Score()
    for name, (k, c) in measure(args.program, args.sets, args.gold, wrong).items():
        print(f"{name:12} registers {k.line()}  columns {c.line()}")
        kind.add(k)
        column.add(c)
    print(f"{'all':12} registers {kind.line()}  columns {column.line()}")
    if args.wrong:
        print("\n".join(wrong))


if __name__ == "__main__":
    main()
