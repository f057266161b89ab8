"""What is asked of each entry of the corpus: a pattern of its path, a word of its expectation, and a check.

The first pattern that fits counts. The word has to stand in the expectation, so that a changed one is seen. A check is
called with the run over the file and the entry; it raises an `AssertionError` that says what is wrong. Where DESIGN.md
decides otherwise than the expectation, the comment says how.
"""
import codecs
import csv
import json
import re
import unicodedata

from torture_run import check_restored, lines_of, need

STORY = "The story text that must be kept."


def texts(run):
    """The texts that were kept, of the records of a JSON Lines file."""
    return [record["text"] for record in lines_of(run.kept)]


def text_of(run):
    return run.kept.decode("utf-8")


def documents(count, status=0, note=""):
    """So many records come out, each with the story and without the menu above it."""

    def check(run, _):
        need(run.status == status, "exit status", run.status)
        need(len(run.records) == count, len(run.records), "records came out")
        kept = run.kept if run.kept is not None else b""
        need(kept.count(STORY.encode()) == count and b"Home |" not in kept, "texts are missing or not cleaned")
        need(note in run.notes, "not noted:", run.notes)

    return check


def damaged(reasons, least, whole=True, said=""):
    """Records in front of a damage come out; what it is stands in the report, and the exit status tells."""

    def check(run, entry):
        need(run.status == 3 and set(run.reasons) & set(reasons), "reasons", run.reasons)
        need(len(run.records) >= least, len(run.records), "records came out")
        need(said in run.warnings, "not said:", run.warnings[:300])
        need(not whole or entry.data in run.aside, "the bytes were not put aside")
        need(not least or (run.kept or b"").count(STORY.encode()[:15]) >= least, "texts are missing")

    return check


def put_aside(*reasons, said=""):
    """The file is refused, and its bytes stand in quarantine as they were."""

    def check(run, entry):
        need(run.status == 3 and run.row["reason"] in reasons, run.row["reason"])
        need(run.aside == [entry.data], "the bytes in quarantine are not those of the file")
        need(said in run.warnings, "not said:", run.warnings)
        need(run.kept is None, "there is an output")

    return check


def unchanged(run, entry):
    need(run.status == 0 and run.kept == entry.data, "the output is not the input")


def blank(run, entry):
    # Text without words is left as it is; the row says that it has none.
    unchanged(run, entry)
    need(run.row["words"] == 0, "the row counts", run.row["words"], "words")


def holds(*parts, encoding=None, source=None, replacements=None, warned=""):
    """The kept text holds these parts, and the row says how it was decoded."""

    def check(run, _):
        need(run.status == 0, "exit status", run.status)
        text, found = text_of(run), run.row["encoding"]
        for part in parts:
            need(part in text, "not in the text:", repr(part), "in", repr(text[:200]))
        need(encoding in (None, found["label"]) and source in (None, found["source"]), found)
        need(replacements in (None, found["replacements"]), found)
        need(warned in run.warnings, "not said:", run.warnings)

    return check


# Encodings ----------------------------------------------------------------------------------------------------------

# Not one that detectors guess; as a label it is followed.
UNGUESSED = {"macintosh", "x-mac-cyrillic"}


def language_of(entry):
    return entry.path.split("/")[1]


def encoded_text(run, entry):
    """Decoded exactly, whatever the encoding: the kept text is that of the reference, cleaned."""
    name = entry.name.removesuffix(".txt")
    if name in UNGUESSED:
        run = run.program.clean(run.source, "--encoding", name)
    reference = entry.corpus / "enc" / "ref" / f"{language_of(entry)}.full.txt"
    check_restored(run, reference.read_bytes())
    twin = run.program.clean(entry.corpus / "enc" / language_of(entry) / "utf-8.txt")
    need(run.kept == twin.kept, "the text is not cleaned as it is in UTF-8")
    need(run.row["encoding"]["replacements"] == 0 and run.row["encoding"]["label"], run.row["encoding"])


def encoded_page(run, entry):
    """The same article for each encoding, label or no label."""
    body = (entry.corpus / "enc" / "ref" / f"{language_of(entry)}.body.txt").read_text(encoding="utf-8")
    # The first line may be the title of the page.
    need(text_of(run).removeprefix("Lighthouse\n").split() == body.split(), "the article is another")
    need(run.row["encoding"]["replacements"] == 0, run.row["encoding"])
    if "says-utf8" in entry.name:
        need(run.row["encoding"]["source"] == "detected", run.row["encoding"])
    elif "utf-8-says" in entry.name:
        need(run.row["encoding"]["source"] == "utf8", run.row["encoding"])


