#!/usr/bin/env python3
"""A home in a PostgreSQL whose server is stopped at once, or loses a process, while several programs write.

usage: with-postgres server.py PROGRAM ROUNDS

What a program said is there afterwards; what it could not say is sent again under the same key until it is said, and is there
once. The server is one of its own, in whose folder pg_ctl finds it. Prints faults, one a line."""
import collections
import glob
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

PROGRAM, ROUNDS, URL = sys.argv[1], int(sys.argv[2]), os.environ["ASSAY_TEST_POSTGRES"]
WRITERS = 3
FOLDER = URL.split("host=")[1].split("&")[0]
PG_CTL = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"))[-1]
said, errors, faults = collections.Counter(), collections.Counter(), []
over = threading.Event()


def assay(*words):
    return subprocess.run([PROGRAM, *words, "--home", URL], capture_output=True, text=True, check=False)


def write(writer):
    """One change after the other; each is sent until it is acknowledged."""
    number = 0
    while not over.is_set():
        name = "Person %d-%d" % (writer, number)
        until = time.monotonic() + 60
        while True:
            done = assay("add", "person", "name=" + name, "--key", name)
            if done.returncode == 0:
                break
            errors[done.returncode] += 1
            if not done.stderr.startswith("assay: ") or len(done.stderr.strip().split("\n")) > 3:
                faults.append("an error is not said in one sentence: " + done.stderr)
            if time.monotonic() > until:
                faults.append("%s cannot be written: %s" % (name, done.stderr))
                return
            time.sleep(0.05)
        said[name] += 1
        number += 1


def as_server(*words):
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    subprocess.run(prefix + list(words), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def restart():
    as_server(PG_CTL, "-D", FOLDER + "/data", "-m", "immediate", "-w", "-l", FOLDER + "/server.log", "restart")


def kill_one():
    """A process of somebody who is connected, after which the server ends all and recovers."""
    told = subprocess.run(["psql", "-qtA", URL, "-c", "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                           "AND pid <> pg_backend_pid()"], capture_output=True, text=True, check=False)
    pids = [int(line) for line in told.stdout.split()]
    if pids:
        try:
            os.kill(random.choice(pids), signal.SIGKILL)
        except ProcessLookupError:
            pass


def main():
    random.seed(ROUNDS)
    made = assay("init", "--name", "Brackwater", "--owner", "Anna Weber", "--time-zone", "UTC")
    if made.returncode:
        print(made.stderr)
        return 1
    threads = [threading.Thread(target=write, args=(i,)) for i in range(WRITERS)]
    for thread in threads:
        thread.start()
    for i in range(ROUNDS):
        time.sleep(0.2 + random.random() * 0.4)
        restart() if i % 2 == 0 else kill_one()
    time.sleep(0.2)
    over.set()
    for thread in threads:
        thread.join()
    listed = assay("list", "person", "--limit", "0", "--json")
    there = collections.Counter(r["fields"]["name"] for r in json.loads(listed.stdout)["records"])
    faults.extend("%s was said and is not there" % name for name in said if there[name] != 1)
    faults.extend("%s is there and was not said" % name for name in there if name.startswith("Person ") and name not in said)
    if not errors:
        faults.append("nobody noticed anything, so nothing was tried")
    if assay("doctor").returncode:
        faults.append("doctor finds something")
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
