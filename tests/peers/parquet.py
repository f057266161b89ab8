#!/usr/bin/env python3
"""Writes Parquet files with pyarrow, cleans them, and reads them back with pyarrow and DuckDB.

    pip install pyarrow duckdb
    python3 tests/peers/parquet.py target/release/dechrome

Other columns, the schema with its metadata, row groups and codecs must come out as they went in, and the text column without
its chrome. Prints a line a codec; the exit status is 1 where anything differs.
"""
import datetime
import decimal
import pathlib
import subprocess
import sys
import tempfile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 3000
BODY = (
    "The council voted on Monday evening to repair bridge number {n}, which has been closed for two years.\n"
    "People who live on the island had asked for it again and again, and they thanked the mayor for the decision.\n"
)
CHROME = "\nALSO READ: Some Other Headline Here\n"


def table():
    start = datetime.datetime(2024, 1, 1)
    texts = [None if n % 500 == 7 else BODY.format(n=n) + (CHROME if n % 3 == 0 else "") for n in range(ROWS)]
    return pa.table({
        "id": pa.array(range(ROWS)),
        "text": pa.array(texts),
        "url": [f"https://news{n % 9}.example.org/{n}" for n in range(ROWS)],
        "tags": pa.array([["a", None, "b"] if n % 2 else [] for n in range(ROWS)]),
        "when": pa.array([start + datetime.timedelta(seconds=n) for n in range(ROWS)], pa.timestamp("us", tz="UTC")),
        "map": pa.array([[("k", n)] for n in range(ROWS)], pa.map_(pa.string(), pa.int64())),
        "price": pa.array([decimal.Decimal(n) / 100 for n in range(ROWS)], pa.decimal128(12, 2)),
        "kind": pa.array(["x", "y"] * (ROWS // 2)).dictionary_encode(),
    })


def check(program, codec, directory):
    source, out = directory / "in", directory / "out"
    source.mkdir()
    pq.write_table(table(), source / "a.parquet", compression=codec, row_group_size=700)
    subprocess.run([program, "clean", source, "--out", out, "-q"], check=True)
    before, after = pq.read_table(source / "a.parquet"), pq.read_table(out / "a.parquet")
    expected = [text and text.replace(CHROME, "") for text in before["text"].to_pylist()]
    old, new = (pq.ParquetFile(where / "a.parquet").metadata for where in (source, out))
    column = lambda meta: [meta.row_group(n).column(1).compression for n in range(meta.num_row_groups)]
    query = f"select count(*), sum(id), count(text), max(url) from '{out / 'a.parquet'}' where id >= 100 and text is not null"
    return {
        "other columns": all(after[name].equals(before[name]) for name in before.column_names if name != "text"),
        "schema": after.schema.equals(before.schema, check_metadata=True),
        "texts": after["text"].to_pylist() == expected,
        "row groups and codecs": column(old) == column(new),
        "DuckDB": duckdb.sql(query).fetchall() == duckdb.sql(query.replace(str(out), str(source))).fetchall(),
    }


def main():
    failed = False
    for codec in ["none", "snappy", "gzip", "zstd", "lz4", "brotli"]:
        with tempfile.TemporaryDirectory() as directory:
            found = check(pathlib.Path(sys.argv[1]).resolve(), codec, pathlib.Path(directory))
        wrong = [what for what, right in found.items() if not right]
        failed |= bool(wrong)
        print(f"{codec}: {'differs: ' + ', '.join(wrong) if wrong else 'as it should be'}")
    sys.exit(failed)


main()
