"""What an import and an export must keep, asked of the files themselves.

import.py leaves DATA.json EXPORT.json LEFT.yaml   every leaf of the data is in a record
import.py texts FILE...                            no cell of these files is a formula
import.py hostile SEED OUT.json                    an export whose texts are as unkind as can be
import.py same A.json B.json                       two exports hold the same records
import.py archives A.zip B.zip                     two archives hold the same versions
import.py break A.zip HOW B.zip                    an archive that must be refused
"""
import csv
import io
import json
import random
import re
import sys
import xml.etree.ElementTree as tree
import zipfile
from pathlib import Path

import yaml


def fail(what):
    sys.exit(what)


# --- leaves ---


def plain(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return re.sub(r"\s+", " ", str(value)).strip().lower()


def scalars(value):
    if isinstance(value, dict):
        for item in value.values():
            yield from scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from scalars(item)
    elif value is not None and value != "":
        yield value


def words_of_choices():
    """What data has for choices, by the id that a record has then."""
    same = {}
    for file in Path("registers").glob("*.yaml"):
        for field in (yaml.safe_load(file.read_text()).get("fields") or {}).values():
            for choice, about in (field.get("choices") or {}).items():
                about = about or {}
                for word in [about.get("label")] + (about.get("data") or []):
                    if word:
                        same.setdefault(plain(choice), set()).add(plain(word))
                if choice in ("success", "failure"):
                    same.setdefault(choice, set()).add("yes" if choice == "success" else "no")
    return same


def texts_of(record, same):
    found = {plain(record["ref"])}
    for value in scalars(record["body"]):
        found.add(plain(value))
        found.update(plain(part) for part in str(value).split("\n"))
        found.update(same.get(plain(value), ()))
    return found


def leaves(data, export, not_kept):
    data = json.loads(Path(data).read_text())
    export = json.loads(Path(export).read_text())
    not_kept = yaml.safe_load(Path(not_kept).read_text())
    same = words_of_choices()
    known_by = {
        file.stem: yaml.safe_load(file.read_text()).get("known_by") or []
        for file in Path("registers").glob("*.yaml")
    }
    names = {}  # of records that others refer to, by their refs
    for register in export["registers"]:
        for record in register["records"]:
            for field in known_by[register["register"]]:
                names.setdefault(plain(record["ref"]), set()).add(plain(record["body"].get(field, "")))
    records = [
        texts_of(record, same)
        for register in export["registers"]
        for record in register["records"]
    ]
    records = [texts.union(*(names.get(text, ()) for text in texts)) for texts in records]
    everything = set().union(*records)
    missing = []

    def look(path, line):
        wanted = {plain(v) for v in scalars(line)}
        if not wanted or any(wanted <= texts for texts in records):
            return
        gone = sorted(wanted - max(records, key=lambda texts: len(wanted & texts)))
        missing.append(f"{path}: {gone} {'' if set(gone) <= everything else 'nowhere'}")

    def walk(path, value):
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for i, line in enumerate(value):
                look(f"{path}[{i}]", line)
        elif isinstance(value, dict) and any(
            isinstance(v, list) and v and isinstance(v[0], dict) for v in value.values()
        ) and path not in ("scope", "risk_method", ""):
            for key, item in value.items():
                walk(f"{path}.{key}", item)
        elif isinstance(value, list):
            for i, item in enumerate(value):
                look(f"{path}[{i}]", item)
        else:
            look(path, value)

    for key, value in data.items():
        if key not in not_kept:
            walk(key, value)
    if missing:
        fail("\n".join(missing))


# --- formulas ---

NAMES = {
    "s": "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "table": "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}",
    "office": "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}",
}


def texts_xlsx(archive):
    cells = 0
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/"):
            continue
        root = tree.fromstring(archive.read(name))
        if root.findall(f".//{NAMES['s']}f"):
            fail(f"{name} has a formula")
        for cell in root.iter(f"{NAMES['s']}c"):
            cells += 1
            if cell.get("t") != "inlineStr":
                fail(f"{name} {cell.get('r')} is no text")
            if sum(2 if ord(c) > 65535 else 1 for c in "".join(cell.itertext())) > 32767:
                fail(f"{name} {cell.get('r')} is longer than a cell")
    return cells


def texts_ods(archive):
    cells = 0
    root = tree.fromstring(archive.read("content.xml"))
    for cell in root.iter(f"{NAMES['table']}table-cell"):
        if cell.get(f"{NAMES['table']}formula") is not None:
            fail("a cell of content.xml has a formula")
        if len(cell):
            cells += 1
            if cell.get(f"{NAMES['office']}value-type") != "string":
                fail("a cell of content.xml is no text")
    return cells


