#!/usr/bin/env python3
"""Whether each test that docs/asvs.csv names is there, and each row without one says why.

usage: asvs.py LIST.csv      prints faults, one a line"""
import csv
import os
import re
import sys

STATES = ("holds", "by design", "open", "does not apply")
LEAST = 150  # rows

texts = {}


def text_of(path):
    if path not in texts:
        texts[path] = open(path, encoding="utf-8").read() if os.path.isfile(path) else ""
    return texts[path]


def is_there(path, case):
    """TEST(case) in C, test_case in Python, its label in a script."""
    if path.endswith(".c"):
        return re.search(r"TEST\(%s\)" % re.escape(case), text_of(path))
    if path.endswith(".py"):
        return "def test_%s(" % case in text_of(path)
    return "'%s'" % case in text_of(path)


def faults_of(row):
    if not re.fullmatch(r"V\d+\.\d+\.\d+", row["id"]) or row["state"] not in STATES or len(row["what"]) < 10:
        yield "no such row"
    if row["state"] == "holds" and (not row["case"] or not is_there(row["file"], row["case"])):
        yield "there is no test %s in %s" % (row["case"], row["file"])
    if row["state"] != "holds" and (row["case"] or not row["why"].endswith(".")):
        yield "it does not say why no test shows it"


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = ["%s: %s" % (row["id"], fault) for row in rows for fault in faults_of(row)]
    numbers = [[int(n) for n in row["id"][1:].split(".")] for row in rows]
    if sorted(numbers) != numbers or len(set(map(tuple, numbers))) != len(rows):
        found.append("the rows are not in order, or one is there twice")
    if len(rows) < LEAST:
        found.append("only %d rows" % len(rows))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
