#!/usr/bin/env python3
"""Whether the same content gives the same result in every format.

usage: formats.py PROGRAM [--sets NAME,...] [--formats NAME,...] [--all] [--cache DIR]

Takes the sets of tests/sets and the example, without front matter, which conversions lose; lines
stay lines in the other formats. Markdown is turned into DOCX, ODT and HTML by pandoc, and what comes
of it, like the DOCX files that were there, into DOCX, ODT and HTML by LibreOffice; CSV and XLSX
into XLSX, ODS and HTML. Each folder is judged, and its documents (kinds, particulars), criteria
(status, quotes) and findings are compared with those of the folder as it was. --all prints every
difference, else the first of each sort.

Conversions are kept in DIR (/tmp/assay-formats) and made again where the sources have changed.
"""
import argparse
import collections
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

from program import stage1

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
FACTS = ["nature", "language", "version", "status", "author", "owner", "approved_by", "approved_on",
         "review_due", "classification", "is_template"]
# What becomes of texts and of sheets, and by whom. LibreOffice gets what pandoc made.
FORMATS = {
    "pandoc-docx": ("pandoc", "docx", None),
    "pandoc-odt": ("pandoc", "odt", None),
    "pandoc-html": ("pandoc", "html", None),
    "office-docx": ("office", "docx", "xlsx"),
    "office-odt": ("office", "odt", "ods"),
    "office-html": ("office", "html", "html"),
}
# Some leave out its first line.
FRONT = re.compile(r"\A(---\n.*?\n---|\+\+\+\n.*?\n\+\+\+|\w+:[^\n]*\n([\w \t-][^\n]*\n)+---)\n", re.S)


def files_of(folder):
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield os.path.relpath(os.path.join(place, name), folder)


def copy_plain(source, target):
    """The set as it is compared: without front matter."""
    for path in files_of(source):
        os.makedirs(os.path.dirname(os.path.join(target, path)) or ".", exist_ok=True)
        shutil.copyfile(os.path.join(source, path), os.path.join(target, path))
        if path.endswith(".md"):
            with open(os.path.join(target, path), "r+", encoding="utf-8", newline="") as f:
                text = FRONT.sub("", f.read().replace("\r\n", "\n"))
                f.seek(0)
                f.truncate()
                f.write(text)


def pandoc(source, target, kind):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    subprocess.run(["pandoc", "-f", "gfm+smart+hard_line_breaks", "-s", "--metadata", "title= ", "-t", kind, "-o",
                    target, source], check=True, stderr=subprocess.DEVNULL)


