#!/usr/bin/python3
"""Holds results of `assay stage1` against docs/stage1.schema.json.

usage: schema.py [RESULT.json|RESULT.yaml]...     (default: the samples beside this file)

Debian's python3-jsonschema and python3-yaml. Prints one line a fault; ends with 1 where there is one.
"""
import json
import pathlib
import sys

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parent.parent / "docs" / "stage1.schema.json"


def objects(schema, path="#"):
    """Every schema of an object that names its properties, with its place."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict) and "type" in schema:
            yield path, schema
        for key, value in schema.items():
            yield from objects(value, f"{path}/{key}")
    elif isinstance(schema, list):
        for n, value in enumerate(schema):
            yield from objects(value, f"{path}/{n}")


def faults_of_schema(schema):
    for path, part in objects(schema):
        if part.get("additionalProperties") is not False:
            yield f"{path}: additionalProperties is not false"
        for name, prop in part["properties"].items():
            if not (prop.get("description") or "$ref" in prop.get("items", prop)):
                yield f"{path}/{name}: no description"


def main(names):
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    bad = 0
    for fault in faults_of_schema(schema):
        print(f"{SCHEMA.name}: {fault}")
        bad += 1
    for name in names or [HERE / "sample.yaml", HERE / "hopeless.yaml"]:
        path = pathlib.Path(name)
        load = json.loads if path.suffix == ".json" else yaml.safe_load
        result = load(path.read_text())
        for error in sorted(check.iter_errors(result), key=str):
            print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
