"""Changes a bundle in every way that one could, and has each refused, with what is wrong named.

usage: mutate.py VERIFIER [--each N] [--every N] [--seed N]

--each: places in each part that are tried (2). --every: only every Nth of the changes. A change of the file's bytes is refused as no bundle or as one that fails; a
change of a member (with all sums of the ZIP made right again) by its name or the entry's number, also where whoever changed it
brought the manifest in line. Ends with one line "N changes refused".
"""
import argparse
import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import warnings

sys.path.insert(0, os.path.dirname(__file__))
import made  # noqa: E402

words = argparse.ArgumentParser()
words.add_argument("verifier")
words.add_argument("--each", type=int, default=2)
words.add_argument("--every", type=int, default=1)
words.add_argument("--seed", type=int, default=1)
words = words.parse_args()
random.seed(words.seed)
folder = tempfile.mkdtemp(prefix="assay-mutate-")
made_up = tried = accepted = 0
warnings.simplefilter("ignore")  # of members that come twice

key, other = made.Key(), made.Key()
start = made.sample()
ledger = copy.deepcopy(start)
good = made.bundle(ledger, [key], [(100, made.note(ledger.entries, 100, key))])
with open(os.path.join(folder, "previous"), "wb") as out:
    out.write(made.note(ledger.entries, 120, key))


def verify(data):
    path = os.path.join(folder, "bundle.zip")
    with open(path, "wb") as out:
        out.write(data)
    got = subprocess.run([words.verifier, path, "--key", key.text, "--previous", os.path.join(folder, "previous")], capture_output=True, text=True)
    return got.returncode, "\n".join(line for line in (got.stdout + got.stderr).splitlines() if line.startswith(("FAILED", "assay-verify:")))


def refused(what, data, named="."):
    """`named` is what the answer must name."""
    global made_up, tried, accepted
    made_up += 1
    if made_up % words.every:
        return
    tried += 1
    code, said = verify(data() if callable(data) else data)
    if code not in (2, 3) or not re.search(named, said):
        accepted += 1
        kept = os.path.join(folder, "accepted-%d.zip" % accepted)
        os.rename(os.path.join(folder, "bundle.zip"), kept)
        print("not refused, or not named (%s): %s, exit code %d, %s\n%s" % (named, what, code, kept, said))


def places(size):
    """The ends, and some between."""
    return sorted({0, size - 1} | {random.randrange(size) for _ in range(words.each)}) if size else []


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1 << random.randrange(8)]) + data[at + 1:]


def in_line(parts):
    """With a manifest that lists what is there now."""
    members = {k: v for k, v in parts.items() if k not in ("manifest.json", "handover.json", "ledger/checkpoint") and not k.startswith("ledger/tile/")}
    return dict(parts, **{"manifest.json": made.manifest(members)})


def both(what, parts, named="."):
    refused(what, lambda: made.zipped(parts), named)
    if in_line(parts) != good:
        refused(what + ", manifest in line", lambda: made.zipped(in_line(parts)))


code, said = verify(made.zipped(good))
assert code == 0, said
whole = made.zipped(good)

# ---- bytes of the file, and what is left out of it or put in ----
for at in sorted({random.randrange(len(whole)) for _ in range(words.each * 20)}) + places(len(whole)) + list(range(len(whole) - 22, len(whole))):
    refused("byte %d of the file" % at, flip(whole, at))
directory = whole.rfind(b"PK\x01\x02")
for at in range(directory, directory + 46) if words.each > 1 else places(46):
    refused("byte %d of the directory" % at, flip(whole, at))
for at in range(0, 30):
    refused("byte %d of a header" % at, flip(whole, at))
for at in places(len(whole)):
    refused("cut off at %d" % at, whole[:at])
    refused("a byte more at %d" % at, whole[:at] + b"\0" + whole[at:])
    refused("a byte less at %d" % at, whole[:at] + whole[at + 1:])
refused("something in front", b"#!/bin/sh\n" + whole)
refused("something behind", whole + b"\n")

# ---- members ----
names = sorted(good)
for name in names:
    short = re.escape(name) + "|" + {"manifest.json": "manifest", "ledger/checkpoint": "checkpoint|signature|root|signed|entries|Entries"}.get(name, "ntries|ntry [0-9]+|hashes in|tiles" if "tile" in name else "$^")
    for at in places(len(good[name])):
        both("byte %d of %s" % (at, name), dict(good, **{name: flip(good[name], at)}), short)
    both("no " + name, {k: v for k, v in good.items() if k != name}, short)
    both(name + " is empty", dict(good, **{name: b""}), short)
    both(name + " is longer", dict(good, **{name: good[name] + b"\n"}), short)
    both(name + " is cut off", dict(good, **{name: good[name][:-1]}), short)
    both(name + " under another name", {(k + "x" if k == name else k): v for k, v in good.items()}, short)
    refused(name + " twice", made.zipped(good, names=sorted(names + [name])), "twice")
