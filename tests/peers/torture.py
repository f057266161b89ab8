#!/usr/bin/env python3
"""Runs dechrome over a corpus of files that break text tools, and judges each by what is expected of it.

    python3 tests/peers/torture.py target/release/dechrome CORPUS          every entry of CORPUS/manifest.jsonl
    python3 tests/peers/torture.py target/release/dechrome CORPUS --big    the large ones, made by CORPUS/make.py
    python3 tests/peers/torture.py target/release/dechrome CORPUS --time   time for each byte, against prose

An entry of the manifest has `path`, `what`, `expected` and `group`. Each is judged or named as no input; one that no check
fits fails, as does an expectation that is another than the check was written for. The exit status is 1 if any failed.
Two further arguments `-k WORD` choose entries whose path holds the word.
"""
import collections
import fnmatch
import json
import pathlib
import sys
import tempfile

import torture_large
import torture_rules
from torture_run import Program, check_always, need, unpacked
from torture_table import ORACLE, TABLE


class Entry:
    """One line of the manifest."""

    def __init__(self, corpus, line):
        told = json.loads(line)
        self.corpus, self.path, self.expected, self.group = corpus, told["path"], told["expected"], told["group"]
        self.source, self.name = corpus / self.path, self.path.rsplit("/", 1)[-1]

    @property
    def data(self):
        return self.source.read_bytes()

    def data_of(self, sibling):
        return self.source.with_name(sibling).read_bytes()

    def unpacked(self):
        """The content, `None` where it is compressed and damaged."""
        try:
            return unpacked(self.data)
        except (EOFError, OSError, ValueError):
            return None


def judge(program, entry):
    """What there is to say of an entry: nothing, that it is no input, or what is wrong."""
    if entry.group == "rules":
        check = torture_rules.check_file if "/files/" in entry.path else torture_rules.check_pattern
        return check(program, entry)
    words, check = next(((words, check) for pattern, words, check in TABLE if fnmatch.fnmatchcase(entry.path, pattern)), (None, None))
    need(check, "no check for this expectation:", entry.expected)
    need(words in entry.expected, "another expectation than the check was written for:", entry.expected)
    if check == ORACLE:
        return ORACLE
    run = program.clean(entry.source)
    check_always(run)
    check(run, entry)


def judge_tree(program, entries):
    """All entries at once, with two threads and with one: the same tree, and no more than those fail that fail alone."""
    trees = [program.clean(entries[0].corpus, "-q", "-j", threads) for threads in ("1", "2")]
    need(all(tree.status == 3 for tree in trees), "exit status", [tree.status for tree in trees])
    need((trees[0].out / "report.jsonl").read_bytes() == (trees[1].out / "report.jsonl").read_bytes(), "threads change the report")
    need(not {"panicked", "unaccounted"} & set(trees[0].reasons), "panicked")
    checked = program.call("restore", trees[0].out, "--verify", "-q")
    need(checked.status == 0, "restore refuses the tree:", checked.stderr[-500:])
    skipped = {name["path"] for name in trees[0].summary["skipped"]}
    told = {row["path"] for row in trees[0].rows} | skipped | {note["path"] for note in trees[0].summary["containers"]}
    silent = [entry.path for entry in entries if entry.path not in told]
    need(not silent, "neither cleaned nor skipped nor failed:", silent[:5])


def run_corpus(program, corpus, word):
    lines = (corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [entry for entry in (Entry(corpus, line) for line in lines) if entry.group != "big" and word in entry.path]
    counts, failures = collections.defaultdict(collections.Counter), []
    for entry in entries:
        try:
            verdict = "no input" if judge(program, entry) == ORACLE else "good"
        except AssertionError as error:
            verdict = "failed"
            failures.append(f"{entry.path}: {error}")
        counts[entry.group][verdict] += 1
    if not word:
        try:
            judge_tree(program, entries)
        except AssertionError as error:
            failures.append(f"the whole tree: {error}")
    print(*failures, sep="\n")
    for group, found in counts.items():
        print(f"{group:10}", *(f"{found[verdict]} {verdict}" for verdict in ("good", "no input", "failed")), sep="   ")
    print(len(entries), "entries,", len(failures), "failures")
    return failures


def main():
    words = sys.argv[1:]
    word = words[words.index("-k") + 1] if "-k" in words else ""
    corpus = pathlib.Path(words[1]).resolve()
    with tempfile.TemporaryDirectory() as place:
        program = Program(words[0], place)
        if "--big" in words:
            sys.exit(bool(torture_large.run_large(program, corpus, word)))
        if "--time" in words:
            sys.exit(bool(torture_large.run_timed(program, corpus, word)))
        sys.exit(bool(run_corpus(program, corpus, word)))


main()
