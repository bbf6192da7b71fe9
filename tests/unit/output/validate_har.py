#!/usr/bin/env python3
"""Validates HTTP Archives against the schemas of the har-schema package.

Usage: validate_har.py FILE...
"""
import json
import pathlib
import sys
import warnings

import jsonschema

SCHEMAS = pathlib.Path("/usr/share/nodejs/har-schema/lib")


def validator() -> jsonschema.Draft6Validator:
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    by_id = {schema["$id"].rstrip("#"): schema for schema in schemas.values()}
    # Newer versions of jsonschema have another way, which that of Debian 12 does not know.
    warnings.simplefilter("ignore", DeprecationWarning)
    resolver = jsonschema.RefResolver("", schemas["har.json"], store=by_id | {name + "#": each for name, each in by_id.items()})
    return jsonschema.Draft6Validator(schemas["har.json"], resolver=resolver, format_checker=jsonschema.FormatChecker())


def main() -> int:
    check = validator()
    # A schema that takes everything would prove nothing.
    if not list(check.iter_errors({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": []}})):
        print("har-schema takes a creator without a version", file=sys.stderr)
        return 1
    failed = False
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            archive = json.load(file)
        for error in check.iter_errors(archive):
            print(f"{name}: {'/'.join(map(str, error.absolute_path))}: {error.message}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
