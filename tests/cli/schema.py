#!/usr/bin/env python3
"""schema.py SCHEMA FILE...: check YAML files against a JSON schema, as an
editor does; one line a fault, exit 1 if there is any.

PyYAML knows no tab before a comment, which YAML 1.2 allows: tabs are blanks.
"""
import json
import sys

import jsonschema
import yaml


def faults(validator, path):
    with open(path, encoding="utf-8") as file:
        value = yaml.safe_load(file.read().expandtabs())
    for error in validator.iter_errors(value):
        yield f"{path}: {'/'.join(map(str, error.path))}: {error.message}"


def main(schema_path, *paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    found = [fault for path in paths for fault in faults(validator, path)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
