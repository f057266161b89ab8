#!/usr/bin/env python3
"""Makes the system fail under a run, again and again, and looks at what is left each time. Linux; with strace for `calls` and
`order`, as root for `full`.

    python3 tests/peers/faults.py BIN kill [CYCLES]      kill -9 at random moments, go on, compare at the end
    python3 tests/peers/faults.py BIN signals [CYCLES]   SIGINT, SIGTERM, SIGHUP: exit status 4, go on, compare
    python3 tests/peers/faults.py BIN calls [STEP] [CALL,…] [ERROR,…]
                                                         let the n-th call of a kind fail, for n = 1, 1 + STEP, …
    python3 tests/peers/faults.py BIN full               disks that have no room for bytes, or for files
    python3 tests/peers/faults.py BIN limits             limits on sizes of files, open files and memory
    python3 tests/peers/faults.py BIN order              what --sync has written down before what

What is made up is one tree of 200 inputs of all kinds. A run that does not end well must not end with status 0, no file may
stand under its own name with other bytes than those of a run that nothing happened to, and `--resume` must come to the very
same tree. More options for the program come from the variable OPTIONS. The exit status is 1 where anything is amiss.
"""
import gzip
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CALLS = "openat,read,write,fsync,fdatasync,linkat,rename,renameat,renameat2,mkdirat,unlinkat,ftruncate,lseek,flock,getdents64"
ERRORS = "EIO,ENOSPC,EMFILE,EINTR"
WORDS = """the river harbour council voted late tonight after a long debate about new bridge funding and local schools were
told to wait for spring while residents asked for answers""".split()
CHROME = ["Share this:", "Leave a Reply", "Your email address will not be published. Required fields are marked *"]
OPTIONS = os.environ.get("OPTIONS", "").split()
# What a run that was stopped leaves besides outputs, and what tells of inputs that failed.
OWN, TOLD = ".dechrome-", ("report.jsonl", "summary.json")


def article(rnd):
    paragraphs = [" ".join(rnd.choices(WORDS, k=40)).capitalize() + "." for _ in range(4)]
    return "\n\n".join(["A Headline About " + rnd.choice(WORDS).title(), *paragraphs, *CHROME]) + "\n"


def inputs(root):
    """Texts in directories, pages, records, compressed ones, binary data."""
    rnd = random.Random(5)

    def put(name, data):
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)

    def records():
        return "".join(json.dumps({"id": n, "text": article(rnd)}) + "\n" for n in range(30)).encode()

    for n in range(170):
        put(f"d{n // 20:02}/e{n % 3}/a{n:03}.txt", article(rnd).encode())
    for n in range(10):
        body = "".join(f"<p>{line}</p>" for line in article(rnd).split("\n\n"))
        put(f"p{n}.html", f"<html><head><title>T</title></head><body><article>{body}</article></body></html>".encode())
    for n in range(6):
        put(f"j{n}.jsonl", records() + b"not json\n")
    for n in range(4):
        put(f"z{n}.jsonl.gz", gzip.compress(records()))
    for n in range(5):
        put(f"b{n}.txt", bytes(range(256)) * 8)
        put(f"g{n}.txt.gz", gzip.compress(article(rnd).encode()))


def tree(root):
    found = {}
    for base, _, names in os.walk(root):
        for name in names:
            path = os.path.join(base, name)
            key = os.path.relpath(path, root)
            with open(path, "rb") as file:
                data = file.read()
            if key == "summary.json":
                summary = json.loads(data)
                summary.pop("timings")
                data = json.dumps(summary, sort_keys=True).encode()
            found[key] = hashlib.sha256(data).hexdigest()
    return found


