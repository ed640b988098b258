"""What the chapters cost, in seconds of a processor and in floors, and the README's table of it.

A floor is what a chapter costs that does nothing but start. In floors the table says the same on a
slow machine and on a fast one, which is why these are compared: a chapter is slow at more than
twice its number in the README and two floors.
"""
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
MARKS = "<!-- times: written by `make times` -->\n", "<!-- end of times -->\n"
SLACK = 2.0  # times the number in the README, and so many floors more


def rows(seconds, floor):
    """(chapter, seconds, floors), the slowest first."""
    return sorted(((name, s, s / floor) for name, s in seconds.items()), key=lambda row: -row[1])


def table(seconds, floor):
    """As Markdown, with the sum in the last row."""
    lines = ["| chapter | seconds | floors |", "|---|--:|--:|"]
    lines += [f"| {name} | {s:.1f} | {n:.1f} |" for name, s, n in rows(seconds, floor)]
    total = sum(seconds.values())
    return "\n".join([*lines, f"| all {len(seconds)} | {total:.0f} | {total / floor:.0f} |"])


def noted(text=None):
    """{chapter: floors} of the README's table."""
    text = README.read_text("utf-8") if text is None else text
    inside = text.partition(MARKS[0])[2].partition(MARKS[1])[0]
    found = re.findall(r"^\| (\w+) \| [\d.]+ \| ([\d.]+) \|$", inside, re.M)
    return {name: float(floors) for name, floors in found}


def known(chapter):
    """Floors of a chapter in the README; one that is not there may be long, and starts first."""
    return noted().get(chapter, 1e9)


def slow(seconds, floor, text=None):
    """A line for each chapter far above its number in the README."""
    limits = {name: SLACK * n + SLACK for name, n in noted(text).items()}
    return [f"slow: {name} took {n:.1f} floors, the README says {noted(text)[name]:.1f}"
            for name, _, n in rows(seconds, floor) if n > limits.get(name, n)]  # fmt: skip


def written(text, seconds, floor):
    """The README's text with the table of these seconds."""
    start, end = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    return f"{text[:start]}\n{table(seconds, floor)}\n\n{text[end:]}"


if __name__ == "__main__":
    times = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    README.write_text(written(README.read_text("utf-8"), **times), "utf-8")
