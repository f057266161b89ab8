#!/usr/bin/env python3
"""Makes review pages and opens them in Chromium, as a reader would: looks, searches, marks, and takes the marks as rules.

    pip install playwright        # and a Chromium, whose path is in CHROMIUM (else /usr/bin/chromium)
    python3 tests/peers/page.py target/release/dechrome [SHOTS]

Numbers must be those of the report, no text of a document may be more than text, nothing may be asked of the network, and the
marks must be rules that do what they say. Screenshots go to the directory SHOTS, if one is named. The exit status is 1 where
something is not so.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from playwright.sync_api import sync_playwright

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
SHOTS = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
MANY = 20_000

BODIES = {
    "en": "The ferry had been late every morning that week, and the people who waited at the pier had begun to talk.",
    "de": "Die Fähre war in dieser Woche jeden Morgen zu spät, und die Leute, die am Ufer warteten, kamen ins Gespräch.",
    "ru": "Паром на этой неделе каждое утро опаздывал, и люди, которые ждали на пристани, начали говорить друг с другом.",
    "ar": "تأخرت العبارة كل صباح في ذلك الأسبوع، وبدأ الناس الذين كانوا ينتظرون عند الرصيف يتحدثون مع بعضهم البعض.",
    "ja": "その週、渡し船は毎朝遅れて到着し、桟橋で待っていた人々は互いに話をするようになり、やがて友人になった。",
}
CHROME = ["ALSO READ: Some Other Headline Here", "Leave a Reply", "Kindly Share This Story:"]
# Lines that no rule knows: a reader has to mark them.
LEFT = ["Brought to you by the harbour office of Westerley", "Tap the bell (top right) \\ {now} | again?"]
HOSTILE = [
    "ALSO READ: </script><script>alert('text')</script><img src=x onerror=alert(1)>",
    "ALSO READ: \u202eevil\u202c \u2028 \u0007 \"quoted\" 'single' \\back `tick` ]]> <!-- 🎉 ${alert(1)}",
    'Kindly Share This Story: https://e.example/?a="><svg onload=alert(2)>',
]


def text(lang, n, chrome):
    body = f"{BODIES[lang]}\n\n{BODIES[lang]}\n"
    return f"Story {n}\n\n{body}\n{chrome}\n\n{BODIES[lang]}\n"


def dechrome(*args, status=0):
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True)
    assert done.returncode == status, (args, done.returncode, done.stdout, done.stderr)
    return done.stdout


def rows_of(out):
    # Not by `splitlines`: texts hold more separators than that of lines of JSON.
    return [json.loads(line) for line in (out / "report.jsonl").read_text().split("\n") if line]


def some_documents(source):
    source.mkdir()
    for n, lang in enumerate(list(BODIES) * 3):
        left = f"\n{LEFT[n % 2]}\n" if n < 4 else ""
        (source / f"{lang}-{n:02}.txt").write_text(text(lang, n, CHROME[n % 3]) + left)
    for n, chrome in enumerate(HOSTILE):
        (source / f"hostile <b>{n} & \"q\".txt").write_text(text("en", n, chrome))
    (source / "name\u202e\n.txt").write_text(text("en", 99, CHROME[1]))
    rows = [{"text": text("en", n, CHROME[n % 3]), "url": f"https://news{n % 7}.example.org/{n}"} for n in range(40)]
    (source / "dump.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows) + "{broken\n")
    (source / "page.html").write_text(f"<html><body><article>{'<p>' + BODIES['en'] + '</p>'}<p>{CHROME[1]}</p></article></body></html>")


def many_documents(path):
    langs = list(BODIES)
    with open(path, "w") as file:
        for n in range(MANY):
            chrome = CHROME[n % 3] if n % 4 else ""
            row = {"text": text(langs[n % 5], n, chrome), "url": f"https://site{n % 300}.example.org/{n}"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def wait(page, condition):
    """Waits for a condition; the page's own policy forbids the browser to do so."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        time.sleep(0.05)
    raise AssertionError(condition)