def lossy(least, most, *parts):
    """Text with so many replacements, which are counted and told."""

    def check(run, entry):
        holds(*parts)(run, entry)
        found, gone = run.row["encoding"]["replacements"], "".join(part["text"] for part in run.row["removed"])
        need(least <= found <= most and (text_of(run) + gone).count("\ufffd") == found, found, "replacements")
        need("replaced malformed bytes" in run.warnings, run.warnings)

    return check


def second_mark(run, entry):
    # The second one begins a line of chrome and goes with it; restored, it is there.
    check_restored(run, entry.data.removeprefix(codecs.BOM_UTF8))
    need(entry.data.removeprefix(codecs.BOM_UTF8).startswith(codecs.BOM_UTF8), "the file has one mark only")


def two_encodings(run, entry):
    # One of them is read with the other's letters. No byte is lost: encoded again it is the file.
    label = run.row["encoding"]["label"]
    need(run.row["encoding"]["source"] == "detected" and run.row["encoding"]["replacements"] == 0, label)
    check_restored(run, entry.data.decode(label.replace("windows-", "cp")).encode())


def japanese_vectors(run, entry):
    for vector in json.loads(entry.data):
        source = run.program.given("vector.txt", bytes.fromhex(vector["input"]))
        found = run.program.clean(source, "--encoding", "iso-2022-jp")
        need(text_of(found) == vector["output"], vector, "became", repr(text_of(found)))


def japanese_unclosed(run, entry):
    # ASCII with an escape that decodes to nonsense is passed through as it is; as Japanese only where somebody says so.
    unchanged(run, entry)
    said = run.program.clean(run.source, "--encoding", "iso-2022-jp")
    need(said.status == 0 and said.row["encoding"]["label"] == "ISO-2022-JP", said.row)


def index_of_encoding(run, entry):
    """Each pointer of the index decodes to its character, where the encoding is named."""
    label, kind = re.fullmatch(r"(.+?)_((?:in|out)(?:_ref)?)\.txt", entry.name).groups()
    label = {"jis0208": "euc-jp", "jis0212": "euc-jp"}.get(label, label.replace("_", "-"))
    if kind in ("in_ref", "out"):
        return check_restored(run, entry.data)
    reference = entry.data_of(entry.name.replace("_in.", "_in_ref.").replace("_out_ref.", "_out."))
    named = run.program.clean(run.source, "--encoding", label, "--format", "text")
    if named.row["reason"] == "binary":
        # An index holds all that can be encoded, controls and faults by the hundred, and is refused for them as data.
        need(named.aside == [entry.data], "the bytes in quarantine are not those of the file")
        for number, (coded, line) in enumerate(zip(entry.data.split(b"\n"), reference.split(b"\n"), strict=True)):
            if number % 97 == 0 and line and not re.search(rb"[\x00-\x1f\x7f]|\xef\xbf\xbd|\xc2[\x80-\x9f]", line):
                check_piece(run, coded, line, label)
    else:
        if label == "iso-2022-jp":
            reference = fullwidth(reference.decode()).encode()
        check_restored(named, reference)


def fullwidth(text):
    """Halfwidth katakana as encoders of ISO-2022-JP write them, the two marks of sounds by themselves."""
    text = text.replace("\uff9e", "\u309b").replace("\uff9f", "\u309c")
    return re.sub("[\uff61-\uff9d]", lambda found: unicodedata.normalize("NFKC", found[0]), text)


def check_piece(run, coded, line, label):
    ended = run.program.call("clean", "--encoding", label, "--no-default-rules", stdin=coded)
    need(ended.stdout == line, coded, "became", ended.stdout, "not", line)


def utf8_tests(run, entry):
    """Malformed UTF-8 becomes U+FFFD as in the reference."""
    if entry.name != "utf8tests.bin":
        return check_restored(run, entry.data)
    # So many faults are UTF-8 to nobody; a byte order mark says that they are.
    found = run.program.clean(run.program.given("tests.txt", codecs.BOM_UTF8 + entry.data), "--no-default-rules")
    check_restored(found, entry.data_of("utf8.replace.ref.txt"))


