#!/usr/bin/env python3
"""Writes a WET and a WARC file with warcio, cleans them, and reads them back with warcio, which checks lengths and digests.

    pip install warcio
    python3 tests/peers/warc.py target/release/dechrome

Every record must be there and be read by itself, and no text may hold its chrome. The exit status is 1 where that is not so.
"""
import collections
import io
import pathlib
import subprocess
import sys
import tempfile

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGES = 300
BODY = "The ferry to bridge number {n} was late every morning that week, and the people at the pier began to talk."
CHROME = "Kindly Share This Story:"


def wet(path):
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("a", {"software": "made up"}))
        for n in range(PAGES):
            text = f"{BODY.format(n=n)}\n{CHROME}\n".encode()
            url = f"https://news{n % 9}.example.org/{n}"
            record = writer.create_warc_record(
                url, "conversion", payload=io.BytesIO(text), warc_content_type="text/plain")
            writer.write_record(record)


def warc(path):
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=True)
        for n in range(PAGES):
            url, heads = f"https://news{n % 9}.example.org/{n}", [("Content-Type", "text/html; charset=utf-8")]
            paragraphs = f"<p>{BODY.format(n=n)}</p>" * 4
            page = f"<html><body><nav>Home</nav><article>{paragraphs}<p>{CHROME}</p></article></body></html>".encode()
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "example.org")], is_http_request=True)
            answer = StatusAndHeaders("200 OK", heads, protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
            writer.write_record(writer.create_warc_record(url, "response", payload=io.BytesIO(page), http_headers=answer))


def read(path):
    counts, chrome = collections.Counter(), 0
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            counts[record.rec_type] += 1
            chrome += CHROME.encode() in record.content_stream().read()
    return dict(counts), chrome


def main():
    with tempfile.TemporaryDirectory() as directory:
        source, out = pathlib.Path(directory) / "in", pathlib.Path(directory) / "out"
        source.mkdir()
        wet(source / "a.warc.wet.gz")
        warc(source / "b.warc.gz")
        subprocess.run([pathlib.Path(sys.argv[1]).resolve(), "clean", source, "--out", out, "-q"], check=True)
        found = [read(out / "a.warc.wet.gz"), read(out / "b.warc.gz")]
    expected = [({"warcinfo": 1, "conversion": PAGES}, 0), ({"request": PAGES, "conversion": PAGES}, 0)]
    print(found, "as it should be" if found == expected else f"is not {expected}")
    sys.exit(found != expected)


main()
