"""Bundles made without Assay: entries, tiles, root and signatures by Python and openssl (docs/verify-by-hand.md says the form)."""
import base64
import hashlib
import hmac
import io
import json
import os
import subprocess
import tempfile
import zipfile

ORIGIN = "assay.example/brackwater/log1"


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


class Key:
    """An Ed25519 key of openssl's."""

    def __init__(self, name=ORIGIN):
        self.name = name
        self.folder = tempfile.mkdtemp(prefix="assay-key-")
        self.pem = os.path.join(self.folder, "key.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.pem], check=True)
        public = subprocess.run(["openssl", "pkey", "-in", self.pem, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout[-32:]
        self.id = sha(name.encode() + b"\n\1" + public)[:4]
        self.text = "%s+%s+%s" % (name, self.id.hex(), base64.b64encode(b"\1" + public).decode())

    def line(self, text):
        path = os.path.join(self.folder, "text")
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        signed = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.pem, "-in", path], check=True, capture_output=True).stdout
        return "\u2014 %s %s\n" % (self.name, base64.b64encode(self.id + signed).decode())


def link(old, new, *signers):
    """What two keys sign that follow on one another."""
    text = "assay-ledger-key-v1\n%s\n%s\n" % (old.text, new.text)
    return (text + "\n" + "".join(key.line(text) for key in signers or (old, new))).strip()


def note(entries, size, *keys):
    text = "%s\n%d\n%s\n" % (ORIGIN, size, base64.b64encode(root([sha(b"\0" + e) for e in entries[:size]])).decode())
    return (text + "\n" + "".join(key.line(text) for key in keys)).encode()


class Ledger:
    """What was recorded: records with one field in the clear and one sealed, some with a file."""

    def __init__(self):
        self.entries, self.before, self.lines, self.evidence = [], {}, {}, {}

    def add(self, register, record, body, sealed=None, blob=None, erased=None, open_fields=True):
        n = len(self.entries)
        salt, body, opened = sha(b"body %d" % n), dict(body), {}
        for field, value in (sealed or {}).items():
            field_salt, text = sha(b"field %d" % n + field.encode()), jcs(value)
            body[field] = {"~": mac(field_salt, "assay-field-v1\n", field, "\n", text)}
            if open_fields:
                opened[field] = {"salt": field_salt.hex(), "value": text}
        text = jcs({"body": body, "ref": "R-%d" % n})
        entry = {"a": {"i": "p1", "r": "owner", "v": "local"}, "at": "2026-11-30T10:%02d:%02d.000Z" % (n // 60 % 60, n % 60),
                 "c": {"body": mac(salt, "assay-body-v1\n", text)}, "n": n, "p": -1, "t": "record.set", "v": 1}
        before = self.before.get((register, record))
        entry["o"] = {"i": record, "k": register, "r": 1 if before is None else before[1] + 1}
        if before is not None:
            entry["p"] = before[0]
        if blob is not None:
            blob_salt = sha(b"blob %d" % n)
            entry["c"]["blob"] = mac(blob_salt, blob)
            self.evidence[record] = (n + 1, blob_salt, blob)
        if erased:
            entry["x"] = {"erased": erased}
        self.before[register, record] = (n, entry["o"]["r"])
        self.entries.append(jcs(entry).encode())
        line = {"id": record, "open": opened, "salt": salt.hex(), "sealed": text, "seq": n + 1}
        self.lines.setdefault(register, []).append(line)
        return line


def tiles(entries):
    parts, leaves = {}, [sha(b"\0" + e) for e in entries]

    def put(kind, items):
        for tile in range((len(items) + 255) // 256):
            some = items[tile * 256:tile * 256 + 256]
            parts["ledger/tile/%s/%03d%s" % (kind, tile, "" if len(some) == 256 else ".p/%d" % len(some))] = b"".join(some)

    put("entries", [len(e).to_bytes(2, "big") + e for e in entries])
    level = 0
    while leaves:
        put(str(level), leaves)
        leaves = [root(leaves[i:i + 256]) for i in range(0, len(leaves) - 255, 256)]
        level += 1
    return parts


def manifest(parts):
    """Every member that the entries do not prove by themselves."""
    members = []
    for name in sorted(parts):
        members.append({"bytes": len(parts[name]), "name": name, "sha256": hashlib.sha256(parts[name]).hexdigest()})
    return jcs({"format": 1, "members": members, "origin": ORIGIN}).encode()


def bundle(ledger, keys, previous=(), signers=None):
    """The members of a bundle of all there is; `ledger` gets the entry of the hand-over."""
    parts = {"VERIFY.txt": b"See docs/verify-by-hand.md.\n", "ledger/keys.txt": "".join(k.text + "\n" for k in keys).encode()}
    for size, signed in previous:
        parts["ledger/previous/%d" % size] = signed
    for register, lines in ledger.lines.items():
        parts["records/%s.jsonl" % register] = "".join(jcs(x) + "\n" for x in lines).encode()
    for record, (seq, salt, blob) in ledger.evidence.items():
        meta = {"bytes": len(blob) if blob else 0, "field": "file", "seq": seq}
        if blob is not None:
            meta["salt"] = salt.hex()
            parts["evidence/%s/content.pdf" % record] = blob
        parts["evidence/%s/meta.json" % record] = jcs(meta).encode()
    listed = manifest(parts)
    handover = ledger.add("bundle", "h%d" % len(ledger.entries), {"manifest": hashlib.sha256(listed).hexdigest()})
    parts["manifest.json"] = listed
    parts["handover.json"] = jcs(handover).encode()
    parts["ledger/checkpoint"] = note(ledger.entries, len(ledger.entries), *(signers or keys[-1:]))
    parts.update(tiles(ledger.entries))
    return parts


def zipped(parts, method=zipfile.ZIP_STORED, names=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in names or sorted(parts):
            info = zipfile.ZipInfo(name, (2026, 11, 30, 10, 0, 0))
            info.compress_type = method
            archive.writestr(info, parts[name])
    return out.getvalue()


def sample():
    """A ledger of 300 entries, which is more than one tile: with evidence, erasures and fields that stay closed."""
    ledger = Ledger()
    for n in range(297):
        record = "r%d" % (n % 40)
        ledger.add("risk", record, {"level": n}, {"name": "Jana %d" % n}, open_fields=n % 10 != 3)
    ledger.add("evidence", "e1", {"title": "A scan"}, blob=b"%PDF a scan\n" * 9000)
    line = ledger.add("evidence", "e2", {"title": "A list of people"}, {"by": "Jana"}, blob=b"Jana\n" * 100)
    ledger.add("erasure", "d1", {"why": "She asked for it."}, erased=[[line["seq"], "by"], [line["seq"], "file"]])
    line["open"] = {}
    ledger.evidence["e2"] = (line["seq"], None, None)
    return ledger