def kuhn(run, entry):
    check_restored(run, entry.data.decode("utf-8", "replace").encode())
    need(run.kept.count(b"\n") == entry.data.count(b"\n"), "lines are missing")


# Lines and Unicode --------------------------------------------------------------------------------------------------

def line_ends(run, entry):
    """The same two paragraphs, with the line ends of the file."""
    text, end = text_of(run), {"lf": "\n", "crlf": "\r\n", "cr": "\r", "crcrlf": "\r\r\n", "lfcr": "\n\r"}[entry.name[:-4]]
    paragraphs = [line for line in re.split("[\r\n]+", text) if line]
    need([line.split()[1] for line in paragraphs] == ["first", "second"], paragraphs)
    need(end in text, "the line ends are others")


def no_line_end(run, entry):
    # Only CR and LF end lines, so the text is one line of prose, which stays.
    unchanged(run, entry)
    need(run.row["lines"] == 1, run.row["lines"], "lines")


def visible(*says):
    """The bytes stay; where a terminal shows them, they are escaped."""

    def check(run, entry):
        unchanged(run, entry)
        shown = run.program.call("explain", run.source, "--color", "never")
        need(shown.status == 0 and not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]",
             shown.stdout.decode("utf-8")), "explain shows control characters")

    return check


RULE = """format = 1
category = "share"
[[rule]]
id = "made-up"
lang = "any"
strength = "alone"
form = "{form}"
pattern = ['{pattern}']
why = "Made up to be found."
hit = ["{hit}"]
miss = ["nothing of the kind"]
"""


def found_by(pattern, gone, form="line"):
    """A rule of this pattern takes exactly these words, and its pattern is plain."""

    def check(run, entry):
        rules = run.program.given("rules.toml", RULE.format(form=form, pattern=pattern, hit=pattern).encode())
        found = run.program.clean(run.source, "--rules", rules)
        removed = [part["text"].strip() for part in found.row["removed"] if part["category"] != "blank"]
        need(found.status == 0 and removed == gone, "removed", removed, found.stderr)
        need(found.kept.decode() in entry.data.decode() or gone, "the output is no part of the input")

    return check


def chrome_line(*kept):
    """The first line goes, disguised as it is; the other bytes stay as they are."""

    def check(run, entry):
        need(run.row["status"] == "cleaned", run.row["status"])
        need(run.kept == b"".join(part.encode() for part in kept), repr(text_of(run)))

    return check


def all_of_it_stays(run, entry):
    unchanged(run, entry)
    check_restored(run, entry.data)


# JSON Lines ---------------------------------------------------------------------------------------------------------

def bad_lines(good, bad):
    """Lines that are no JSON are put aside, each with its place; the others are cleaned."""

    def check(run, entry):
        need(run.status == 3 and set(run.reasons) == {"not_json"}, run.reasons)
        need(len(run.records) == good and len(run.failed) == bad, len(run.records), "and", len(run.failed))
        for row, piece in zip(run.failed, run.aside, strict=True):
            at = row["quarantine"]["offset"]
            need(entry.data[at:at + row["quarantine"]["bytes"]] == piece and piece, "the place is wrong")
        need(len(lines_of(run.kept or b"")) == good, "lines are missing")
        if good + bad > 0:
            check_restored(run, entry.data)

    return check


def spliced(count, *kept):
    """So many records, of which everything but the text is byte for byte as it was."""

    def check(run, entry):
        need(run.status == 0, run.reasons)
        need(len([row for row in run.rows if row["record"]]) == count, [row["record"] for row in run.rows])
        before, after = outside(entry.data), outside(run.kept)
        need(before == after, "bytes outside the text changed")
        for part in kept:
            need(part in run.kept, "not in the output:", part)
        check_restored(run, entry.data)

    return check


def outside(data):
    """JSON Lines without what stands between the quotation marks of texts."""
    return re.sub(rb'"text"\s*:\s*"(?:[^"\\]|\\.)*"', b'"text"', data)


def without_text(run, entry):
    need(run.status == 0 and run.kept == entry.data, "the output is not the input")
    need({row["reason"] for row in run.rows} == {"no_text"} and len(run.rows) == 10, run.rows)


