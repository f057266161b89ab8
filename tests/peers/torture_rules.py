"""Hostile rules: each is refused with its place, or does its work within bounds of time and memory."""
import json

from torture_run import STEERS, need

SECONDS = 5
TEXT = b"Home | News\n\nThe story text that must be kept, a sentence of some length, with nothing in it to take away.\n\nabc\n"
RULE = """format = 1
category = "share"
[[rule]]
id = "hostile"
lang = "any"
strength = "{strength}"
form = "line"
regex = {regex}
why = "Made up to be hostile."
hit = ["a"]
miss = ["b"]
[[case]]
text = "a"
kept = "a"
"""

# What the expectation asks to be refused, whatever the engine.
REFUSED = {
    "counted-nest", "nest-paren", "unicode-class", "matches-empty", "matches-empty-2", "backref", "lookaround",
    "unbalanced", "long-literal", "bad-utf8-byte", "zero-width-anchors", "find-iter-quadratic-2",
}
EVERYTHING = {"matches-all", "matches-all-lines"}
# Good but for what is tried, so that they are judged by that and not by the keys of another format.
ACCEPTED = {"bom.toml": lambda text: b"\xef\xbb\xbf" + text, "crlf.toml": lambda text: text.replace(b"\n", b"\r\n")}


def rule(pattern, strength="alone"):
    return RULE.format(regex=json.dumps(pattern, ensure_ascii=False), strength=strength).encode()


def bounded(ended):
    need(ended.status in (0, 2), "exit status", ended.status, ended.stderr[-300:])
    need(ended.seconds < SECONDS, "took", ended.seconds, "seconds")
    need(ended.memory < 512 << 10, "took", ended.memory, "kB")
    need(not STEERS.search(ended.stderr), "control characters on the terminal")


def check_pattern(program, entry):
    name = entry.name.removesuffix(".regex")
    rules = program.given("hostile.toml", rule(entry.data.decode("utf-8")))
    hay = [TEXT, b"a" * 1_000_000 + b"!\n", b"A" * 1_000_000, b"a" * 120 + b"!\n" + b"A" * 120 + b"\n"]
    for text in hay:
        source = program.given("hay.txt", text)
        run = program.clean(source, "--rules", rules)
        bounded(run.ended)
        if run.status == 2:
            need("hostile.toml:" in run.stderr, "the message has no place:", run.stderr[:300])
            need(not run.out.exists(), "something was written")
            return
        need(run.row["status"] != "failed", run.row["reason"])
    need(name not in REFUSED, "is accepted")
    if name in EVERYTHING:
        check_budget(program, entry)


def check_budget(program, entry):
    """A rule that takes everything is refused by `rules check`, and stopped by the budget where it needs a witness."""
    rules = program.given("hostile.toml", rule(entry.data.decode()))
    found = program.call("rules", "check", rules)
    need(found.status != 0, "rules check lets it pass")
    weak = program.given("hostile.toml", rule(entry.data.decode(), "supported"))
    prose = b"\n".join(b"The story goes on with sentence number %d, and nobody would miss it less." % n for n in range(60))
    run = program.clean(program.given("prose.txt", prose), "--rules", weak)
    need(run.kept == prose, "the text was not kept")


def check_file(program, entry):
    if change := ACCEPTED.get(entry.name):
        good = program.given(entry.name, change(rule("subscribe now, friends")))
        need(program.clean(program.given("a.txt", TEXT), "--rules", good).status == 0, "is refused")
    run = program.clean(program.given("a.txt", TEXT), "--rules", entry.source)
    bounded(run.ended)
    need(run.status == 2 and entry.name in run.stderr, "exit status", run.status, run.stderr[:300])
    need(not run.out.exists(), "something was written")
    if entry.name == "many-50k.toml":
        check_many(program)


def check_many(program):
    """So many rules in dechrome's own format."""
    one = '[[rule]]\nid="r{0}"\nlang="any"\nstrength="alone"\nform="line"\npattern=["needle{0} in the hay"]\nwhy="x"\n' \
          'hit=["needle{0} in the hay"]\nmiss=["x"]\n'
    text = 'format = 1\ncategory = "share"\n' + "".join(one.format(n) for n in range(50_000))
    run = program.clean(program.given("a.txt", TEXT), "--rules", program.given("many.toml", text.encode()))
    bounded(run.ended)
