"""Bundles for assay-verify: good.zip and, each with one thing changed, NAME.zip; also key.txt, checkpoint.

usage: verify.py FOLDER"""
import copy
import json
import os
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "verify"))
import made  # noqa: E402
from authority import Authority  # noqa: E402

FOLDER = sys.argv[1]


def write(name, parts, method=zipfile.ZIP_STORED):
    put(name + ".zip", made.zipped(parts, method))


def put(name, data):
    with open(os.path.join(FOLDER, name), "wb") as out:
        out.write(data)


key = made.Key()
start = made.sample()
ledger = copy.deepcopy(start)
previous = made.note(ledger.entries, 100, key)
good = made.bundle(ledger, [key], [(100, previous)])
write("good", good)
write("deflated", good, zipfile.ZIP_DEFLATED)
put("key.txt", key.text.encode())
put("checkpoint", made.note(ledger.entries, 120, key))

# signed again by the same key, so that only what somebody kept shows it
ledger = copy.deepcopy(start)
ledger.entries[50] = ledger.entries[50].replace(b"record.set", b"record.add")
write("bad-rewritten", made.bundle(ledger, [key], [(100, previous)]))
ledger = copy.deepcopy(start)
ledger.entries[200], ledger.entries[201] = ledger.entries[201], ledger.entries[200]
write("bad-moved", made.bundle(ledger, [key]))
ledger = made.Ledger()
ledger.add("risk", "r1", {"level": 1})
write("bad-shorter", made.bundle(ledger, [key]))

# nobody decided to erase it
ledger = copy.deepcopy(start)
seq, _, _ = ledger.evidence["e1"]
ledger.evidence["e1"] = (seq, None, None)
write("bad-lost", made.bundle(ledger, [key]))

# an opening that is another's
ledger = copy.deepcopy(start)
ledger.lines["risk"][3 + 1]["open"]["name"]["value"] = made.jcs("Somebody else")
write("bad-opening", made.bundle(ledger, [key]))

# a version that does not follow: its chain, its number
for name, old, new in (("bad-chain", b'"p":245', b'"p":244'), ("bad-revision", b'"r":8},"p":245', b'"r":9},"p":245')):
    ledger = copy.deepcopy(start)
    assert old in ledger.entries[285]
    ledger.entries[285] = ledger.entries[285].replace(old, new)
    write(name, made.bundle(ledger, [key]))

# keys that were changed: the first introduces the second by an entry that it signed, and a link that both signed
second, third, stranger = made.Key(), made.Key(), made.Key()
ledger = copy.deepcopy(start)
ledger.add("signing_key", "k2", {"key": second.text, "from_size": 300, "link": made.link(key, second)})
rotated = made.note(ledger.entries, len(ledger.entries), key)
ledger.add("signing_key", "k1", {"key": key.text, "from_size": 0, "until_size": 302})
twice = copy.deepcopy(ledger)
write("rotated", made.bundle(ledger, [key, second], [(301, rotated)], [second]))
again = made.note(twice.entries, 302, second)
twice.add("signing_key", "k3", {"key": third.text, "from_size": 302, "link": made.link(second, third)})
middle = made.note(twice.entries, 303, second)
write("rotated-twice", made.bundle(twice, [key, second, third], [(100, previous), (301, rotated), (302, again), (303, middle)], [third]))
put("third.txt", third.text.encode())
ended = copy.deepcopy(ledger)
write("bad-ended", made.bundle(ended, [key, second], [(301, rotated)], [key]))
ledger = copy.deepcopy(start)
ledger.add("signing_key", "k2", {"key": second.text, "from_size": 300, "link": made.link(key, second)})
write("bad-unvouched", made.bundle(ledger, [key, second], [], [second]))
# a successor whom nobody with the first key stands for, though the first key signed the entry
for name, forged in (("bad-unlinked", None), ("bad-forged", made.link(stranger, second)), ("bad-half", made.link(key, second, second))):
    ledger = copy.deepcopy(start)
    body = {"key": second.text, "from_size": 300}
    ledger.add("signing_key", "k2", dict(body, link=forged) if forged else body)
    signed = made.note(ledger.entries, len(ledger.entries), key)
    write(name, made.bundle(ledger, [key, second], [(len(ledger.entries), signed)], [second]))
write("bad-stranger", made.bundle(copy.deepcopy(start), [stranger]))

# time that goes back is told
ledger = copy.deepcopy(start)
entry = json.loads(ledger.entries[10])
entry["at"] = "2026-11-29T00:00:00.000Z"
ledger.entries[10] = made.jcs(entry).encode()
write("clock", made.bundle(ledger, [key]))

# stamped by an authority; and with one thing changed that commands by hand find
authority = Authority(os.path.join(FOLDER, "authority"))
ledger = copy.deepcopy(start)
parts = made.bundle(ledger, [key], [(100, previous)])
parts["ledger/stamps/301.example.tsr"] = authority.stamp(parts["ledger/checkpoint"])
parts["ledger/stamps/100.example.tsr"] = authority.stamp(previous)
write("stamped", parts)
with open(authority.path("ca.pem"), "rb") as got:
    put("authority.pem", got.read())
line = parts["records/risk.jsonl"]
write("hand-record", dict(parts, **{"records/risk.jsonl": line.replace(b'\\"level\\":0', b'\\"level\\":1', 1)}))
write("hand-file", dict(parts, **{"evidence/e1/content.pdf": parts["evidence/e1/content.pdf"] + b"\n"}))
write("hand-manifest", dict(parts, **{"manifest.json": parts["manifest.json"].replace(b'"format":1', b'"format": 1')}))
write("hand-signature", dict(parts, **{"ledger/checkpoint": parts["ledger/checkpoint"].replace(b"\n301\n", b"\n300\n")}))
write("hand-stamp", dict(parts, **{"ledger/stamps/301.example.tsr": parts["ledger/stamps/100.example.tsr"]}))
