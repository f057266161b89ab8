#!/usr/bin/env python3
"""Marks documents with --tags dolma, and lets dolma's own mixer cut the spans: what is left must be what cleaning leaves.

    pip install --no-deps dolma
    python3 tests/peers/dolma.py target/release/dechrome [documents.jsonl]

Only the compiled part of dolma is loaded, the mixer, which needs nothing of what the package depends on. Without a file of
documents some are made up, with characters of every length and ids of every kind. The exit status is 1 where anything differs.
"""
import glob
import gzip
import importlib.machinery
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile

BODY = (
    "The council voted on Monday evening to repair bridge number {n}, which has been closed for two years. {more}\n\n"
    "ALSO READ: Some Other Headline Here\n\n"
    "People who live on the island had asked for it again and again, and they thanked the mayor for the decision.\n"
)
MORE = ["", "Größe", "大きさ 🚌", "e\u0301 \u2028 \\ \" /", "\U0001f1eb\U0001f1f7 \x7f\t"]
IDS = [lambda n: str(n), lambda n: n, lambda n: f"é\"/{n}", lambda n: n / 7, lambda n: True]


def made_up():
    for n in range(500):
        tail = "\nLeave a Reply\n" if n % 3 == 0 else ""
        text = BODY.format(n=n, more=MORE[n % len(MORE)]) + tail
        document = {"id": IDS[n % len(IDS)](n), "text": text, "source": "made up"}
        if n % 50 == 7:
            del document["id"]
        yield json.dumps(document, ensure_ascii=n % 2 == 0)


def mixer():
    """The compiled part of dolma."""
    # This script has the same name, and its directory comes first.
    package = importlib.machinery.PathFinder.find_spec("dolma", sys.path[1:]).submodule_search_locations[0]
    spec = importlib.util.spec_from_file_location("dolma", glob.glob(f"{package}/dolma*.so")[0])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.mixer_entrypoint


def mix(directory, min_score):
    """What is left of the documents, by the mixer."""
    stream = {
        "name": "mixed",
        "documents": [f"{directory}/documents/*"],
        "attributes": ["dechrome"],
        "output": {"path": f"{directory}/mixed", "max_size_in_bytes": 1 << 40},
        "span_replacement": [
            {"span": "$.attributes.dechrome__chrome__all", "min_score": min_score, "replacement": ""},
        ],
        "compression": {"input": "gz", "output": "gz"},
    }
    work = {name: f"{directory}/mixing/{name}" for name in ["input", "output"]}
    for path in work.values():
        pathlib.Path(path).mkdir(parents=True)
    mixer()(json.dumps({"streams": [stream], "processes": 1, "work_dir": work, "shuffle": False}))
    for path in sorted(pathlib.Path(directory, "mixed").rglob("*.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines)


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as directory:
        documents = pathlib.Path(directory, "documents", "part.json.gz")
        documents.parent.mkdir()
        with gzip.open(documents, "wt", encoding="utf-8") as out:
            given = open(sys.argv[2], encoding="utf-8").read().splitlines() if len(sys.argv) > 2 else made_up()
            out.writelines(line.rstrip("\n") + "\n" for line in given)
        clean = [program, "clean", documents.parent, "--format", "jsonl", "-q", "--out"]
        subprocess.run([*clean, f"{directory}/attributes/dechrome", "--tags", "dolma"], check=True)
        subprocess.run([*clean, f"{directory}/cleaned", "--text-field", "text"], check=True)
        with gzip.open(f"{directory}/cleaned/part.json.gz", "rt", encoding="utf-8", newline="\n") as lines:
            expected = [json.loads(line) for line in lines]
        mixed = list(mix(directory, 0.0))
    same = sum(one["text"] == other["text"] and one.get("id") == other.get("id") for one, other in zip(mixed, expected))
    with_spans = sum(bool(one["attributes"]["dechrome__chrome__all"]) for one in mixed)
    spans = sum(len(one["attributes"]["dechrome__chrome__all"]) for one in mixed)
    print(f"{len(expected)} documents, {len(mixed)} mixed, {with_spans} with {spans} spans; {same} come out as cleaned")
    sys.exit(not (same == len(mixed) == len(expected) and with_spans))


main()
