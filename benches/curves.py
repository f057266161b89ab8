#!/usr/bin/env python3
"""How time and memory grow: with the rules, with the size of a text, with the number of files, with the threads.

    cargo build --release && benches/curves.py target/release/dechrome

All is written to a temporary directory. Times are the best of some runs; rules are added as a user adds them.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import tempfile

from measuring import alternating, clean_lines, clean_tree, make_texts, once, table

BIG_RECORD = ["--max-record", "200M"]


def of_rules(program, place, rounds):
    """Two, four and sixteen times the rules; the start, which reads them, by itself."""
    listed = subprocess.run([program, "rules", "list", "--json"], capture_output=True, check=True)
    count = len(json.loads(listed.stdout))
    nothing, own = place / "nothing.jsonl", {1: []}
    nothing.write_text('{"text": ""}\n', encoding="utf-8")
    for times in (4, 16):
        directory = place / f"rules-{times}"
        make_texts("rules", (times - 1) * count, directory)
        own[times] = ["--rules", directory]
    rows = []
    for kind in ("articles", "dense"):
        lines = place / f"{kind}.jsonl"
        make_texts("lines", kind, 8_000_000, lines)
        jobs = {}
        for times, more in own.items():
            jobs[times, "start"] = clean_lines(program, nothing, 1, *more)
            jobs[times, "all"] = clean_lines(program, lines, 1, *more)
        runs = alternating(jobs, rounds)
        cleaning = {times: runs[times, "all"].cpu - runs[times, "start"].cpu for times in own}
        for times in own:
            rows.append([kind, times, times * count, f"{runs[times, 'start'].cpu:.2f}", f"{cleaning[times]:.3f}",
                         f"{cleaning[times] / cleaning[1]:.2f}", f"{runs[times, 'all'].memory:.0f}"])
    print("Rules, seconds of one core\n")
    table(["texts", "times", "rules", "start, s", "cleaning, s", "to once", "MB of memory"], rows)


def of_sizes(program, place, rounds):
    rows = []
    lines = place / "sizes.jsonl"
    make_texts("lines", "articles:en", 100_000_000, lines)
    text = "".join(json.loads(line)["text"] for line in lines.open(encoding="utf-8"))
    lines.unlink()
    for size in (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000):
        file = place / "text.txt"
        file.write_text(text[:size], encoding="utf-8")
        run = alternating({"": clean_lines(program, file, 1, *BIG_RECORD)}, rounds)[""]
        rows.append([f"{size:,}", f"{run.wall * 1000:.1f}", f"{size / 1e6 / run.wall:.1f}", f"{run.memory:.0f}"])
    print("One text through the program, its start included\n")
    table(["bytes", "ms", "MB/s", "MB of memory"], rows)


def of_files(program, place, rounds):
    rows = []
    for files in (100, 1_000, 10_000, 100_000):
        inputs, out = place / "in", place / "out"
        make_texts("tree", "articles", files, inputs)
        some = rounds if files < 100_000 else 1
        runs = alternating({threads: clean_tree(program, inputs, out, threads) for threads in (1, 2)}, some)
        rows.append([f"{files:,}", f"{runs[1].wall:.2f}", f"{runs[1].wall / files * 1e6:.0f}", f"{runs[2].wall:.2f}",
                     f"{runs[1].wall / runs[2].wall:.2f}", f"{runs[2].memory:.0f}"])
        shutil.rmtree(inputs)
        shutil.rmtree(out)
    print("A tree of small files\n")
    table(["files", "s, 1 thread", "µs a file", "s, 2 threads", "gain", "MB of memory"], rows)


def of_threads(program, place, rounds):
    lines = place / "threads.jsonl"
    make_texts("lines", "pages", 50_000_000, lines)
    runs = alternating({threads: clean_lines(program, lines, threads) for threads in (1, 2)}, rounds)
    print("JSON Lines, 50 MB of pages\n")
    table(["threads", "s", "gain"], [[threads, f"{run.wall:.2f}", f"{runs[1].wall / run.wall:.2f}"] for threads, run in runs.items()])


CURVES = {"rules": of_rules, "sizes": of_sizes, "files": of_files, "threads": of_threads}


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("program", type=pathlib.Path)
    asked.add_argument("curves", nargs="*", choices=[[], *CURVES], default=[])
    asked.add_argument("--rounds", type=int, default=3)
    asked = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for name in asked.curves or CURVES:
            CURVES[name](asked.program.resolve(), pathlib.Path(place), asked.rounds)


if __name__ == "__main__":
    main()