class Reader:
    """A browser with a page, and all that it complained of or asked for."""

    def __init__(self, chromium, page, **context):
        self.context = chromium.new_context(accept_downloads=True, **context)
        self.page = self.context.new_page()
        self.said = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.on("request", lambda request: self.said.append(request.url) if not request.is_navigation_request() else None)
        self.page.goto(page.as_uri())
        self.page.wait_for_selector("html.ready")

    def shot(self, name, **how):
        if SHOTS:
            SHOTS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=SHOTS / f"{name}.png", **how)

    def first_view(self):
        script = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        wait(self.page, f"{script} !== undefined")
        return self.page.evaluate(script)

    def wide(self):
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")

    def open(self, name):
        self.page.evaluate("location.hash = '#documents'")
        self.page.locator("#list a", has_text=name).first.click()
        self.page.wait_for_selector("#reader:not([hidden])")

    def end(self):
        assert self.said == [], self.said
        self.context.close()


def numbers(reader, summary):
    """What the first screen says is what the summary says."""
    figures = [int(it) for it in reader.page.eval_on_selector_all("[data-figure]", "all => all.map(it => it.dataset.figure)")]
    names = ["total", "cleaned", "unchanged", "kept_whole", "failed"]
    assert figures == [summary["documents"][name] for name in names], figures
    lead = reader.page.inner_text(".lead")
    for number in (summary["words"]["removed"], summary["words"]["total"], summary["bytes"]["removed"]):
        assert f"{number:,}" in lead, (number, lead)
    rules = reader.page.eval_on_selector_all("details.rule", "all => all.map(it => [it.dataset.rule, ...[...it.querySelectorAll('summary .n')].map(n => parseInt(n.firstChild.data.replaceAll(',', '')))])")
    told = {rule: numbers for rule, *numbers in rules}
    by_rule = {rule: [it["bytes"], it["removals"], it["documents"]] for rule, it in summary["by_rule"].items()}
    assert told == by_rule, (told, by_rule)


def spelt(text):
    """A text as the page shows it."""
    bad = lambda c: ord(c) < 32 and c not in "\n\t" or c in "\u202e\u202c\u2028\u061c\ufeff" or 0x7f <= ord(c) < 0xa0
    return "".join(f"‹U+{ord(c):04X}›" if bad(c) else c for c in text)


def struck(reader, row, name):
    """What is struck through in a document is what the report says was removed from it."""
    reader.open(name)
    found = reader.page.eval_on_selector_all("#text del", """all => all.map(it => {
        const copy = it.cloneNode(true); copy.querySelector('.unseen')?.remove(); return [Number(it.dataset.removal), copy.textContent]; })""")
    for number, removed in enumerate(row["removed"]):
        shown = "".join(text for at, text in found if at == number)
        wanted = "".join(spelt(removed["text"]).split("\n"))
        assert shown.replace("¶", "") == wanted, (name, shown, wanted)
    kept = reader.page.eval_on_selector_all("#text .line", "all => all.map(it => [...it.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join(''))")
    assert any(BODIES["en"] in line for line in kept), (name, kept)


def marks(reader, source, directory):
    """Marks become rules that `rules test` accepts, that protect what was marked as wrong, and remove what was left."""
    page = reader.page
    wrong = {}
    rows = rows_of(directory / "out")
    # The same line in two documents is one rule.
    for name in ("en-00.txt", "de-06.txt", "ru-02.txt", "hostile <b>1"):
        row = next(row for row in rows if row["path"].startswith(name))
        reader.open(name)
        page.keyboard.press("j")
        page.keyboard.press("x")
        wrong[row["path"]] = next(it["text"] for it in row["removed"] if it["rule"] != "blank")
    for name, line in (("en-00.txt", LEFT[0]), ("de-01.txt", LEFT[1])):
        reader.open(name)
        page.locator("#text .line", has_text=line[:20]).click()
        page.select_option("#category", "newsletter")
        page.locator("#panel .act").click()
        assert "take back" in page.inner_text("#panel .act")
    page.keyboard.press("m")
    assert page.inner_text("#mark-count") == "6"
    reader.shot("marks")
    with page.expect_download() as download:
        page.click("#mark-save")
    rules = directory / "marks.toml"
    download.value.save_as(rules)
    assert rules.read_text() == page.input_value("#mark-text")
    page.keyboard.press("Escape")
    assert "all passed" in dechrome("rules", "test", rules)
    dechrome("clean", source, "--out", directory / "again", "--rules", rules, "-q", status=3)
    for path, line in wrong.items():
        assert line.strip() in (directory / "again" / path).read_text(), (path, line)
    for path, line in (("en-00.txt", LEFT[0]), ("de-01.txt", LEFT[1])):
        assert line in (directory / "out" / path).read_text() and line not in (directory / "again" / path).read_text(), path


