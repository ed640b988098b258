"""Write into README.md the table of laws, from the records, and the address of the site."""
import re
from pathlib import Path

import yaml

from scaling_utils.report.concepts import concepts

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
SITE = re.compile(r"(?<=-->\n\*\*\[Read the book\]\()[^)]*")
MARKS = "<!-- laws: written by `make sync` -->\n", "<!-- end of laws -->\n"


def table():
    """One row per law in the order of the book: formula, what it predicts, chapter."""
    rows = ["| law | formula | what it predicts | chapter |", "|---|---|---|---|"]
    for concept in concepts():
        link = f"[{concept.name}](chapters/{concept.chapter}.md)"
        rows += [f"| {law.title} | ${law.tex}$ | {law.output.meaning} | {link} |"
                 for law in concept.laws]  # fmt: skip
    return "\n".join(rows) + "\n"


def address(root=ROOT):
    """Where the book can be read."""
    return yaml.safe_load((root / "_config.yml").read_text("utf-8"))["html"]["baseurl"]


def written(text):
    """The text with the table between its marks and the address behind its link."""
    start, end = map(re.escape, MARKS)
    if len(re.findall(f"{start}.*?{end}", text, re.S)) != 1:
        raise ValueError("README.md must hold the two marks of the table of laws, once")
    text = SITE.sub(address(), text)
    return re.sub(f"({start}).*?({end})", lambda m: f"{m[1]}\n{table()}\n{m[2]}", text, flags=re.S)


def main(path=README):
    """Write the README if it has changed, and say so."""
    text = path.read_text("utf-8")
    if written(text) != text:
        path.write_text(written(text), "utf-8")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
