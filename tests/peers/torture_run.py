"""One run of the program over one input, and all that can be asked of what it left behind."""
import bz2
import functools
import gzip
import json
import lzma
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading

# What steers a terminal: C0 but for line feed and tab, DEL, C1, marks of direction, separators of lines.
STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029]")
# 64 MB, 16 MB for each of two threads, and four times the largest record being cleaned (16 MB).
MEMORY_KB = (64 + 2 * 16 + 4 * 16) << 10


def need(condition, *said):
    """Fails the entry that is being judged."""
    if not condition:
        raise AssertionError(" ".join(str(word) for word in said))


class Ended:
    """How a process ended, and what it took."""

    def __init__(self, arguments, stdin=b"", timeout=120, **more):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
            given.write(stdin)
            given.seek(0)
            process = subprocess.Popen(arguments, stdin=given, stdout=out, stderr=err, **more)
            timer = threading.Timer(timeout, process.kill)
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            timer.cancel()
            process.returncode = self.status = os.waitstatus_to_exitcode(status)
            out.seek(0), err.seek(0)
            self.stdout, self.stderr = out.read(), err.read().decode("utf-8", "replace")
        self.seconds, self.user, self.memory = usage.ru_utime + usage.ru_stime, usage.ru_utime, usage.ru_maxrss


class Program:
    """The program that is tried, and a place for what it writes."""

    def __init__(self, binary, place):
        self.binary, self.place, self.count = str(pathlib.Path(binary).resolve()), pathlib.Path(place), 0

    def call(self, *arguments, **more):
        return Ended([self.binary, *map(str, arguments)], **more)

    def fresh(self, name="out"):
        self.count += 1
        return self.place / f"{self.count}-{name}"

    def clean(self, source, *arguments, out=None, **more):
        out = out or self.fresh()
        return Cleaned(self, source, out, self.call("clean", source, "--out", out, *arguments, **more))

    def filtered(self, data, *arguments):
        return self.call("clean", *arguments, stdin=data)

    def given(self, name, data):
        """A file with this content."""
        path = self.fresh("in") / name
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
        return path


class Cleaned:
    """What `clean INPUT --out OUT` left."""

    def __init__(self, program, source, out, ended):
        self.program, self.source, self.out, self.ended = program, pathlib.Path(source), out, ended
        self.status, self.stderr = ended.status, ended.stderr

    def drop(self):
        shutil.rmtree(self.out, ignore_errors=True)

    @functools.cached_property
    def rows(self):
        with open(self.out / "report.jsonl", encoding="utf-8", newline="\n") as file:
            return [json.loads(line) for line in file]

    @functools.cached_property
    def summary(self):
        return json.loads((self.out / "summary.json").read_text(encoding="utf-8"))

    @property
    def row(self):
        need(len(self.rows) == 1, "one row was expected:", [(r["status"], r["reason"]) for r in self.rows])
        return self.rows[0]

    @property
    def failed(self):
        return [row for row in self.rows if row["status"] == "failed"]

    @property
    def records(self):
        """The rows of documents that came out."""
        return [row for row in self.rows if row["status"] != "failed" and row["bytes_text"] is not None]

    @property
    def reasons(self):
        return [row["reason"] for row in self.failed]

    @property
    def notes(self):
        return json.dumps(self.summary["notes"], ensure_ascii=False)

    @property
    def warnings(self):
        return " | ".join(warning for row in self.rows for warning in row["warnings"])

    @functools.cached_property
    def kept(self):
        """The bytes of the output, unpacked; `None` where there is none."""
        path = self.out / self.source.name
        if path.suffix == ".zst" and path.is_file():
            plain = self.program.clean(self.source, "--compress", "none")
            path = plain.out / self.source.stem
        return unpacked(path.read_bytes()) if path.is_file() else None

    @property
    def aside(self):
        """The bytes that were put into quarantine, piece by piece."""
        return [self.piece(row["quarantine"]) for row in self.rows if row.get("quarantine")]

    def piece(self, place):
        data = (self.out / place["path"]).read_bytes()
        stored = [row["quarantine"] for row in self.rows if row.get("quarantine") and row["quarantine"]["path"] == place["path"]]
        start = sum(other["bytes"] for other in stored[:stored.index(place)])
        return data[start:start + place["bytes"]]


def unpacked(data):
    """The content of a gzip, bzip2 or xz file; the bytes themselves otherwise."""
    opener = {b"\x1f\x8b": gzip.decompress, b"BZ": bz2.decompress, b"\xfd7": lzma.decompress}.get(data[:2])
    return opener(data) if opener else data


def lines_of(data):
    """The records of JSON Lines that are objects."""
    return [json.loads(line) for line in data.split(b"\n") if line.strip()]


def check_always(run):
    """What holds of every run, whatever the input was."""
    need(run.status in (0, 3), "exit status", run.status, run.stderr[-300:])
    need((run.status == 3) == bool(run.failed), "exit status", run.status, "with", run.reasons)
    need(not STEERS.search(run.stderr), "control characters on the terminal:", ascii(run.stderr[:300]))
    need(run.ended.seconds < 10, "took", run.ended.seconds, "seconds")
    need(run.ended.memory <= MEMORY_KB, "took", run.ended.memory, "kB")
    for row in run.rows:
        need(row["reason"] not in ("panicked", "unaccounted"), row["reason"])
        need(row["status"] != "failed" or row["warnings"], "a failure that is not explained")
        if row["bytes_text"] is not None:
            gone = sum(removed["end"] - removed["start"] for removed in row["removed"])
            need(row["bytes_text"] == row["bytes_kept"] + gone, "unaccounted bytes in record", row["record"])
    checked = run.program.call("restore", run.out, "--verify", "-q")
    need(checked.status == 0, "restore refuses it:", checked.stderr[-300:])


def check_restored(run, expected):
    """That undoing the run gives these bytes."""
    place = run.program.fresh("restored")
    done = run.program.call("restore", run.out, "--out", place, "-q")
    need(done.status == 0, "restore:", done.stderr[-300:])
    found = unpacked((place / run.source.name).read_bytes())
    need(found == expected, "restored", len(found), "bytes are not the", len(expected), "of the input")
    shutil.rmtree(place)