def json_case(run, entry):
    """JSON that must be taken, must be refused, or may be either, as a line of JSON Lines."""
    run = run.program.clean(run.source, "--format", "jsonl")
    again = run.program.clean(run.source, "--format", "jsonl", "-j", "1")
    need(again.rows == run.rows, "another verdict the second time")
    if any(row["reason"] in ("not_text", "binary") for row in run.rows):
        # UTF-16 is no JSON Lines: the file is refused as a whole.
        return put_aside("not_text", "binary")(run, entry)
    check_restored(run, entry.data)
    kind, lines = entry.name[0], [line for line in entry.data.split(b"\n") if line.strip()]
    if kind == "y" and len(lines) > 1:
        # A value over several lines is JSON and no JSON Lines; its pieces are put aside, and the message says so.
        return need(run.failed and b"".join(run.aside) == entry.data, "the lines are not put aside")
    if kind == "y":
        need(run.status == 0 and run.kept == entry.data and len(run.rows) == 1, run.rows)
    blank_line = not entry.data.removeprefix(codecs.BOM_UTF8).strip()
    if kind == "n" and not blank_line:
        # Nothing is what a blank line holds; it is no record and no failure.
        need(run.status == 3 and "not_json" in run.reasons, [(row["record"], row["reason"]) for row in run.rows])


def naughty(run, entry):
    """No string is changed where there are no rules, and none reaches a terminal as it is."""
    keep = [word for rule in ("after-the-end", "doubled-title", "headline-tail", "link-markup", "menu-run")
            for word in ("--keep", rule)]
    data = entry.data
    if entry.name == "blns.json":
        data = b"".join(json.dumps({"text": text}).encode() + b"\n" for text in json.loads(data))
    source = run.program.given("naughty." + ("jsonl" if entry.name == "blns.json" else "txt"), data)
    plain = run.program.clean(source, "--no-default-rules", *keep)
    need(plain.status == 0 and plain.kept == data, "not the same bytes", plain.stderr)
    no_markup(run.program.clean(source), entry)


def no_markup(run, entry):
    """The review page of a run holds nothing of the text as markup or script."""
    page = run.program.fresh("review.html")
    done = run.program.call("report", run.out, "--out", page, "-q")
    need(done.status == 0, done.stderr)
    html = page.read_text(encoding="utf-8")
    need("Content-Security-Policy" in html, "the page has no policy")
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", html, re.S)
    outside_scripts = re.sub(r"<script[^>]*>.*?</script>", "", html, flags=re.S)
    for bad in ("alert(1)", "onerror=", "onload="):
        tags = [tag for tag in re.findall(r"<[a-zA-Z][^>]*>", outside_scripts) if bad in tag]
        need(not tags, "markup of the text in the page:", tags[:1])
    need(all("alert(1)" not in script or script.lstrip().startswith(("{", "[", '"')) for script in scripts), "a script")
    shown = run.program.call("explain", run.source, "--color", "never")
    need(not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028]", shown.stdout.decode()), "controls")


# What is written from content ---------------------------------------------------------------------------------------

def ids_as_names(run, entry):
    """Ids never become names: everything stays below the output, and no record takes another's place."""
    count = len(lines_of(entry.data))
    exploded = run.program.clean(run.source, "--explode")
    files = [path for path in exploded.out.rglob("*") if path.is_file() and path.parent != exploded.out]
    need(exploded.status == 0 and len(files) == count, len(files), "files of", count, "records")
    for path in files:
        need(path.resolve().is_relative_to(exploded.out.resolve()), path)
        need(re.fullmatch(r"[\w.-]+", path.name), "a name from content:", path.name)
    need([row["id"] for row in run.rows] == [line["id"] for line in lines_of(entry.data)], "ids are missing in the report")


def one_line_each(run, entry):
    report = (run.out / "report.jsonl").read_bytes()
    need(report.count(b"\n") == len(lines_of(entry.data)) == len(run.rows), "another number of lines")


def no_formulas(run, entry):
    need(run.kept == entry.data, "the output is not the input")
    table = run.program.call("report", run.out, "--csv").stdout.decode("utf-8-sig")
    formulas = [cell for row in csv.reader(table.splitlines()) for cell in row if cell.startswith(tuple("=+-@\t\r"))]
    need(not formulas, "formulas in the table:", formulas)


# Compression and archives -------------------------------------------------------------------------------------------

def bomb(run, entry):
    put_aside("bomb")(run, entry)
    need(run.ended.memory < 64 << 10, run.ended.memory, "kB")
    streamed = run.program.filtered(entry.data)
    need(streamed.status != 0 and len(streamed.stdout) <= 80 << 20, len(streamed.stdout), "bytes came out of a filter")


