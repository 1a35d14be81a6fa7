#!/usr/bin/env python3
"""How fast a served home answers, what it takes of memory, and whether either grows with what was ever written.

usage: web.py PROGRAM BENCH-WEB [RISKS]      (default: 10000)

The list of 100 risks as wrk gets it from the server, against the same page made in a process without one; both at the same time of
day, one after the other, three times. Then with half of what it can, how late the slowest of a hundred answers are. Then memory, with
fifty sessions; the time from starting the program to its first answer; and pages after as many changes again."""
import csv
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../tests/e2e"))
from served import Served  # noqa: E402

PROGRAM, BENCH = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
RISKS = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
O = "/o/one-ltd"
PAGE = O + "/r/risk"
PACED = """
local pause = %f
function delay() return math.floor(pause * 1000 * (0.5 + math.random())) end
"""


def line(what, said, aim=""):
    print("%-58s %-34s %s" % (what, said, aim and "aim: " + aim), flush=True)


def memory(served):
    with open("/proc/%d/smaps_rollup" % served.server.pid, encoding="ascii") as file:
        text = file.read()
    rss, shared = [int(re.search(r"^%s:\s+(\d+)" % n, text, re.M).group(1)) / 1024 for n in ("Rss", "Shared_Clean")]
    return rss, shared


def computed(served):
    with open("/proc/%d/stat" % served.server.pid, encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wrk(served, session, connections, seconds, script=None):
    words = ["wrk", "-t1", "-c%d" % connections, "-d%ds" % seconds, "--latency", "-H", "Cookie: assay-session=" + session.token, "-H", "Accept: text/html"]
    before = computed(served)
    said = subprocess.run([*words, *(["-s", script] if script else []), "http://127.0.0.1:%d%s" % (served.port, PAGE)],
                          capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said:
        raise SystemExit("web: " + said)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    late = float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    total = int(re.search(r"(\d+) requests in", said).group(1))
    return rate, late, (computed(served) - before) * 1e6 / total


def bare(served, session, rounds):
    said = subprocess.run([BENCH, served.home, session.token, PAGE, str(rounds)], capture_output=True, text=True, check=True).stdout.split()
    return float(said[0]), int(said[1]), float(said[2])


def fill(served):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Ref", "Description", "Threat", "Likelihood", "Consequence", "Owner"])
        for i in range(RISKS):
            rows.writerow(["R-%05d" % i, "Risk %d of something that could well happen to the servers" % i, "Threat %d" % (i % 50), i % 5 + 1, i % 4 + 1, "First"])
        file.flush()
        served.assay("import", file.name, "--register=risk", "--organisation", "one-ltd")


def visit(served, sessions, paths):
    """Each of them, by eight at once."""
    def some(n):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        for session in sessions[n::8]:
            for path in paths:
                connection.request("GET", path, headers={"Cookie": "assay-session=" + session.token, "Accept": "text/html"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    raise SystemExit("web: %s: %d" % (path, answer.status))
    threads = [threading.Thread(target=some, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def speed(served, session):
    ratios, rates, bares, cpus = [], [], [], []
    for _ in range(3):
        alone, size, alone_cpu = bare(served, session, 400)
        rate, _, cpu = wrk(served, session, 8, 4)
        ratios.append(rate / alone)
        rates.append(rate)
        bares.append(alone)
        cpus.append((cpu, alone_cpu))
    line("a list of 100 risks, %d bytes, without a server" % size, "%.0f a second" % statistics.median(bares))
    line("the same from the server (wrk -t1 -c8)", "%.0f a second" % statistics.median(rates))
    line("ratio", "%.2f (%.2f to %.2f)" % (statistics.median(ratios), min(ratios), max(ratios)), "0.6")
    line("computing, of the server and without", "%.0f us and %.0f us a page" % tuple(statistics.median(c) for c in zip(*cpus)))
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(PACED % (2 / (statistics.median(rates) / 2)))
        script.flush()
        rate, late, _ = wrk(served, session, 2, 6, script.name)
    line("at %.0f a second, 99 of 100 within" % rate, "%.1f ms" % late, "10 ms")


def added(served, sessions, seconds):
    """Risks that these add within some seconds, each on its own connection; and until when the slowest of a hundred answers came."""
    took = []

    def add(session):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            began = time.monotonic()
            connection.request("POST", O + "/r/risk", "f.description=Added while others add", {
                "Cookie": "assay-session=" + session.token, "X-Assay-Token": session.form, "Accept": "application/json",
                "Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            answer.read()
            took.append((time.monotonic() - began) * 1000)
            if answer.status != 201:
                raise SystemExit("web: a risk: %d" % answer.status)
    threads = [threading.Thread(target=add, args=(session,)) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(took) / seconds, sorted(took)[len(took) * 99 // 100]


def writes(served, sessions):
    for what, some in (("risks added by one", sessions[:1]), ("risks added by eight at once", sessions[:8])):
        rate, late = added(served, some, 5)
        line(what, "%.0f a second, 99 of 100 within %.0f ms" % (rate, late))


def start(served):
    took = []
    for _ in range(5):
        served.stop()
        began = time.monotonic()
        server = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:%d" % served.port], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=served.environment())
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().read():
                    break
            except OSError:
                time.sleep(0.001)
        took.append((time.monotonic() - began) * 1000)
        server.terminate()
        server.wait()
    line("from starting the program to its first answer", "%.0f ms (%.0f to %.0f)" % (statistics.median(took), min(took), max(took)), "100 ms")


def page_costs(served, session):
    costs = {}
    for path in (O, PAGE, PAGE + "/R-00007", PAGE + "/R-00007/history", O + "/search?words=servers", O + "/members"):
        session.page(path)
        before = computed(served)
        for _ in range(40):
            session.page(path)
        costs[path] = (computed(served) - before) * 1000 / 40
    return costs


def growth(served, reader):
    """Pages once more after every risk was changed again: twice the versions, the same records."""
    before = page_costs(served, reader)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Ref", "Threat"])
        for i in range(RISKS):
            rows.writerow(["R-%05d" % i, "Threat %d, seen again" % (i % 50)])
        file.flush()
        served.assay("import", file.name, "--register=risk", "--organisation", "one-ltd")
    after = page_costs(served, reader)
    for path, was in before.items():
        line("computing of %s, and with twice the versions" % path.replace(O, "") if path != O else "computing of the overview, and with twice the versions",
             "%.1f ms, %.1f ms" % (was, after[path]))


def main():
    served = Served(PROGRAM)
    try:
        fill(served)
        people = served.people["one-ltd"]
        sessions = [people["owner"], *[served.session("owner-one-ltd") for _ in range(49)]]
        visit(served, sessions, [PAGE, PAGE + "/R-00001", PAGE + "/R-00007/edit", O + "/members", O + "/search?words=servers"])
        rss, shared = memory(served)
        line("memory after 50 sessions, 8 of them at once", "%.1f MB, of it %.1f shared" % (rss, shared))
        time.sleep(22)
        rss, shared = memory(served)
        line("the same half a minute later", "%.1f MB, of it %.1f shared" % (rss, shared), "40 MB")
        speed(served, people["owner"])
        writes(served, sessions)
        growth(served, people["reader"])
        start(served)
    finally:
        served.end()


if __name__ == "__main__":
    main()
