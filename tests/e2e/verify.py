"""Bundles for assay-verify, made without Assay: entries, tiles, root and signature by Python and openssl.

usage: verify.py FOLDER    writes good.zip and, each with one thing changed, NAME.zip; also key.txt, checkpoint"""
import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import zipfile

FOLDER = sys.argv[1]
ORIGIN = "assay.example/brackwater/log1"
SIZE = 300  # more than one tile


def sha(data):
    return hashlib.sha256(data).digest()


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return sha(b"\1" + root(leaves[:left]) + root(leaves[left:]))


def jcs(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def mac(salt, *parts):
    return hmac.new(salt, b"".join(p if isinstance(p, bytes) else p.encode() for p in parts), hashlib.sha256).hexdigest()


# ---- what was recorded ----
lines, entries, before = [], [], {}
blob, blob_salt = b"%PDF a scan\n" * 9000, sha(b"blob")
for n in range(SIZE):
    name, salt, field_salt = "r%d" % (n % 40), sha(b"body %d" % n), sha(b"field %d" % n)
    secret = jcs("Jana %d" % n)
    sealed = jcs({"body": {"name": {"~": mac(field_salt, "assay-field-v1\n", "name", "\n", secret)}, "level": n}, "ref": "R-%d" % n})
    commitments = {"body": mac(salt, "assay-body-v1\n", sealed)}
    if n == 7:
        commitments["blob"] = mac(blob_salt, blob)
    entries.append(jcs({"a": {"i": "p1", "r": "owner", "v": "local"}, "at": "2026-11-30T10:%02d:%02d.000Z" % (n // 60, n % 60),
                        "c": commitments, "n": n, "o": {"i": name, "k": "risk", "r": n // 40 + 1}, "p": before.get(name, -1),
                        "t": "record.set", "v": 1}).encode())
    before[name] = n
    lines.append({"id": name, "seq": n + 1, "salt": salt.hex(), "sealed": sealed, "open": {"name": {"salt": field_salt.hex(), "value": secret}}})

# ---- the key and signed notes ----
key = os.path.join(FOLDER, "key.pem")
subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key], check=True)
public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout[-32:]
key_id = sha(ORIGIN.encode() + b"\n\1" + public)[:4]
vkey = "%s+%s+%s" % (ORIGIN, key_id.hex(), base64.b64encode(b"\1" + public).decode())


def note(size, tree):
    text = "%s\n%d\n%s\n" % (ORIGIN, size, base64.b64encode(tree).decode())
    with open(os.path.join(FOLDER, "text"), "w", encoding="utf-8") as out:
        out.write(text)
    signed = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", os.path.join(FOLDER, "text")],
                            check=True, capture_output=True).stdout
    return ("%s\n\u2014 %s %s\n" % (text, ORIGIN, base64.b64encode(key_id + signed).decode())).encode()


def bundle(entries, lines, size=None):
    leaves = [sha(b"\0" + e) for e in entries]
    parts = {"manifest.json": b'{"format":1}', "ledger/keys.txt": (vkey + "\n").encode(),
             "ledger/checkpoint": note(size or len(entries), root(leaves)),
             "ledger/previous/100": note(100, root([sha(b"\0" + e) for e in ENTRIES[:100]])),
             "records/risk.jsonl": "".join(jcs(x) + "\n" for x in lines).encode(),
             "evidence/e1/content.pdf": blob,
             "evidence/e1/meta.json": jcs({"seq": 8, "salt": blob_salt.hex(), "bytes": len(blob)}).encode()}

    def tiles(kind, items):
        for tile in range((len(items) + 255) // 256):
            some = items[tile * 256:tile * 256 + 256]
            name = "ledger/tile/%s/%03d%s" % (kind, tile, "" if len(some) == 256 else ".p/%d" % len(some))
            parts[name] = b"".join(some)

    tiles("entries", [len(e).to_bytes(2, "big") + e for e in entries])
    tiles("0", leaves)
    tiles("1", [root(leaves[i:i + 256]) for i in range(0, len(leaves) - 255, 256)])
    return parts


def write(name, parts):
    with zipfile.ZipFile(os.path.join(FOLDER, name + ".zip"), "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(parts):
            out.writestr(path, parts[path])


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


ENTRIES = entries
good = bundle(entries, lines)
write("good", good)
for path in sorted(good):  # a bit of every part
    if path not in ("manifest.json", "ledger/keys.txt"):
        write("flip-" + path.replace("/", "_"), dict(good, **{path: flip(good[path], len(good[path]) // 2)}))
        write("gone-" + path.replace("/", "_"), {k: v for k, v in good.items() if k != path}) if path.startswith("ledger/tile") else None
rewritten = list(entries)
rewritten[50] = entries[50].replace(b"record.set", b"record.add")
write("rewritten", bundle(rewritten, lines))  # signed again by the same key
moved = list(entries)
moved[200], moved[201] = moved[201], moved[200]
write("moved", bundle(moved, lines))
write("shorter", bundle(entries[:90], lines[:90]))
other = json.loads(jcs(lines))
other[3]["open"]["name"]["value"] = jcs("Somebody else")
write("opening", bundle(entries, other))
with open(os.path.join(FOLDER, "key.txt"), "w", encoding="utf-8") as out:
    out.write(vkey)
with open(os.path.join(FOLDER, "checkpoint"), "wb") as out:
    out.write(note(120, root([sha(b"\0" + e) for e in entries[:120]])))