def no_large_window(run, entry):
    put_aside("unsupported")(run, entry)
    need(run.ended.memory < 64 << 10, run.ended.memory, "kB")


def archive(count, failed=(), kept=None, passed=None, warned=""):
    """So many texts, and records that are none put aside."""

    def check(run, entry):
        need(len(run.records) == count, len(run.records), "texts")
        need(sorted(run.reasons) == sorted(failed), run.reasons)
        need(kept is None or kept.encode() in run.kept, "not in the output:", kept)
        need(passed is None or run.summary["passed_by"] == passed, run.summary["passed_by"])
        need(warned in run.warnings, run.warnings)
        for row, piece in zip([row for row in run.failed if row.get("quarantine")], run.aside):
            need(len(piece) == row["quarantine"]["bytes"] > 0, "quarantine is too short")

    return check


def damaged_member(run, entry):
    archive(4, ["corrupt"])(run, entry)
    numbers = [int(number) for number in re.findall(rb"must be kept\.\n(\d)", run.kept)]
    need(numbers == [0, 2, 3, 4], "the stories that came out:", numbers)


def russian_page(run, entry):
    archive(1)(run, entry)
    body = (entry.corpus / "enc" / "ref" / "ru.body.txt").read_text(encoding="utf-8")
    need(re.sub(r"\s+", " ", body).strip() in re.sub(r"\s+", " ", run.kept.decode()), "the text is another")


def raw_uri(run, entry):
    archive(2)(run, entry)
    need(b"caf\xe9" in run.kept, "the address lost a byte")


# So many texts each holds, as the libraries that the archives come from read them.
ARCHIVES = {
    "example-iana.org-chunked.warc": 1, "example-resource.warc.gz": 1, "example.warc": 1, "example.warc.gz": 1,
    "example-digest.warc": 0, "example-space-in-target-uri.warc.gz": 0, "post-test.warc.gz": 0,
    "example-bad-non-chunked.warc.gz": 1, "example-bad.warc.gz.bad": 1, "example-trunc.warc": 0,
    "example-wget-bad-target-uri.warc.gz": 3, "example-wrong-chunks.warc.gz": 1,
    "block-sized-records.warc": 0, "block-sized-records.warc.gz": 0, "clipped.warc.gz": 0, "clueweb-quirk.warc.gz": None,
    "warcfile.warc.gz": None,
}
# Records of each kind, texts and those passed by and put aside together.
RECORDS = {
    "example.warc": 6, "example.warc.gz": 6, "block-sized-records.warc": None, "clueweb-quirk.warc.gz": None,
    "warcfile.warc.gz": None,
}


def library_archive(run, entry):
    """All records are there; damage is told."""
    if ".arc" in entry.name or entry.name == "bad.arc":
        # ARC, the format before WARC, is not read, and refused with what to do.
        return put_aside("not_this_format", said="warcio recompress")(run, entry)
    texts_expected = ARCHIVES[entry.name]
    need(texts_expected is None or len(run.records) == texts_expected, len(run.records), "texts")
    whole = entry.unpacked()
    starts = len(re.findall(rb"(?:^|\n)WARC/1\.[01]\r?\n", whole)) if whole else 0
    told = len([row for row in run.rows if row["record"]]) + sum(run.summary["passed_by"].values())
    pieces = len([row for row in run.failed if not row["record"]])
    need(told + pieces >= starts, told, "and", pieces, "records told of", starts)
    need(whole is not None or run.status == 3, "a broken archive passes")


def parquet_bad(run, entry):
    """Refused, or copied byte for byte where no column holds a text to read."""
    if run.status == 0:
        need(run.row["reason"] == "no_text" and run.kept == entry.data, run.row)
    else:
        put_aside("not_this_format", "corrupt", "unsupported")(run, entry)
    columns = set(re.findall(rb"[A-Za-z_][A-Za-z0-9_]{2,30}", entry.data[-4096:]))
    for column in sorted(columns)[:40]:
        named = run.program.clean(run.source, "--text-field", column.decode(), "-q")
        need(named.status in (0, 2, 3) and "panicked" not in named.stderr, column, named.stderr)
        need(named.status != 3 or named.aside == [entry.data], column, "is not put aside")
        named.drop()
