#!/usr/bin/python3
"""Holds SARIF against its official schema and against what forges ask beyond it.

usage: sarif.py FILE.sarif [FOLDER]     FOLDER: the working folder, where the addresses must lead

Debian's python3-jsonschema. Prints one line a fault; ends with 1 where there is one.
"""
import json
import pathlib
import re
import sys
import urllib.parse

import jsonschema

SCHEMA = pathlib.Path(__file__).resolve().parent.parent / "vectors/sarif/sarif-2.1.0-rtm.5.json"
# A relative reference of RFC 3986 that is a path.
URI = re.compile(r"(?!/)(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+")


def faults_of_schema(log):
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    check = jsonschema.Draft4Validator(schema)
    for error in sorted(check.iter_errors(log), key=str):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def faults_of_place(place, folder):
    physical = place["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    if not URI.fullmatch(uri):
        yield f"this is no relative address: {uri}"
        return
    if folder is None:
        return
    path = folder / urllib.parse.unquote(uri)
    if not path.is_file():
        yield f"{uri} leads to no file"
        return
    region = physical.get("region")
    if region is None:
        return
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    if not 1 <= region["startLine"] <= len(lines):
        yield f"{uri} has no line {region['startLine']}"


def faults_of_forge(run, folder):
    rules = run["tool"]["driver"]["rules"]
    if len({rule["id"] for rule in rules}) != len(rules):
        yield "a rule stands twice"
    for rule in rules:
        for key in ("shortDescription", "fullDescription", "help"):
            if not rule.get(key, {}).get("text"):
                yield f"rule {rule['id']} has no {key}"
    seen = set()
    for n, result in enumerate(run["results"]):
        where = f"result {n}, {result['ruleId']}"
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            yield f"{where}: ruleIndex names another rule"
        if not result["locations"]:
            yield f"{where}: no place, which GitHub refuses"
        prints = tuple(sorted(result["partialFingerprints"].items()))
        if prints in seen:
            yield f"{where}: another result has its fingerprints"
        seen.add(prints)
        for place in result["locations"] + result.get("relatedLocations", []):
            for fault in faults_of_place(place, folder):
                yield f"{where}: {fault}"


def main(name, folder=None):
    log = json.loads(pathlib.Path(name).read_text(encoding="utf-8"))
    folder = pathlib.Path(folder) if folder else None
    faults = list(faults_of_schema(log))
    for run in log["runs"]:
        faults += faults_of_forge(run, folder)
    for fault in faults:
        print(f"{name}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
