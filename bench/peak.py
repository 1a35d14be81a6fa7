"""Runs a command and writes down how much memory its processes took together at most.

usage: peak.py FILE COMMAND...      FILE gets kilobytes

Shared pages count once: the sum of the proportional set sizes, looked at every 20 ms.
"""
import os
import subprocess
import sys
import time


def tree(pid):
    pids = [pid]
    for p in pids:
        try:
            for task in os.listdir(f"/proc/{p}/task"):
                with open(f"/proc/{p}/task/{task}/children") as children:
                    pids += [int(c) for c in children.read().split()]
        except OSError:
            pass
    return pids


def proportional(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    except OSError:
        return 0


def main():
    child = subprocess.Popen(sys.argv[2:])
    peak = 0
    while child.poll() is None:
        peak = max(peak, sum(proportional(p) for p in tree(child.pid)))
        time.sleep(0.02)
    with open(sys.argv[1], "w") as out:
        out.write(str(peak))
    return child.returncode


sys.exit(main())
