#!/usr/bin/env python3
"""Whether a description of the server's interface is one, and whether the server does as it says.

usage: openapi.py DESCRIPTION.json [SERVER COOKIE]   prints faults, one a line

The first: references lead somewhere, schemas are JSON Schema, parameters are those of the path, ids are told once.
The second: each path with GET that needs no more than an organisation is asked for, and its answer has to be as its schema."""
import json
import re
import sys
import urllib.error
import urllib.request

import jsonschema

api = json.load(open(sys.argv[1], encoding="utf-8"))
faults = []


def refs(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for value in node.values():
            yield from refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from refs(value)


def operations():
    for path, item in api["paths"].items():
        for method, one in item.items():
            yield path, method, one


def check_shape():
    if not re.fullmatch(r"3\.1\.\d+", api["openapi"]) or not api["info"]["title"] or not api["info"]["version"]:
        faults.append("no head of OpenAPI 3.1")
    for ref in set(refs(api)):
        name = ref.rsplit("/", 1)[1]
        if ref != "#/components/schemas/" + name or name not in api["components"]["schemas"]:
            faults.append("leads nowhere: " + ref)
    for name, schema in api["components"]["schemas"].items():
        if not re.fullmatch(r"[A-Za-z0-9._-]+", name):
            faults.append("no name: " + name)
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            faults.append("%s is no schema: %s" % (name, error.message))
    ids = set()
    for path, method, one in operations():
        where = "%s %s: " % (method, path)
        if method not in ("get", "post") or not path.startswith("/"):
            faults.append(where + "no operation")
        if one["operationId"] in ids:
            faults.append(where + "the id is another's too")
        ids.add(one["operationId"])
        named = [p["name"] for p in one["parameters"] if p["in"] == "path"]
        if sorted(named) != sorted(re.findall(r"{([a-z]+)}", path)):
            faults.append(where + "its parameters are not those of its path")
        if any(p["in"] == "path" and p.get("required") is not True for p in one["parameters"]):
            faults.append(where + "a part of the path may be missing")
        if "requestBody" in one and method == "get":
            faults.append(where + "a GET with a body")
        for secured in one["security"]:
            if not set(secured) <= set(api["components"]["securitySchemes"]):
                faults.append(where + "secured by nothing that is told")
        for answer in one["responses"].values():
            if not answer["description"]:
                faults.append(where + "an answer without a word")


def ask(server, cookie, path):
    request = urllib.request.Request(server + path, headers={"Accept": "application/json", "Cookie": cookie})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as answer:
        return answer.code, json.load(answer)


def check_server(server, cookie):
    asked = 0
    for path, method, one in operations():
        if method != "get" or "{" in path or "assets" in path or path in ("/metrics",) or "/judge" in path:
            continue
        status, tree = ask(server, cookie, path)
        asked += 1
        if status >= 500 or "2XX" not in one["responses"]:
            faults.append("%s: %d" % (path, status))
            continue
        answer = one["responses"]["2XX" if status < 300 else "default"]
        schema = next(iter(answer["content"].values()))["schema"]
        whole = {"components": api["components"], **schema}
        for error in jsonschema.Draft202012Validator(whole).iter_errors(tree):
            faults.append("%s: %s: %s" % (path, "/".join(map(str, error.absolute_path)), error.message[:200]))
            break
    if asked < 60:
        faults.append("only %d paths were asked for" % asked)


check_shape()
if len(sys.argv) > 3:
    check_server(sys.argv[2], sys.argv[3])
print("\n".join(faults))
sys.exit(1 if faults else 0)