for _ in range(words.each):
    a, b = random.sample(names, 2)
    both("%s and %s swapped" % (a, b), dict(good, **{a: good[b], b: good[a]}))
for name in ("more.txt", "evidence/e9/content.pdf", "ledger/tile/5/000", "ledger/more", "records/risk.txt"):
    refused("more: " + name, made.zipped(dict(good, **{name: b"more"})), re.escape(name) + "|tiles")

# ---- records ----
lines = [json.loads(line) for line in good["records/risk.jsonl"].splitlines()]


def with_lines(what, changed, named):
    both(what, dict(good, **{"records/risk.jsonl": "".join(made.jcs(x) + "\n" for x in changed).encode()}), named)


for at in [random.randrange(41, len(lines)) for _ in range(words.each)]:
    seq = lines[at]["seq"]
    line = r"risk\.jsonl, version %d|risk\.jsonl is not" % seq
    with_lines("a line is gone", lines[:at] + lines[at + 1:], r"risk\.jsonl")
    with_lines("a line twice", lines[:at] + [lines[at]] + lines[at:], line)
    with_lines("lines swapped", lines[:at - 1] + [lines[at], lines[at - 1]] + lines[at + 1:], r"risk\.jsonl")
    for field in ("salt", "sealed", "id", "open", "seq"):
        changed = copy.deepcopy(lines)
        changed[at][field] = lines[at - 1][field] if field != "seq" else lines[at]["seq"] + 1
        if changed[at][field] != lines[at][field]:
            with_lines("%s of another line" % field, changed, r"risk\.jsonl")
    changed = copy.deepcopy(lines)
    changed[at]["open"] = {"level": {"salt": "00", "value": "7"}}
    with_lines("an opening of what is not sealed", changed, r"risk\.jsonl")

# ---- evidence ----
meta = json.loads(good["evidence/e1/meta.json"])
for field, value in (("salt", "00" * 32), ("seq", 5), ("seq", 299), ("seq", -1), ("seq", 10**12)):
    both("evidence's " + field, dict(good, **{"evidence/e1/meta.json": made.jcs(dict(meta, **{field: value})).encode()}), "evidence/e1")

# ---- signed again: by another key, the same key, an older one ----
refused("signed by another key", made.zipped(dict(good, **{"ledger/checkpoint": made.note(ledger.entries, 301, other)})), "signed")
forged = made.bundle(copy.deepcopy(start), [other])
refused("a bundle of another key", made.zipped(forged), "signed")
refused("an older checkpoint", made.zipped(dict(good, **{"ledger/checkpoint": made.note(ledger.entries, 299, key)})))
refused("the checkpoint of another ledger", made.zipped(dict(good, **{"ledger/checkpoint": made.note(ledger.entries[::-1], 301, key)})), "root")
refused("a wrong size", made.zipped(dict(good, **{"ledger/checkpoint": good["ledger/checkpoint"].replace(b"\n301\n", b"\n302\n")})))


def bundled(again):
    return lambda: made.zipped(made.bundle(again, [key]))


for at in [random.randrange(100) for _ in range(words.each)]:
    for change in ((b'"r":', b'"r":1'), (b"2026", b"2025"), (b'"owner"', b'"other"'), (b'"i":"p1"', b'"i":"p2"'), (b'"v":1}', b'"v":1,"x":{"a":1}}')):
        again = copy.deepcopy(start)
        again.entries[at] = again.entries[at].replace(*change, 1)
        refused("entry %d written again: %s" % (at, change[1]), bundled(again), "rewritten|Entry|entries")
    again = copy.deepcopy(start)
    del again.entries[at]
    refused("entry %d left out" % at, bundled(again), "Entry %d" % at)
    again = copy.deepcopy(start)
    again.lines["risk"][at]["sealed"] = again.lines["risk"][at]["sealed"].replace('"level":', '"level":1')
    refused("record of entry %d changed before the bundle was made" % at, bundled(again), "version %d" % (at + 1))

print("%d changes refused" % (tried - accepted))
sys.exit(accepted > 0)