def keyboard(reader):
    page = reader.page
    page.evaluate("location.hash = '#title'")
    page.keyboard.press("/")
    page.keyboard.type("паром")
    wait(page, "document.querySelectorAll('#list tr:not([hidden])').length === 3")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reader:not([hidden])")
    assert page.inner_text("#reader-title").startswith("ru-")
    page.keyboard.press("]")
    wait(page, "document.activeElement.id === 'reader-title'")
    page.keyboard.press("j")
    assert page.locator("#text del.chosen").count() > 0 and "rule" in page.inner_text("#panel")
    page.keyboard.press("l")
    assert page.locator("#text .line.chosen").count() == 1
    page.keyboard.press("Escape")
    assert page.is_hidden("#reader") and page.is_visible("#overview")
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    page.fill("#search", "")


def contrast(reader):
    """The least contrast of text with what is behind it (WCAG 2.2, relative luminance)."""
    return reader.page.evaluate("""() => {
        const rgb = (color) => color.match(/[\\d.]+/g).map(Number);
        const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
        const behind = (it) => { for (; it; it = it.parentElement) { const c = rgb(getComputedStyle(it).backgroundColor); if (c[3] !== 0) return c; } return [255, 255, 255]; };
        let least = [99, ''];
        for (const it of document.querySelectorAll('body *')) {
            if (!it.checkVisibility() || ![...it.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
            const style = getComputedStyle(it);
            const [a, b] = [light(rgb(it instanceof SVGElement ? style.fill : style.color)), light(behind(it))].sort((x, y) => y - x);
            const found = (a + 0.05) / (b + 0.05);
            if (found < least[0]) least = [found, it.outerHTML.slice(0, 100)];
        }
        return least;
    }""")


def checks(chromium, directory):
    source, out, page = directory / "in", directory / "out", directory / "review.html"
    some_documents(source)
    dechrome("clean", source, "--out", out, "-q", status=3)
    dechrome("report", out, "--out", page, "-q")
    summary = json.loads((out / "summary.json").read_text())
    rows = rows_of(out)
    reader = Reader(chromium, page, viewport={"width": 1280, "height": 900})
    numbers(reader, summary)
    reader.shot("overview", full_page=True)
    for n in range(len(HOSTILE)):
        row = next(row for row in rows if row["path"].startswith(f"hostile <b>{n}"))
        struck(reader, row, f"hostile <b>{n}")
        reader.shot(f"hostile-{n}")
    keyboard(reader)
    marks(reader, source, directory)
    reader.end()
    for scheme in ("light", "dark"):
        reader = Reader(chromium, page, viewport={"width": 360, "height": 740}, color_scheme=scheme)
        assert reader.wide() <= 0, "the overview is wider than a phone"
        least, where = contrast(reader)
        assert least >= 4.5, (scheme, least, where)
        reader.open("en-00.txt")
        reader.page.keyboard.press("j")
        assert reader.wide() <= 0, "a document is wider than a phone"
        least, where = contrast(reader)
        assert least >= 4.5, (scheme, least, where)
        reader.shot(f"phone-{scheme}")
        reader.end()
    return page.stat().st_size


def large(chromium, directory):
    source, out, page = directory / "many.jsonl", directory / "many", directory / "many.html"
    many_documents(source)
    dechrome("clean", source, "--out", out, "-q")
    begun = time.time()
    dechrome("report", out, "--out", page, "-q")
    made = time.time() - begun
    reader = Reader(chromium, page, viewport={"width": 1280, "height": 900})
    view = reader.first_view()
    numbers(reader, json.loads((out / "summary.json").read_text()))
    reader.shot("many", full_page=True)
    reader.end()
    size = page.stat().st_size
    assert view < 2000 and size <= 20_000_000, (view, size)
    return f"{MANY} documents: page of {size:,} bytes in {made:.1f} s, first view after {view:.0f} ms"


def main():
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        print(f"one page of {checks(chromium, pathlib.Path(directory)):,} bytes: as it should be")
        print(large(chromium, pathlib.Path(directory)))
        chromium.close()


main()
