"""Runs the program that a bench measures, on the day that all of them take for today."""
import json
import subprocess
import sys

TODAY = "2026-11-30"


def stage1(program, folder):
    out = subprocess.run(
        [program, "stage1", folder, "--format", "json", "--today", TODAY, "--fail-on", "never"],
        capture_output=True, check=False)
    if out.returncode != 0:
        sys.exit(f"{folder}: {out.stderr.decode(errors='replace')}")
    return json.loads(out.stdout)
