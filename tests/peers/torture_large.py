"""The large cases, which `make.py` of the corpus makes on demand, and the time that each byte of the others takes."""
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

from torture_run import check_always, need

# 64 MB, and 16 MB for each of two threads.
MEMORY_KB = (64 + 2 * 16) << 10
# A record that is cleaned in one piece may be held four times over; these hold records above `--max-record`, too.
MEMORY_OF_RECORDS_KB = MEMORY_KB + (4 * 16 << 10)
NOBODY = 65534


def statuses(run):
    return sorted((row["status"], row["reason"]) for row in run.rows)


def one(status, reason, seconds):
    """One document that comes to this, within a time."""

    def check(run):
        need(statuses(run) == [(status, reason)], statuses(run))
        need(run.ended.seconds < seconds, "took", run.ended.seconds, "seconds")

    return check


def many(count, seconds):
    def check(run):
        need(run.status == 0 and len(run.rows) == count, run.status, len(run.rows))
        need(run.ended.seconds < seconds, "took", run.ended.seconds, "seconds")

    return check


def bombs(run):
    need(run.status == 3 and set(run.reasons) <= {"bomb", "binary"}, run.reasons)
    need(run.ended.seconds < 5, "took", run.ended.seconds, "seconds")


def skipped(*documents):
    """Only these are documents; all others are named as passed over, and none was opened."""

    def check(run):
        need(run.status == 0 and {row["path"] for row in run.rows} == set(documents), [row["path"] for row in run.rows])
        reasons = {note["reason"] for note in run.summary["skipped"]}
        need(reasons and reasons <= {"symlink", "not_a_regular_file"}, reasons)

    return check


def hardlinks(run):
    need(run.status == 0 and len(run.rows) == 2, len(run.rows))
    inside = run.program.call("clean", run.source, "--out", run.source)
    need(inside.status == 2, "an output that is the input is not refused")
    need({path.read_text() for path in run.source.iterdir()} == {"Keep.\n"}, "an input changed")


def names(run):
    # A name that dechrome needs for itself is refused at the top, before anything is written; below it is a name as any.
    need(run.status == 2 and not run.out.exists(), "a reserved name is not refused")
    above = run.program.fresh("in")
    shutil.copytree(run.source, above / "deeper")
    below = run.program.clean(above)
    check_always(below)
    given, out = os.fsencode(above / "deeper"), os.fsencode(below.out / "deeper")
    told = {bytes.fromhex(row["path_raw"]) if "path_raw" in row else os.fsencode(row["path"]) for row in below.rows}
    passed = {note["path"] for note in below.summary["skipped"]}
    for name in os.listdir(given):
        known = b"deeper/" + name in told
        need(known or any(p.encode("utf-8", "surrogateescape").startswith(b"deeper/") for p in passed), "not told of:", name)
        if known and not name.endswith(b".jsonl"):
            kept = open(os.path.join(out, name), "rb").read()
            need(name.hex().encode() in kept and b"Home |" not in kept, "another output:", name)


def deep_dirs(run):
    # What the system cannot reach by one path is named; nothing above it is lost.
    need(run.status in (0, 3) and len(run.records) >= 8, run.status, len(run.records))
    need(all(row["reason"] in ("unreadable", "unwritable") for row in run.failed), run.reasons)


def unreadable(run):
    need(run.status == 3, run.status)
    failed = {row["path"] for row in run.failed}
    need({"secret.txt", "noread.d"} <= failed and all(row["reason"] == "unreadable" for row in run.failed), failed)
    need([row["path"] for row in run.records] == ["ok.txt"], [row["path"] for row in run.records])
    need(all("ermission denied" in row["warnings"][0] for row in run.failed), run.warnings)


def huge_record(run):
    need(run.status == 0 and len(run.rows) == 2, run.status)
    need([row["reason"] for row in run.rows] == ["too_large", None], statuses(run))


def deep_record(run):
    need(len(run.rows) == 2 and run.rows[1]["status"] == "unchanged", statuses(run))


def moving(run):
    # The files change while they are read: what came out is of one size, and nothing hangs.
    need(run.status in (0, 3) and run.ended.seconds < 30, run.status, run.ended.seconds)


LARGE = {
    "line_200mb": one("kept_whole", "too_large", 10),
    "empty_lines_1m": one("unchanged", None, 2),
    "chrome_lines_1m": one("kept_whole", "too_large", 10),
    "regex_haystacks": many(2, 10),
    "gzip_bomb": bombs,
    "gzip_bomb_nested": one("failed", "unsupported", 2),
    "zstd_bomb_100g": one("failed", "bomb", 2),
    "jsonl_huge_record": huge_record,
    "jsonl_deep_5m": deep_record,
    "html_deep_1m": one("unchanged", None, 10),
    "tiny_100k": many(100_000, 60),
    "flat_100k": many(100_000, 60),
    "deep_dirs": deep_dirs,
    "symlinks": skipped("a/b/real.txt"),
    "specials": skipped("ok.txt"),
    "unreadable": unreadable,
    "names": names,
    "sparse_10g": one("failed", "binary", 120),
    "hardlinks": hardlinks,
    "moving": moving,
    "warc_200k": many(200_000, 60),
    "kill_tree": many(2_000, 60),
}
# What `restore` cannot be asked about: nothing was written, inputs of gigabytes, names longer than paths may be.
UNCHECKED = {"names", "sparse_10g", "deep_dirs", "moving", "tiny_100k", "flat_100k", "warc_200k"}


