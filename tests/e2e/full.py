#!/usr/bin/env python3
"""A served home whose disk becomes full.

usage: full.py PROGRAM      with TMPDIR on a small disk; each case with its verdict on a line"""
import os
import re
import sys

from served import run_cases

O = "/o/one-ltd"


def fill(path):
    """As much as there is room for, to the last byte."""
    with open(path, "wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                pass


def test_a_disk_that_is_full(served, fault):
    owner, said = served.people["one-ltd"]["owner"], 0
    stuff = served.folder.name + "/stuff"
    owner.post(O + "/r/risk", {"f.description": "Before"})
    fill(stuff)
    told, recorded = [], 0
    for n in range(200):
        got = owner.post(O + "/r/risk", {"f.description": "Full %d" % n, "f.threat": "x" * 4000, "key": "full-%d" % n})
        if got.status != 201:
            told.append(got)
            break
        said += 1
    if not told:
        fault("it never is full")
        return
    page = owner.ask("POST", O + "/r/risk", {"f.description": "Once more", "f.threat": "x" * 9000}, json_wanted=False)
    for answer in (told[0], page):
        recorded += "was recorded" in answer.text
        if answer.status != 507 or not re.search(r"disk is full|disk may be full", answer.text):
            fault("it is not said in clear words: %d %s" % (answer.status, re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text))[:400]))
    if served.folder.name in told[0].text or served.folder.name in page.text:
        fault("it says where the server keeps things")
    for path in (O + "/r/risk", O + "/r/risk/RISK-001", O + "/search?words=Before", O + "/members", "/healthz"):
        if owner.page(path).status != 200:
            fault("%s is not shown: %d" % (path, owner.page(path).status))
    up = owner.send_file(O + "/r/evidence", {"f.title": "x"}, "f.file", "a.bin", "x" * 3000000)
    if up.status != 507:
        fault("an upload: %d %s" % (up.status, up.text[:200]))
    if owner.post(O + "/export", {}).status not in (202, 507):
        fault("an export: %d" % owner.post(O + "/export", {}).status)
    os.unlink(stuff)
    if owner.post(O + "/r/risk", {"f.description": "After"}).status != 201:
        fault("with room again nothing is written")
    if owner.send_file(O + "/r/evidence", {"f.title": "x"}, "f.file", "a.bin", "x" * 3000000).status != 201:
        fault("nor uploaded")
    there = [r["fields"]["description"] for r in owner.get(O + "/r/risk?limit=0").json()["records"]]
    for name in ["Before", "After", *("Full %d" % n for n in range(said))]:
        if there.count(name) != 1:
            fault("%s is there %d times" % (name, there.count(name)))
    if len(there) != said + recorded + 2:
        fault("%d are there, %d were said: %s" % (len(there), said + recorded + 2, there))


if __name__ == "__main__":
    sys.exit(run_cases(globals(), sys.argv[1], sys.argv[2:]))
