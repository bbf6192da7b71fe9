#!/usr/bin/env python3
"""Validates JSON Lines against the schema, and holds that the schema is strict and that every kind of event occurs.

Usage: validate_schema.py SCHEMA FILE.jsonl
"""
import copy
import json
import sys

import jsonschema


def objects(value):
    """Every object within a value, itself included."""
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from objects(member)
    elif isinstance(value, list):
        for member in value:
            yield from objects(member)


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    with open(sys.argv[2], encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    failures = []
    for number, line in enumerate(lines, 1):
        for error in validator.iter_errors(line):
            failures.append(f"line {number}: {error.json_path}: {error.message[:200]}")

    kinds = set(schema["properties"]["event"]["enum"])
    seen = {line["event"] for line in lines}
    if seen != kinds:
        failures.append(f"events never seen or not described: {sorted(kinds ^ seen)}")
    messages = set(schema["$defs"]["handshake"]["properties"]) - {"type", "length"}
    seen_messages = {key for line in lines for key in line.get("handshake", {})} - {"type", "length"}
    if seen_messages != messages:
        failures.append(f"handshake messages never seen or not described: {sorted(seen_messages ^ messages)}")

    # A schema that lets anything through would pass, too: an unknown member, in any object of any event, must not.
    open_by_design = ("key_block",)
    for number, line in enumerate(lines, 1):
        changed = copy.deepcopy(line)
        inner = list(objects(changed))
        for victim in inner:
            secrets = changed.get("secrets")  # of keys_established; in run_summary it is a list
            if isinstance(secrets, dict) and any(secrets.get(key) is victim for key in open_by_design):
                continue
            victim["no such member"] = 1
            if validator.is_valid(changed):
                failures.append(f"line {number}: an unknown member passes in {sorted(victim)}")
            del victim["no such member"]

    for failure in failures:
        print(failure)
    print(f"{len(lines)} lines, {len(failures)} failures")
    return 1 if failures or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
