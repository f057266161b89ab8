#!/usr/bin/env python3
"""Prints the licences of the crates that a release is linked from: dist/third_party.py TARGET

One entry a crate: its name, version, licence, where its source is, and the texts of licence and notice it comes with;
texts that are the same are printed once. A crate without any text gets that of a crate of the same project, as listed
below, or the release fails.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = re.compile(r"licen[cs]e|copying|copyright|notice|authors", re.IGNORECASE)
# Licences of parts of xz and zstd that are not linked, or that were not chosen where there is a choice.
NOT_OURS = re.compile(r"gpl", re.IGNORECASE)
# Libraries in C that stand inside a crate, with texts of their own.
INSIDE = {"liblzma-sys": ["xz"], "zstd-sys": ["zstd"]}
CHOSEN = {"zstd-sys": {"zstd/COPYING"}}  # the GPL, of BSD or GPL
# Crates that come without a text, and those of the same project whose text is theirs.
SIBLING = {"alloc-stdlib": "alloc-no-stdlib", "selectors": "cssparser"}
# What the licence of a crate does not say.
REMARKS = {"psl": "the list in it is Mozilla's, under MPL-2.0: https://publicsuffix.org/list/public_suffix_list.dat"}
INTRODUCTION = """\
dechrome itself is under MIT or Apache-2.0, as you like: LICENSE-MIT, LICENSE-APACHE.

The program is linked from the crates below, which are unchanged as the registry has them, and from the standard
library of Rust, whose licences are in RUST-LIBRARY.html. Where a crate offers a choice of licences, any that its own
line names may be chosen. The source of every crate, those under MPL-2.0 among them, is at the address in its entry, and
in the registry that cargo uses, under the crate's name and version.
"""


def run(*arguments):
    return subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


def linked(target):
    """Names and versions of the crates that end up in the program, sorted."""
    tree = run("cargo", "tree", "--locked", "--target", target, "--edges", "normal,no-proc-macro", "--prefix", "none",
               "--format", "{p}")
    names = {tuple(line.split(" ")[:2]) for line in tree.splitlines() if line}
    return sorted((name, version.removeprefix("v")) for name, version in names if name != "dechrome")


def packages(target):
    metadata = json.loads(run("cargo", "metadata", "--locked", "--format-version", "1", "--filter-platform", target))
    return {(package["name"], package["version"]): package for package in metadata["packages"]}


def texts_in(directory):
    return [path for path in sorted(directory.iterdir())
            if path.is_file() and TEXT.search(path.name) and not NOT_OURS.search(path.name)]


def texts_of(package):
    """The texts that a crate comes with, by their names in it."""
    home = Path(package["manifest_path"]).parent
    found = texts_in(home)
    for inside in INSIDE.get(package["name"], []):
        found += texts_in(home / inside)
    named = {path.relative_to(home).as_posix(): path for path in found}
    return {name: path.read_text(encoding="utf-8", errors="replace").strip()
            for name, path in named.items() if name not in CHOSEN.get(package["name"], ())}


def main():
    target = sys.argv[1]
    known = packages(target)
    crates = [known[key] for key in linked(target)]
    by_name = {package["name"]: package for package in crates}
    numbers = {}
    entries = []
    for package in crates:
        texts = texts_of(package) or texts_of(by_name[SIBLING[package["name"]]])
        listed = ", ".join(f"{name} [{numbers.setdefault(text, len(numbers) + 1)}]" for name, text in texts.items())
        lines = [f"{package['name']} {package['version']}", f"    licence: {package['license']}",
                 f"    source:  {package['repository']}"]
        if package["name"] in REMARKS:
            lines.append(f"    remark:  {REMARKS[package['name']]}")
        entries.append("\n".join([*lines, f"    texts:   {listed}"]))
    if target.endswith("-musl"):
        text = (ROOT / "dist/musl-copyright").read_text(encoding="utf-8").strip()
        number = numbers.setdefault(text, len(numbers) + 1)
        entries.append("musl libc\n    licence: MIT\n    source:  https://musl.libc.org\n"
                       f"    texts:   COPYRIGHT [{number}]")
    print(INTRODUCTION)
    print("\n\n".join(entries))
    for text, number in numbers.items():
        print(f"\n\n{'=' * 30} [{number}] {'=' * 30}\n\n{text}")


if __name__ == "__main__":
    main()