def as_nobody(program, source):
    """Runs as a user who may not read everything."""
    program.place.chmod(0o755)
    out = program.fresh("open")
    out.mkdir(mode=0o777)
    out.chmod(0o777)
    return program.clean(source, user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", out=out / "out")


def judge_large(program, corpus, name):
    source = program.fresh(name)
    subprocess.run([sys.executable, corpus / "make.py", "big", name, source], check=True, stdout=subprocess.DEVNULL)
    time.sleep(3 if name == "moving" else 0)
    try:
        run = as_nobody(program, source) if name == "unreadable" else program.clean(source, "-j", "2", timeout=300)
        limit = MEMORY_OF_RECORDS_KB if name in ("jsonl_huge_record", "jsonl_deep_5m") else MEMORY_KB
        LARGE[name](run)
        need(run.ended.memory <= limit, "took", run.ended.memory, "kB")
        if name not in UNCHECKED:
            check_always(run)
        return f"{run.ended.seconds:.1f} s, {run.ended.memory >> 10} MB"
    finally:
        time.sleep(21 if name == "moving" else 0)
        # Trees may be deeper than a path is long, and than this interpreter may call itself.
        subprocess.run(["rm", "-rf", "--", *program.place.iterdir()], check=True)


def run_large(program, corpus, word):
    listed = subprocess.run([sys.executable, corpus / "make.py", "list"], check=True, capture_output=True, text=True).stdout
    made, failures = [line.split()[0] for line in listed.splitlines()], []
    for name in [name for name in made if word in name]:
        # The system counts what a process is started from to its memory, so each case is started from a small one.
        if name != word:
            again = [sys.executable, *sys.argv[:3], "--big", "-k", name]
            failures += [name] * bool(subprocess.run(again, check=False).returncode)
            continue
        try:
            need(name in LARGE, "no check for it")
            said = judge_large(program, corpus, name)
        except (AssertionError, FileNotFoundError) as error:
            failures.append(name)
            said = f"failed: {error}"
        print(f"{name:20} {said}", flush=True)
    if not word:
        print(len(made), "large cases,", len(failures), "failures:", *failures)
    return failures


# Time ---------------------------------------------------------------------------------------------------------------

PROSE = (
    "The ferry across the bay runs again after two years, the harbour master said on Monday, and it takes cars as well. "
    "A teacher who had crossed every morning for most of her life stood at the rail with a flask of tea and counted the "
    "piers as they went by; two of them, she said, had not been there before the storm.\n\n"
)
SIZE = 4_000_000
# Above this many times the time of prose a file is named. Lines that look like chrome are compared with many rules.
LIMIT = 10


def seconds_of(program, data, name, *arguments):
    """The shortest of three runs, in seconds of the processor."""
    source = program.given(name, data)
    runs = []
    for _ in range(3):
        run = program.clean(source, "-q", "-j", "1", *arguments)
        runs.append(run.ended.user)
        run.drop()
    shutil.rmtree(source.parent)
    return min(runs)


def enlarged(data):
    """The file over and over, up to a size at which time can be measured."""
    end = b"" if data.endswith(b"\n") else b"\n"
    return (data + end) * max(1, SIZE // (len(data) + 1))


def run_timed(program, corpus, word):
    start = statistics.median(seconds_of(program, b"x", "x.txt") for _ in range(5))
    prose = enlarged(PROSE.encode())
    each = (seconds_of(program, prose, "prose.txt") - start) / len(prose)
    print(f"prose: {1e-6 / each:.0f} MB/s")
    lines, found = (corpus / "manifest.jsonl").read_text(encoding="utf-8").splitlines(), []
    for entry in map(json.loads, lines):
        path = entry["path"]
        plain = path.endswith((".txt", ".html", ".jsonl", ".json", ".wet", ".warc"))
        if entry["group"] in ("big", "rules") or not plain or "/ref/" in path or word not in path:
            continue
        data = (corpus / path).read_bytes()
        if not data:
            continue
        large, format_ = enlarged(data), ["--format", "jsonl"] if path.endswith(".json") else []
        ratio = (seconds_of(program, large, path.rsplit("/", 1)[-1], *format_) - start) / len(large) / each
        found.append((ratio, path))
    found.sort(reverse=True)
    slow = list(itertools.takewhile(lambda it: it[0] > LIMIT, found))
    for ratio, path in found[:max(40, len(slow))]:
        print(f"{ratio:8.1f} {path}")
    print(f"{len(found)} files; above twice prose: {sum(ratio > 2 for ratio, _ in found)}, above {LIMIT} times: {len(slow)}")
    return slow