class Runs:
    def __init__(self, program, place):
        self.program, self.source, self.out = program, os.path.join(place, "in"), os.path.join(place, "out")
        inputs(self.source)
        start = time.time()
        self.status, _ = self.run()
        self.seconds = time.time() - start
        self.base = tree(self.out)
        self.trials = self.bad = 0
        print(f"undisturbed: status {self.status}, {len(self.base)} files, {self.seconds:.2f} s", flush=True)

    def command(self, *more):
        return [self.program, "clean", self.source, "--out", self.out, "--resume", "-q", *OPTIONS, *more]

    def run(self, wrap=(), before=None):
        ended = subprocess.run([*wrap, *self.command()], stderr=subprocess.PIPE, preexec_fn=before, timeout=300)
        return ended.returncode, ended.stderr

    def fresh(self):
        shutil.rmtree(self.out, ignore_errors=True)

    def amiss(self, what, *details):
        self.bad += 1
        print("AMISS", what, *details, flush=True)

    def judge(self, what, status, stderr):
        """What a run that was disturbed left."""
        self.trials += 1
        left = tree(self.out) if os.path.isdir(self.out) else {}
        # Inputs that could not be read are told of, which is another report.
        told = TOLD if status == 3 else ()
        torn = [name for name in left if name not in told and self.base.get(name, left[name]) != left[name]]
        # With status 3 every input that has no output is named in the report; the binary ones always are.
        gap = status == self.status and left != self.base and not self.told_all(left)
        if torn or gap or b"panicked" in stderr or status not in (0, 2, 3, 4):
            self.amiss(what, f"status {status}", f"torn {torn[:3]}" if torn else "", "a gap" if gap else "", stderr[-300:])

    def told_all(self, left):
        """Whether all that is missing failed by the report, and the status says so."""
        if "report.jsonl" not in left or self.status == 0:
            return False
        with open(os.path.join(self.out, "report.jsonl"), "rb") as file:
            rows = [json.loads(line) for line in file]
        failed = {row["path"] for row in rows if row["status"] == "failed"}
        missing = [name for name in self.base if name not in left and not name.startswith("quarantine/")]
        # A directory that cannot be read fails as a whole.
        return all(
            "." in failed or any(name == path or name.startswith(path + "/") for path in failed) for name in missing)

    def goes_on(self, what):
        status, stderr = self.run()
        left = tree(self.out)
        if left != self.base or status != self.status:
            differ = [name for name in {**left, **self.base} if left.get(name) != self.base.get(name)]
            self.amiss(what, "went on with status", status, differ[:5], stderr[-300:])

    def end(self):
        print(f"{self.trials} trials, {self.bad} amiss")
        sys.exit(self.bad > 0)


def kill(runs, cycles="1000"):
    rnd, kills = random.Random(7), 0
    runs.fresh()
    while kills < int(cycles):
        process = subprocess.Popen(runs.command(), stderr=subprocess.PIPE)
        try:
            _, stderr = process.communicate(timeout=rnd.uniform(0, runs.seconds * 0.9))
            if process.returncode != runs.status or tree(runs.out) != runs.base:
                runs.amiss("a run that came to its end", process.returncode, stderr[-300:])
            runs.fresh()
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            kills += 1
            runs.judge(f"kill {kills}", 4, b"")
    runs.goes_on("after the last kill")


def signals(runs, cycles="60"):
    rnd = random.Random(8)
    for n in range(int(cycles)):
        runs.fresh()
        number = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP][n % 3]
        process = subprocess.Popen(runs.command(), stderr=subprocess.PIPE)
        time.sleep(rnd.uniform(0.05, 0.05 + runs.seconds * 0.8))
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
        if process.returncode not in (4, runs.status) and process.returncode != -number:
            runs.amiss(signal.Signals(number).name, process.returncode, stderr[-300:])
        runs.judge(signal.Signals(number).name, process.returncode if process.returncode >= 0 else 4, stderr)
        runs.goes_on(signal.Signals(number).name)


def count(runs, call):
    runs.fresh()
    log = runs.out + ".log"
    subprocess.run(["strace", "-f", "-qq", "-o", log, "-e", f"trace={call}", *runs.command()], stderr=subprocess.DEVNULL)
    with open(log, errors="replace") as file:
        return sum(1 for line in file if re.search(rf"\b{call}\(", line))


def calls(runs, step="1", names=CALLS, errors=ERRORS):
    statuses = {}
    for call in names.split(","):
        number = count(runs, call)
        print(f"{call}: {number} calls", flush=True)
        for error in errors.split(","):
            for n in range(1, number + 1, int(step)):
                runs.fresh()
                inject = f"inject={call}:error={error}:when={n}"
                wrap = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject]
                what = f"{error} from {call} {n}"
                try:
                    status, stderr = runs.run(wrap)
                except subprocess.TimeoutExpired:
                    runs.amiss(what, "hangs")
                    continue
                # The loader of programs may fail, too.
                runs.judge(what, 4 if status == 127 else status, stderr)
                statuses[call, error, status] = statuses.get((call, error, status), 0) + 1
                runs.goes_on(what)
    for (call, error, status), times in sorted(statuses.items()):
        print(f"{call:10} {error:7} status {status}: {times}")


