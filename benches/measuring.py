"""What the scripts beside this one share: running commands, texts to run them on, tables."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclass
class Run:
    """The best of some runs: seconds on the clock, seconds on processors, and the most memory, in MB, where it is known."""

    wall: float
    cpu: float
    memory: float = 0


def measured(command, told):
    """The command under GNU time, if there is one, which writes the kilobytes it took to a file.

    What the system says of a child of this script counts what the script had when it began the child.
    """
    gnu_time = shutil.which("time")
    return [gnu_time, "-f", "%M", "-o", told, *command] if gnu_time else command


def kilobytes(told):
    lines = told.read_text().split()
    return int(lines[-1]) if lines else 0


def once(command, stdin=None, stdout=None, allowed=(0,)):
    """Runs a command once. Its output goes nowhere, or to a file."""
    command = [str(part) for part in command]
    with open(stdin or os.devnull, "rb") as read, open(stdout or os.devnull, "wb") as write, tempfile.TemporaryDirectory() as place:
        memory = pathlib.Path(place) / "memory"
        memory.touch()
        begin = time.perf_counter()
        child = subprocess.Popen(measured(command, memory), stdin=read, stdout=write, stderr=subprocess.PIPE)
        told = child.stderr.read().decode(errors="replace")
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in allowed:
            raise SystemExit(f"{' '.join(command)}\nended with {child.returncode}:\n{told}")
        return Run(wall, used.ru_utime + used.ru_stime, kilobytes(memory) / 1024)


def best(runs):
    return Run(min(run.wall for run in runs), min(run.cpu for run in runs), max(run.memory for run in runs))


def alternating(jobs, rounds):
    """Runs jobs, functions without arguments by name, one after the other, round after round; the best of each.

    What else the machine does only makes a run slower, and it does it to all of them alike.
    """
    runs = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            runs[name].append(job())
    return {name: best(each) for name, each in runs.items()}


def make_texts(*args):
    """Lets the example `texts` write something."""
    command = ["cargo", "run", "--quiet", "--manifest-path", str(ROOT / "Cargo.toml"), "--example", "texts", "--"]
    subprocess.run(command + [str(arg) for arg in args], check=True)


def clean_tree(program, inputs, out, threads):
    """A job that cleans a tree into a directory that is not there."""

    def job():
        shutil.rmtree(out, ignore_errors=True)
        return once([program, "clean", inputs, "--out", out, "--threads", threads, "--progress", "never", "--no-config"])

    return job


def clean_lines(program, file, threads, *more):
    """A job that cleans a file to nowhere."""
    return lambda: once([program, "clean", file, "--threads", threads, "--no-config", *more])


def table(head, rows):
    """Prints a table in Markdown."""
    rows = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for number, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")
    print(flush=True)
