#!/usr/bin/env python3
"""A server under mixed load: people who read, write, upload, export and sign in at once, others that leave in the middle, and a
graceful stop while all of them are at it.

usage: load.py PROGRAM [CASE...]      with LOAD_SECONDS (1) and LOAD_KILLS (1)

Of a program built with -fsanitize=thread what it reports is a fault (./dev soak)."""
import http.client
import os
import random
import re
import signal
import sys
import threading
import time
import urllib.parse

from served import Session, run_cases

O = "/o/one-ltd"
SECONDS = float(os.environ.get("LOAD_SECONDS", "1"))


class Own:
    """Somebody with a connection of their own."""

    def __init__(self, served, session, faults):
        self.served, self.faults, self.connection = served, faults, None
        self.session = Session(self, session.token)
        self.said, self.lost, self.slow = 0, 0, 0

    def ask(self, method, path, body, headers):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=60)
        from served import Answer
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            got = Answer(answer.status, answer.headers, answer.read())
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection = None
            self.lost += 1
            return None
        self.said += 1
        if got.status == 503:
            self.slow += 1
        elif got.status >= 500:
            self.faults.append("%s %s: %d %s" % (method, path, got.status, got.text[:200]))
        return got


def reader(own, n, over):
    paths = (O + "/r/risk", O + "/r/person", O + "/search?words=load", O + "/members", O + "/r/risk?sort=-description", "/account", "/healthz", "/metrics")
    while not over.is_set():
        own.session.page(paths[random.randrange(len(paths))])


def writer(own, n, over, done):
    number = 0
    while not over.is_set():
        name = "Load %d-%d" % (n, number)
        got = own.session.post(O + "/r/risk", {"f.description": name, "key": name})
        if got is not None and got.status in (200, 201):
            done.append(name)
            ref = got.json()["ref"]
            own.session.post("%s/r/risk/%s" % (O, urllib.parse.quote(ref)), {"f.threat": name, "rev": "1"})
        number += 1


def uploader(own, n, over):
    while not over.is_set():
        own.session.send_file(O + "/r/evidence", {"f.title": "load"}, "f.file", "load.txt", "x" * random.choice((10, 100000, 1500000)))


def worker(own, n, over):
    while not over.is_set():
        own.session.get(O + "/export/risk?format=csv")
        own.session.post(O + "/bundle", {"for": "--all"})
        own.session.post("/sign-in", {"login": "nobody", "password": "wrong"})
        over.wait(0.5)


def leaver(own, n, over):
    from wire import GET, connect, leave
    while not over.is_set():
        try:
            connection = connect(own.served)
            connection.sendall((GET + b"\r\n") * random.randrange(1, 9))
            time.sleep(random.random() * 0.01)
            leave(connection)
        except OSError:
            pass


def run(served, faults, over, done):
    people = served.people["one-ltd"]
    kinds = [(reader, "reader")] * 3 + [(reader, "owner"), (uploader, "manager"), (leaver, "owner")]
    if SECONDS >= 4:  # what takes a process for each request
        kinds.append((worker, "owner"))
    owns = [Own(served, people[role], faults) for _, role in kinds] + [Own(served, people["contributor"], faults) for _ in range(2)]
    threads = [threading.Thread(target=kind, args=(own, n, over)) for n, ((kind, _), own) in enumerate(zip(kinds, owns))]
    threads += [threading.Thread(target=writer, args=(own, n, over, done)) for n, own in enumerate(owns[len(kinds):])]
    for thread in threads:
        thread.start()
    return owns, threads


def all_there(served, done, fault):
    left = served.people["one-ltd"]["owner"].get(O + "/r/risk?limit=0").json()["records"]
    there = [r["fields"]["description"] for r in left]
    for name in done:
        if there.count(name) != 1:
            fault("%s was said, and is there %d times" % (name, there.count(name)))


def races(served, fault):
    """What a thread sanitizer found, in the server and in all that it started."""
    with open(served.folder.name + "/err", encoding="utf-8", errors="replace") as file:
        said = file.read()
    for found in re.findall(r"WARNING: ThreadSanitizer: .*?(?=\n==================)", said, re.S)[:5]:
        fault(found[:3000])


def test_readers_and_writers_at_once(served, fault):
    over, faults, done = threading.Event(), [], []
    owns, threads = run(served, faults, over, done)
    time.sleep(SECONDS)
    over.set()
    for thread in threads:
        thread.join()
    for one in faults[:5]:
        fault(one)
    said = sum(own.said for own in owns)
    print("    %d answers, %d of them 503, %d records written" % (said, sum(own.slow for own in owns), len(done)), file=sys.stderr)
    if said < 10 or not done or sum(own.lost for own in owns):
        fault("%d answers, %d records, %d lost" % (said, len(done), sum(own.lost for own in owns)))
    all_there(served, done, fault)
    races(served, fault)


def test_a_stop_while_all_are_at_it(served, fault):
    """What is being answered is answered, and what was said is there afterwards."""
    over, faults, done = threading.Event(), [], []
    _, threads = run(served, faults, over, done)
    time.sleep(SECONDS / 2)
    served.server.send_signal(signal.SIGTERM)
    code = served.server.wait(60)
    over.set()
    for thread in threads:
        thread.join()
    if code != 0:
        fault("it ended with %d" % code)
    for one in faults[:5]:
        fault(one)
    races(served, fault)
    served.stop()
    served.start()
    all_there(served, done, fault)
    left = [name for name in os.listdir(served.home + "/run") if name != "jobs" and not name.startswith("serve-")]
    if left:
        fault("it left %s" % left)


def test_a_server_that_is_killed(served, fault):
    """At any moment: nothing that was said is lost, and the next server begins without being helped."""
    for _ in range(int(os.environ.get("LOAD_KILLS", "1"))):
        over, faults, done = threading.Event(), [], []
        _, threads = run(served, faults, over, done)
        time.sleep(0.2 + random.random() / 2)
        served.stop(signal.SIGKILL)
        over.set()
        for thread in threads:
            thread.join()
        for one in faults[:5]:
            fault(one)
        served.start()
        all_there(served, done, fault)
        spools = [name for name in os.listdir(served.home + "/run") if name.startswith("serve-")]
        if len(spools) > 1:
            fault("what the last one left of uploads is still there: %s" % spools)
    doctor = served.assay("doctor", "--organisation", "one-ltd")
    if "fails" in doctor:
        fault(doctor)


if __name__ == "__main__":
    sys.exit(run_cases(globals(), sys.argv[1], sys.argv[2:]))