def full(runs):
    size = sum(os.path.getsize(os.path.join(base, name)) for base, _, names in os.walk(runs.out) for name in names)
    runs.fresh()
    os.makedirs(runs.out)
    place = runs.out
    kinds = [f"size={size * part // 10 // 1024}k" for part in range(1, 11)] + [f"nr_inodes={n}" for n in range(10, 260, 25)]
    for kind in kinds:
        subprocess.run(["mount", "-t", "tmpfs", "-o", kind, "tmpfs", place], check=True)
        runs.out = os.path.join(place, "out")
        try:
            status, stderr = runs.run()
            runs.judge(kind, status, stderr)
            if status == runs.status and tree(runs.out) != runs.base:
                runs.amiss(kind, "passes as done")
            subprocess.run(["mount", "-o", "remount,size=1g,nr_inodes=100k", place], check=True)
            runs.goes_on(kind)
        finally:
            runs.out = place
            subprocess.run(["umount", place], check=True)
    status = subprocess.run(runs.command()[:2] + [runs.source + "/d00/e0/a000.txt"], stdout=open("/dev/full", "w"),
                            stderr=subprocess.PIPE)
    if status.returncode == 0:
        runs.amiss("a full standard output passes as done")


def limits(runs):
    kinds = {"fsize": resource.RLIMIT_FSIZE, "nofile": resource.RLIMIT_NOFILE, "as": resource.RLIMIT_AS}
    values = {"fsize": [1, 512, 2048, 8192, 65536], "nofile": [6, 8, 12, 16, 24, 32, 48], "as": [96, 128, 192, 256, 512]}
    for kind, limit in kinds.items():
        for value in values[kind]:
            runs.fresh()
            number = value << 20 if kind == "as" else value
            try:
                status, stderr = runs.run(before=lambda: resource.setrlimit(limit, (number, number)))
            except (OSError, subprocess.SubprocessError) as error:
                print(f"{kind} {value}: cannot be tried ({error})")
                continue
            print(f"{kind} {value}: status {status}")
            # Memory that is refused ends a program written in Rust; nothing may be torn by that.
            ended = 4 if kind == "as" and status in (-6, 134, 127) else status
            runs.judge(f"{kind} {value}", ended, stderr)
            runs.goes_on(f"{kind} {value}")


def order(runs):
    """Every output is written down before it gets its name, the name before the journal says that it is done."""
    runs.fresh()
    log = runs.out + ".log"
    names = "openat,fsync,fdatasync,linkat,rename,renameat,renameat2,write"
    subprocess.run(["strace", "-f", "-y", "-s", "200", "-qq", "-o", log, "-e", f"trace={names}", *runs.command("--sync", "-j1")],
                   stderr=subprocess.DEVNULL)
    synced, named, renamed, told = set(), set(), {}, 0
    with open(log, errors="replace") as file:
        for line in file:
            held = re.search(r"f(?:data)?sync\(\d+<([^>]*)>", line)
            if held:
                path = held.group(1).removesuffix(" (deleted)")
                synced.add(path)
                named |= {name for name in renamed if os.path.dirname(name) == path}
                continue
            # A file that had no name at all gets its own.
            linked = re.search(r'linkat\(\d+<([^>]*)>[^,]*, "", \d+<([^>]*)>, "([^"]*)"', line)
            if linked:
                nameless, directory, after = linked.groups()
                if nameless not in synced:
                    runs.amiss(f"{after} gets its name before it is written down")
                renamed[os.path.join(directory, after)] = True
                continue
            moved = re.search(r'renameat2?\(\d+<([^>]*)>, "([^"]*)", \d+<[^>]*>, "([^"]*)"', line)
            if moved:
                directory, before, after = moved.groups()
                if os.path.join(directory, before) not in synced:
                    runs.amiss(f"{after} gets its name before it is written down")
                renamed[os.path.join(directory, after)] = True
                continue
            if "dechrome-running.jsonl" in line and '{\\"done\\"' in line:
                for path in re.findall(r'\{\\"done\\":\{\\"path\\":\\"([^"\\]*)\\"', line):
                    told += 1
                    target = os.path.join(runs.out, path)
                    if target in renamed and target not in named:
                        runs.amiss(f"{path} is done before its name is written down")
    runs.trials = told
    if told < 150:
        runs.amiss("the journal could not be followed", told)


def main():
    if len(sys.argv) < 3 or sys.argv[2] not in (kinds := dict(kill=kill, signals=signals, calls=calls, full=full, limits=limits,
                                                            order=order)):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as place:
        runs = Runs(os.path.realpath(sys.argv[1]), place)
        kinds[sys.argv[2]](runs, *sys.argv[3:])
        runs.end()


main()
