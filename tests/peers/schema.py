#!/usr/bin/env python3
"""Cleans inputs in every detail, and checks all rows and summaries with jsonschema against the schemas the program prints.

    pip install jsonschema
    python3 tests/peers/schema.py target/release/dechrome INPUT…

Prints a line for each INPUT and detail; the exit status is 1 where a row or summary does not fit its schema.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import jsonschema


def schema(program, of):
    printed = subprocess.run([program, "report", "--schema", of], check=True, capture_output=True).stdout
    found = json.loads(printed)
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def wrong(validator, value):
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(value)]


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    rows, summaries = schema(program, "row"), schema(program, "summary")
    for example in rows.schema["examples"]:
        assert not wrong(rows, example), example
    failed = False
    for source in sys.argv[2:]:
        for more in [["--removed", "text"], ["--removed", "spans"], ["--removed", "none"], ["--tags", "dolma"]]:
            with tempfile.TemporaryDirectory() as directory:
                out = pathlib.Path(directory, "out")
                done = subprocess.run([program, "clean", source, "--out", out, "-q", *more], capture_output=True)
                if done.returncode not in (0, 3):
                    print(source, done.stderr.decode(errors="replace").strip())
                    failed = True
                    continue
                with open(out / "report.jsonl", encoding="utf-8", newline="\n") as lines:
                    report = [json.loads(line) for line in lines]
                summary = json.loads((out / "summary.json").read_text("utf-8"))
                size = (out / "report.jsonl").stat().st_size
            mistakes = [mistake for row in report for mistake in wrong(rows, row)] + wrong(summaries, summary)
            failed |= bool(mistakes)
            told = mistakes[0] if mistakes else "as the schemas say"
            print(f"{source} {' '.join(more)}: {len(report)} rows, {size:,} bytes: {told}")
    sys.exit(failed)


main()
