#!/usr/bin/env python3
"""Holds dechrome against what people use instead, on the same texts and in the same minutes.

    cargo build --release && benches/compare.py target/release/dechrome

Compared are `cp -r` of a tree of small files, `rg -v -i -F -f` with the literals of the rule set, a loop in Python with one
regular expression made of them, and datatrove's filter of C4, where the Python given with --python has it. What is missing is
skipped with a word. All is written to a temporary directory.
"""
import argparse
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from measuring import Run, alternating, clean_lines, clean_tree, make_texts, once, table

# ripgrep compiles more than some thousands only with limits like these, and takes a second for each thousand.
RG = ["rg", "-j1", "--regex-size-limit", "4G", "--dfa-size-limit", "4G", "-v", "-i", "-F", "-f"]

PYTHON = """
import json, re, sys, time
literals = open(sys.argv[1], encoding="utf-8").read().split("\\n")
chrome = re.compile("|".join(re.escape(it) for it in literals if it), re.IGNORECASE)
texts = [json.loads(line)["text"] for line in open(sys.argv[2], encoding="utf-8")]
begin = time.process_time()
for text in texts:
    "\\n".join(line for line in text.split("\\n") if not chrome.fullmatch(line.strip()))
print(time.process_time() - begin)
"""

DATATROVE = """
import json, sys, time
from datatrove.data import Document
from datatrove.pipeline.filters import C4QualityFilter
options = {"min_num_sentences": -1} if sys.argv[2] == "lines" else {}
c4 = C4QualityFilter(**options)
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
c4.filter(Document(text=texts[0], id="0"))
documents = [Document(text=text, id=str(number)) for number, text in enumerate(texts)]
begin = time.process_time()
for document in documents:
    c4.filter(document)
print(time.process_time() - begin)
"""


def expanded(pattern, most):
    """Some of the literals that a pattern without slots stands for."""
    parts, depth = re.findall(r"\([^()]*\)\??|[^()]+", pattern), pattern.count("(")
    if "{" in pattern or "\\" in pattern or depth != sum(part.startswith("(") for part in parts):
        return []
    choices = []
    for part in parts:
        if part.startswith("("):
            optional = part.endswith("?")
            choices.append(part.strip("?")[1:-1].split("|") + ([""] if optional else []))
        else:
            choices.append([part.replace("?", "")])
    made = itertools.islice(itertools.product(*choices), most)
    return [re.sub(" +", " ", "".join(one)).strip() for one in made]


def literals(program, most):
    """The texts that the rules know, as `rules list --json` prints their patterns."""
    told = subprocess.run([program, "rules", "list", "--json"], capture_output=True, check=True)
    patterns = itertools.chain.from_iterable(rule.get("pattern") or [] for rule in json.loads(told.stdout))
    return sorted({text for pattern in patterns for text in expanded(pattern, most) if len(text) > 2})


def scripted(python, script, *args):
    """How long a script says that its loop took; nothing where it cannot be run."""
    done = subprocess.run([python, "-c", script, *map(str, args)], capture_output=True, text=True)
    if done.returncode:
        return None, (done.stderr.strip().splitlines() or ["it failed"])[-1]
    return float(done.stdout.split()[-1]), ""


def compare_tree(program, place, files, rounds):
    inputs, copy, out = place / "tree", place / "copy", place / "out"
    make_texts("tree", "articles", files, inputs)

    def copied():
        shutil.rmtree(copy, ignore_errors=True)
        return once(["cp", "-r", inputs, copy])

    jobs = {"cp -r": copied, "dechrome, 2 threads": clean_tree(program, inputs, out, 2),
            "dechrome, 1 thread": clean_tree(program, inputs, out, 1)}
    runs = alternating(jobs, rounds)
    copying = runs["cp -r"].wall
    print(f"A tree of {files} small files, seconds on the clock\n")
    table(["", "s", "to cp -r", "MB of memory"],
          [[name, f"{run.wall:.2f}", f"{run.wall / copying:.2f}", f"{run.memory:.0f}"] for name, run in runs.items()])
    for made in (inputs, copy, out):
        shutil.rmtree(made)


def compare_lines(asked, place, kind):
    program, python, rounds = asked.program, asked.python, asked.rounds
    lines, text, known = place / "texts.jsonl", place / "texts.txt", place / "literals.txt"
    make_texts("lines", kind, asked.bytes, lines)
    texts = [json.loads(line)["text"] for line in lines.open(encoding="utf-8")]
    text.write_text("".join(texts), encoding="utf-8")
    size = text.stat().st_size
    set_literals = literals(program, asked.spellings)
    known.write_text("\n".join(set_literals), encoding="utf-8")
    nothing = place / "nothing.jsonl"
    nothing.write_text('{"text": ""}\n', encoding="utf-8")
    jobs = {"dechrome": clean_lines(program, lines, 1), "its start": clean_lines(program, nothing, 1)}
    skipped = []
    if shutil.which("rg"):
        jobs["rg -v -i -F -f"] = lambda: once([*RG, known, text], allowed=(0, 1))
    else:
        skipped.append("rg is not installed")
    runs = alternating(jobs, rounds)
    scripts = [("a loop in Python", PYTHON, (known, lines)), ("datatrove, C4, lines alone", DATATROVE, (lines, "lines")),
               ("datatrove, C4", DATATROVE, (lines, "all"))]
    for name, script, args in scripts:
        seconds, why = scripted(python, script, *args)
        if seconds is None:
            skipped.append(f"{name}: {why}")
        else:
            runs[name] = Run(seconds, seconds)
    ours = runs["dechrome"].cpu
    print(f"{kind}, {size / 1e6:.1f} MB of text, {len(set_literals)} literals, seconds of one core\n")
    table(["", "s", "MB/s", "times dechrome"],
          [[name, f"{run.cpu:.3f}", f"{size / 1e6 / run.cpu:.1f}" if name != "its start" else "", f"{run.cpu / ours:.2f}"]
           for name, run in runs.items()])
    for why in skipped:
        print(f"skipped: {why}\n")


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("program", type=pathlib.Path)
    asked.add_argument("--python", default=sys.executable, help="the Python that has datatrove")
    asked.add_argument("--files", type=int, default=20_000)
    asked.add_argument("--bytes", type=int, default=10_000_000)
    asked.add_argument("--spellings", type=int, default=1, help="how many literals a pattern is spelt out in")
    asked.add_argument("--rounds", type=int, default=5)
    asked = asked.parse_args()
    asked.program = asked.program.resolve()
    with tempfile.TemporaryDirectory() as place:
        place = pathlib.Path(place)
        for kind in ("articles", "articles:en", "dense"):
            compare_lines(asked, place, kind)
        compare_tree(asked.program, place, asked.files, asked.rounds)


if __name__ == "__main__":
    main()