def office(pairs, kind, work):
    """All of `pairs` (source, target) in one run, under names that cannot clash."""
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(os.path.join(work, "in"))
    names = []
    for i, (source, _) in enumerate(pairs):
        name = f"{i:04}{os.path.splitext(source)[1]}"
        shutil.copyfile(source, os.path.join(work, "in", name))
        names.append(os.path.join(work, "in", name))
    for i in range(0, len(names), 200):
        subprocess.run(["soffice", f"-env:UserInstallation=file://{work}/profile", "--headless",
                        "--convert-to", kind, "--outdir", os.path.join(work, "out"),
                        *names[i:i + 200]],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for i, (source, target) in enumerate(pairs):
        made = os.path.join(work, "out", f"{i:04}.{kind}")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.exists(made):
            shutil.move(made, target)
        else:
            print(f"not converted: {source}", file=sys.stderr)
    shutil.rmtree(work)


def renamed(paths, path, kind):
    """Its name with the other ending, unless that is taken."""
    stem = os.path.splitext(path)[0]
    twins = [p for p in paths if os.path.splitext(p)[0] == stem]
    return f"{stem if len(twins) == 1 else path}.{kind}"


def convert(plain, target, by, text, sheet, cache):
    paths = list(files_of(plain))
    texts, sheets = [], []
    for path in paths:
        source, ending = os.path.join(plain, path), os.path.splitext(path)[1]
        made = os.path.join(target, renamed(paths, path, text))
        if ending == ".md" and by == "pandoc":
            pandoc(source, made, text)
        elif ending == ".md":
            between = os.path.join(cache, "between", path + ".docx")
            pandoc(source, between, "docx")
            texts.append((between, made))
        elif ending == ".docx" and by == "office":
            texts.append((source, made))
        elif ending in (".csv", ".xlsx") and sheet:
            sheets.append((source, os.path.join(target, renamed(paths, path, sheet))))
        else:
            os.makedirs(os.path.dirname(os.path.join(target, path)), exist_ok=True)
            shutil.copyfile(source, os.path.join(target, path))
    for pairs, kind in ((texts, text), (sheets, sheet)):
        if pairs:
            office(pairs, kind, os.path.join(cache, "work"))


def fingerprint(folder):
    digest = hashlib.sha256()
    for path in files_of(folder):
        digest.update(path.encode())
        with open(os.path.join(folder, path), "rb") as f:
            digest.update(f.read())
    with open(os.path.abspath(__file__), "rb") as f:
        digest.update(f.read().split(b"def fingerprint")[0])
    return digest.hexdigest()


def prepare(source, cache, formats):
    """The plain folder and one for each format, converted unless that was done before."""
    plain, stamp = os.path.join(cache, "plain"), os.path.join(cache, "stamp")
    now = fingerprint(source)
    if not os.path.exists(stamp) or open(stamp, encoding="utf-8").read() != now:
        shutil.rmtree(cache, ignore_errors=True)
        copy_plain(source, plain)
        with open(stamp, "w", encoding="utf-8") as f:
            f.write(now)
    for name in formats:
        target = os.path.join(cache, name)
        if os.path.exists(target):
            continue
        shutil.rmtree(target + ".new", ignore_errors=True)
        convert(plain, target + ".new", *FORMATS[name], cache)
        shutil.rmtree(os.path.join(cache, "between"), ignore_errors=True)
        os.rename(target + ".new", target)
    return plain


def bare(path):
    while os.path.splitext(path)[1] in (".md", ".docx", ".odt", ".html", ".csv", ".xlsx", ".ods"):
        path = os.path.splitext(path)[0]
    return path


def words(text):
    """A quote without what is only typography: a row's columns, quotation marks, dashes."""
    text = re.sub(r"^\[( |x)\]", lambda m: "\u2610" if m[1] == " " else "\u2612", text)
    text = text.translate({0x2018: "'", 0x2019: "'", 0x201c: '"', 0x201d: '"', 0xa0: " "})
    text = re.sub(r"--+|[\u2013\u2014]", "-", text).replace("\u2026", "...")
    return re.sub(r"\s+", " ", text).strip()


def shown(value):
    return json.dumps(value, ensure_ascii=False)


def compare_documents(before, after):
    for path in sorted(before.keys() | after.keys()):
        a, b = before.get(path), after.get(path)
        if a is None or b is None:
            yield "document", path, "is only " + ("here" if a is None else "there")
            continue
        kinds = [sorted(k["kind"] for k in d["kinds"]) for d in (a, b)]
        if kinds[0] != kinds[1]:
            yield "kinds", path, f"{shown(kinds[0])} became {shown(kinds[1])}"
        for fact in FACTS:
            if a[fact] != b[fact] and words(shown(a[fact])) != words(shown(b[fact])):
                yield "fact", path, f"{fact}: {shown(a[fact])} became {shown(b[fact])}"


def evidence(criterion):
    return sorted((bare(e["path"]), words(e["quote"])) for e in criterion["evidence"])


def compare_criteria(before, after):
    for key in sorted(before.keys() & after.keys()):
        a, b = before[key], after[key]
        quotes = f"{shown(evidence(a))} became {shown(evidence(b))}"
        path = (evidence(a) or evidence(b) or [("", "")])[0][0]
        if a["status"] != b["status"]:
            yield "status", path, f"{key}: {a['status']} became {b['status']}: {quotes}"
        elif evidence(a) != evidence(b):
            yield "quote", path, f"{key}: {quotes}"


def findings(result):
    return collections.Counter(
        (f["rule"], f["requirement"] or "", f["control"] or "",
         bare(f["evidence"][0]["path"]) if f["evidence"] else "") for f in result["findings"])


def compare_findings(before, after):
    for sign, some in (("gone", before - after), ("new", after - before)):
        for rule, requirement, control, path in sorted(some):
            yield "finding", path, f"{rule} {requirement}{control} is {sign}"


def differences(a, b):
    yield from compare_documents({bare(d["path"]): d for d in a["documents"]},
                                 {bare(d["path"]): d for d in b["documents"]})
    yield from compare_criteria({c["criterion"]: c for c in a["criteria"]},
                                {c["criterion"]: c for c in b["criteria"]})
    yield from compare_findings(findings(a), findings(b))


def table(counts, compared):
    sorts = ["document", "kinds", "fact", "status", "quote", "finding"]
    print(f"{'':14}" + "".join(f"{s:>10}" for s in sorts))
    print(f"{'compared':14}" + "".join(f"{compared[s]:10}" for s in sorts))
    for name, count in counts.items():
        print(f"{name:14}" + "".join(f"{count[s]:10}" for s in sorts))


def sources(wanted):
    sets = os.path.join(ROOT, "tests", "sets")
    known = {n: os.path.join(sets, n) for n in sorted(os.listdir(sets)) if not n.endswith(".md")}
    known["early"] = os.path.join(ROOT, "examples", "early")
    return {n: p for n, p in known.items() if wanted is None or n in wanted.split(",")}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--sets")
    parser.add_argument("--formats")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--cache", default="/tmp/assay-formats")
    args = parser.parse_args()
    formats = args.formats.split(",") if args.formats else list(FORMATS)
    counts = {name: collections.Counter() for name in formats}
    compared = collections.Counter()
    for name, source in sources(args.sets).items():
        cache = os.path.join(args.cache, name)
        a = stage1(args.program, prepare(source, cache, formats))
        for sort, n in (("document", len(a["documents"])), ("kinds", len(a["documents"])),
                        ("fact", len(a["documents"]) * len(FACTS)), ("finding", len(a["findings"])),
                        ("status", len(a["criteria"])), ("quote", len(a["criteria"]))):
            compared[sort] += n
        for form in formats:
            for sort, path, what in differences(a, stage1(args.program, os.path.join(cache, form))):
                if args.all or counts[form][sort] < 3:
                    print(f"{form} {name}/{path} {sort}: {what}")
                counts[form][sort] += 1
    print()
    table(counts, compared)


if __name__ == "__main__":
    main()
