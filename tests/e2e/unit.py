#!/usr/bin/env python3
"""Whether all that a server starts works where it is: children that read, judge and write, files, bundles, passwords.

usage: unit.py PORT HOME      of a home with one owner in its only organisation; prints faults"""
import sqlite3
import sys
import time

from served import Served, Session

O = "/o/one-ltd"


def main():
    served = Served.__new__(Served)  # one that runs already
    served.port, served.connection = int(sys.argv[1]), None
    served.directory = sqlite3.connect(sys.argv[2] + "/directory.db", timeout=20, isolation_level=None)
    store = sqlite3.connect("file:%s/orgs/one-ltd/store.db?mode=ro" % sys.argv[2], uri=True)
    person = store.execute("SELECT person FROM membership WHERE role = 'owner'").fetchone()[0]
    who = served.account("owner", "owner@one-ltd", [("one-ltd", person)])
    faults = []

    def expect(what, got, status):
        if got.status != status:
            faults.append("%s: %d %s" % (what, got.status, got.text[:200]))

    def expect_job(what, got):
        expect(what, got, 202)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            job = who.get("%s/jobs/%s" % (O, got.json()["job"])).json()
            if job["state"] not in ("waiting", "running"):
                break
            time.sleep(0.2)
        if job["state"] != "done":
            faults.append("%s: %s" % (what, job))

    expect("a list", who.page(O + "/r/risk"), 200)
    expect("a record", who.post(O + "/r/risk", {"f.description": "A flood"}), 201)
    file = who.send_file(O + "/r/evidence", {"f.title": "x"}, "f.file", "a.txt", "hello")
    expect("a file", file, 201)
    if who.get("%s/r/evidence/%s/file/file" % (O, file.json()["ref"])).text != "hello":
        faults.append("a file does not come back")
    sheet = who.get(O + "/export/risk?format=xlsx")
    expect("a sheet", sheet, 200)
    body = b'--zq\r\nContent-Disposition: form-data; name="file"; filename="r.xlsx"\r\n\r\n' + sheet.body + b"\r\n--zq--\r\n"
    expect_job("the same back", who.ask("POST", O + "/import", body, headers={"Content-Type": "multipart/form-data; boundary=zq"}))
    expect_job("a list to import", who.send_file(O + "/import", {"register": "risk"}, "file", "r.csv", "Ref,Description\nR-9,A fire\n"))
    expect_job("a bundle", who.post(O + "/bundle", {"for": "--all"}))
    expect_job("an export", who.post(O + "/export", {}))
    verdict = {}
    until = time.monotonic() + 60
    while "verdict" not in verdict and time.monotonic() < until:
        verdict = who.get(O + "/judge").json()
        time.sleep(0.3)
    if "verdict" not in verdict:
        faults.append("nothing is judged: %s" % verdict)
    expect("a wrong password", Session(served, "").post("/sign-in", {"login": "x", "password": "y"}), 403)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
