#!/usr/bin/env python3
"""Draws docs/explain.svg: what `dechrome explain --changes` shows of a sample, as a terminal shows it.

    python3 docs/explain.py target/debug/dechrome > docs/explain.svg
"""

import html
import os
import re
import subprocess
import sys
import unicodedata

SAMPLE = "samples/in/news/harbour-strike.txt"
LINES = 34
COLUMNS = 116
CHAR, LINE, MARGIN = 7.8, 18, 14
INK, PAPER = "#e6edf3", "#0d1117"
# What the program uses of SGR (ECMA-48, 8.3.117).
STYLES = {
    "1": 'font-weight="bold"',
    "2": 'fill="#8b949e"',
    "9": 'text-decoration="line-through"',
    "31": 'fill="#ff7b72"',
    "33": 'fill="#d29922"',
}


def width(text):
    """The columns of a text: wide characters take two, marks none."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def shortened(line):
    """The line up to the last column, with the escape codes in it."""
    out, used = [], 0
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if not piece.startswith("\x1b"):
            if used + width(piece) > COLUMNS:
                piece = piece[: max(0, COLUMNS - used - 1)] + "…"
                return "".join(out) + piece
            used += width(piece)
        out.append(piece)
    return "".join(out)


def spans(line):
    """The line as SVG, each stretch of one style in a span of its own."""
    out, styles = [], []
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece.startswith("\x1b"):
            codes = piece[2:-1].split(";")
            styles = [] if codes in (["0"], [""]) else styles + [STYLES[code] for code in codes if code in STYLES]
        elif piece:
            attributes = "".join(" " + style for style in dict.fromkeys(styles))
            out.append(f"<tspan{attributes}>{html.escape(piece)}</tspan>")
    return "".join(out)


def main():
    program = sys.argv[1]
    command = [program, "explain", SAMPLE, "--changes", "--color", "always"]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    shown = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()
    lines = [f"$ dechrome explain {SAMPLE} --changes"] + shown[: LINES - 2] + shown[-1:]
    across, down = round(COLUMNS * CHAR + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    label = "A terminal in which dechrome explain shows an article line by line, with what goes and why"
    print(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" viewBox="0 0 {across} {down}" '
        f'role="img" aria-label="{label}">'
    )
    print(f'<rect width="{across}" height="{down}" rx="8" fill="{PAPER}"/>')
    print(f'<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="13" fill="{INK}">')
    for number, line in enumerate(lines):
        y = MARGIN + 13 + number * LINE
        print(f'<text x="{MARGIN}" y="{y}" xml:space="preserve">{spans(shortened(line))}</text>')
    print("</g>\n</svg>")


if __name__ == "__main__":
    main()
