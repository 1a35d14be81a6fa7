#!/usr/bin/env python3
"""A home in PostgreSQL that is served: from the first link to a bundle, while the database ends its connections, and at the end.

usage: serve_postgres.py PROGRAM URL [CASE...]      each case with its verdict on a line"""
import json
import re
import subprocess
import sys
import tempfile
import time

import served
from served import Served, Session

O = "/o/one-ltd"
PASSWORD = "four plain words here"


class OnPostgres(Served):
    def __init__(self, program, **_):
        self.program, self.home = program, sys.argv[2]
        self.folder = tempfile.TemporaryDirectory()
        self.log = self.folder.name + "/log"
        self.connection = self.server = None
        self.people = {}
        self.assay("init", "--home", self.home, "--name", "One Ltd", "--owner", "First", "--time-zone", "UTC")
        self.start()
        self.nobody = Session(self, "")
        with open(self.folder.name + "/said", encoding="utf-8") as said:
            self.link = re.search(r"http://[^/]+(/link/\S+)", said.read()).group(1)

    def sign(self, path, form):
        got = self.nobody.post(path, form)
        cookie = [c for c in got.headers.get_all("Set-Cookie") or [] if c.startswith("assay-session=")]
        return got, Session(self, cookie[0].split("=", 1)[1].split(";")[0]) if cookie else None


def job_of(who, got):
    until = time.monotonic() + 90
    while time.monotonic() < until:
        job = who.get("%s/jobs/%s" % (O, got.json()["job"])).json()
        if job["state"] not in ("waiting", "running"):
            return job
        time.sleep(0.2)
    return {"state": "never"}


def test_from_the_first_link_to_a_record(served, fault):
    owner = re.search(r'name="owner" value="([^"]+)"', served.nobody.page(served.link).text).group(1)
    form = {"owner": owner, "login": "ann", "password": PASSWORD, "again": PASSWORD}
    got, who = served.sign(served.link, form)
    if who is None:
        fault("no account: " + got.text)
        return
    served.who = who
    if served.nobody.get(served.link).status != 404:
        fault("a link works twice")
    made = who.post(O + "/r/risk", {"f.description": "A flood <b>", "f.likelihood": "2", "key": "one"})
    again = who.post(O + "/r/risk", {"f.description": "A flood <b>", "f.likelihood": "2", "key": "one"})
    if made.status != 201 or again.json()["ref"] != made.json()["ref"]:
        fault("a form that is sent twice: %s %s" % (made.text, again.text))
    at = "%s/r/risk/%s" % (O, made.json()["ref"])
    if "A flood &lt;b&gt;" not in who.page(O + "/r/risk").text:
        fault("the list does not show it")
    if who.post(at, {"f.likelihood": "3", "rev": "1"}).status != 200 or who.post(at, {"f.likelihood": "4", "rev": "1"}).status != 409:
        fault("who saw an old version is not told")
    for path in (at, at + "/edit", at + "/history", O, O + "/members", O + "/search?words=flood", O + "/export", O + "/import", "/account", O + "/openapi.json"):
        if who.page(path).status != 200:
            fault("%s: %d" % (path, who.page(path).status))
    file = who.send_file(O + "/r/evidence", {"f.title": "x"}, "f.file", "a.txt", "hello")
    if who.get("%s/r/evidence/%s/file/file" % (O, file.json()["ref"])).text != "hello":
        fault("a file does not come back")
    if served.nobody.get(O + "/r/risk").status != 401 or who.get("/o/other/r/risk").status != 404:
        fault("nobody gets in, or another organisation is there")


def test_what_takes_long(served, fault):
    who = served.who
    looked = who.send_file(O + "/import", {"register": "risk"}, "file", "r.csv", "Ref,Description\nR-9,A fire\n")
    for what, ask in (("what an import would do", lambda: looked), ("an import", lambda: who.post(O + "/import", {"job": looked.json()["job"]})),
                      ("a bundle", lambda: who.post(O + "/bundle", {"for": "--all"}))):
        job = job_of(who, ask())
        if job["state"] != "done":
            fault("%s: %s" % (what, job))
    verdict = {}
    until = time.monotonic() + 60
    while "verdict" not in verdict and time.monotonic() < until:
        verdict = who.get(O + "/judge").json()
        time.sleep(0.3)
    if "verdict" not in verdict:
        fault("nothing is judged: %s" % verdict)


def test_connections_that_the_database_ends(served, fault):
    """The one who asks then may be told; the next is answered."""
    for _ in range(3):
        subprocess.run(["psql", "-qtA", served.home, "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"], check=True, capture_output=True)
        found = [served.who.page(O + "/r/risk").status for _ in range(20)]
        if found[-1] != 200 or found.count(200) < 10 or not set(found) <= {200, 500, 503}:
            fault("afterwards: %s" % found)
    got = served.who.post(O + "/r/risk", {"f.description": "Afterwards"})
    if got.status != 201:
        fault("and nothing is written: " + got.text)


def test_signing_in_and_the_end(served, fault):
    if served.sign("/sign-in", {"login": "ann", "password": "wrong"})[0].status != 403:
        fault("a wrong password")
    who = served.sign("/sign-in", {"login": "ann", "password": PASSWORD})[1]
    if who is None or who.post("/sign-out").status not in (200, 303) or who.get("/account").status != 401:
        fault("no session, or one that stays")
    if served.stop() != 0:
        fault("it does not end cleanly")
    listed = json.loads(served.assay("list", "risk", "--home", served.home, "--json"))
    if listed["count"] != 3:
        fault("of three risks %d are there" % listed["count"])
    if served.assay("doctor", "--home", served.home).count("fails"):
        fault("doctor finds something")


if __name__ == "__main__":
    served.Served = OnPostgres
    sys.exit(served.run_cases(globals(), sys.argv[1], sys.argv[3:]))
