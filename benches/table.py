#!/usr/bin/env python3
"""Prints what the last `cargo bench` found, as a table in Markdown."""
import json
import os
import pathlib

from measuring import ROOT, table


def main():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    rows = []
    for file in sorted((target / "criterion").glob("**/new/benchmark.json")):
        told = json.loads(file.read_text())
        nanoseconds = json.loads((file.parent / "estimates.json").read_text())["median"]["point_estimate"]
        size = (told.get("throughput") or {}).get("Bytes")
        speed = f"{size * 1000 / nanoseconds:.1f}" if size else ""
        rows.append([told["full_id"], f"{nanoseconds / 1e6:.3f}", speed])
    table(["bench", "ms", "MB/s"], rows)


if __name__ == "__main__":
    main()