def texts_csv(path):
    cells = 0
    csv.field_size_limit(1 << 26)
    for row in csv.reader(io.StringIO(path.read_bytes().decode(), newline="")):
        for cell in row:
            cells += 1
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"):
                fail(f"{path}: a cell begins with {cell[:1]!r}")
    return cells


def texts(*files):
    for file in files:
        if file.endswith(".csv"):
            cells = texts_csv(Path(file))
        else:
            with zipfile.ZipFile(file) as archive:
                cells = texts_xlsx(archive) if file.endswith(".xlsx") else texts_ods(archive)
        if cells == 0:
            fail(f"{file} has no cells")


# --- unkind texts ---

PIECES = ["=1+1", "+A1", "-5", "@SUM(A1)", "\t", "\n", "'", "''=", '"', ",", ";", "  ", "_x0041_",
          "_x005F_x", "&lt;", "]]>", "json:", "\n\n", "007", "2026-11-30", "TRUE", "＝", "\u00a0",
          "\ufffe", "\uffff", "\u2028", "\u202e", "tbd", "-"]


def hostile(seed, out):
    rng = random.Random(int(seed))

    def text(most):
        found = ""
        while len(found) < rng.randrange(1, most):
            code = rng.randrange(0x20, 0x110000)
            if rng.random() < 0.6:
                found += rng.choice(PIECES)
            elif code != 0x7F and not 0xD800 <= code <= 0xDFFF:
                found += chr(code)
        return found.strip() or "x"

    records = [
        {
            "ref": f"=R;{i}" if i % 3 else f"-{i}, \"x\"",
            "body": {
                "description": text(60) + str(i),
                "threat": text(500),
                "vulnerability": text(40) if i else "=" + "x😸,\n" * 149000,
                "owner": {"said": " ".join(text(20).split()) or "x"},
            },
        }
        for i in range(60)
    ]
    Path(out).write_text(json.dumps({"format": "assay-export", "version": 1, "registers": [
        {"register": "risk", "title": "", "records": records}]}))


# --- exports and archives ---


def records(path):
    found = {}
    for register in json.loads(Path(path).read_text())["registers"]:
        for record in register["records"]:
            found[register["register"], record["ref"]] = record["body"]
    return found


def same(a, b):
    a, b = records(a), records(b)
    if a != b or not a:
        fail(str([key for key in a.keys() | b.keys() if a.get(key) != b.get(key)][:5]))


def archives(a, b):
    with zipfile.ZipFile(a) as a, zipfile.ZipFile(b) as b:
        if a.namelist() != b.namelist() or a.testzip() or b.testzip():
            fail("other files")
        for name in a.namelist():
            if name != "archive.json" and a.read(name) != b.read(name):
                fail(f"{name} differs")
        heads = [json.loads(x.read("archive.json")) for x in (a, b)]
        if heads[0]["numbers"] != heads[1]["numbers"] or "README.txt" not in a.namelist():
            fail("the head differs")


def broken(a, how, b):
    with zipfile.ZipFile(a) as old, zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            bytes = old.read(name)
            if how == "later" and name == "archive.json":
                bytes = bytes.replace(b'"version": 2', b'"version": 99')
            if how == "line" and name == "records/person.jsonl":
                bytes = bytes[: len(bytes) // 2]
            if how == "twice" and name == "records/person.jsonl":
                bytes = bytes.splitlines(keepends=True)[0] + bytes
            if how == "keys" and name == "ledger/data_key.jsonl":
                bytes = b"".join(bytes.splitlines(keepends=True)[:-1])
            if how == "lost" and name == "records/person.jsonl":
                continue
            if how == "file" and name.startswith("files/"):
                continue
            new.writestr(name, bytes)
        if how == "elsewhere":
            new.writestr("files/../../../outside", b"x")
        if how == "over":
            new.writestr("files/store.db", b"x")


def beside(a, b):
    """An export as CSV with a column of somebody's own."""
    with open(a, encoding="utf-8-sig", newline="") as old:
        rows = list(csv.reader(old))
    for n, row in enumerate(rows):
        row.insert(2, "seen" if n else "Beside")
    with open(b, "w", encoding="utf-8", newline="") as new:
        csv.writer(new).writerows(rows)


if __name__ == "__main__":
    {"leaves": leaves, "texts": texts, "same": same, "hostile": hostile, "archives": archives, "break": broken, "beside": beside}[
        sys.argv[1]
    ](*sys.argv[2:])
