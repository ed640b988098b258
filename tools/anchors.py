"""The addresses that others may cite: equations, figures, theorems, sections, published numbers.

`tests/anchors.yml` keeps all that a page ever had; a test fails when one is gone. Who renames or
moves a thing leaves its old name as a second label above it, `(old-name)=` on a line of its own,
or on the old page above a sentence that says where it went: then old links still arrive.
"""
import re
from pathlib import Path

import yaml

from scaling_utils.data.datasets import load

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "anchors.yml"
HEAD = "# Addresses that stay; `make sync` adds new ones, see tools/anchors.py for the old.\n"
LABELS = (r"\$\$ \((\S+)\)$", r"^\((\S+)\)=$", r"^:name: (fig-\S+)$", r"^ +name: (fig-\S+)$",
          r"^:label: ((?:thm|eq)-\S+)$")  # fmt: skip
NUMBERS = "chapters/replications"  # its rows are generated from the published numbers


def pages():
    """Texts of the book by name."""
    paths = [ROOT / "index.md", *sorted((ROOT / "chapters").glob("*.md"))]
    return {path.relative_to(ROOT).with_suffix("").as_posix(): path for path in paths}


def anchors(text):
    """Addresses of a text, in alphabetical order."""
    return sorted({name for label in LABELS for name in re.findall(label, text, re.M)})


def present():
    """Addresses of every page that has some."""
    found = {page: anchors(path.read_text("utf-8")) for page, path in pages().items()}
    constants = load("published_constants")
    found[NUMBERS] = sorted([*found[NUMBERS], *constants.key[constants.published]])
    return {page: names for page, names in found.items() if names}


def listed():
    """Addresses that must stay."""
    return yaml.safe_load(LIST.read_text("utf-8")) if LIST.exists() else {}


def gone(old, new):
    """Addresses that were there and are not, as page#name."""
    return [f"{page}#{name}" for page, names in old.items()
            for name in names if name not in new.get(page, [])]  # fmt: skip


def ids(name):
    """Ids that a page may give to an address."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return {name, plain, f"equation-{name}", f"equation-{plain}"}


def main(path=LIST):
    """Add what is new to the list; nothing is taken away."""
    old, new = listed(), present()
    both = {page: sorted({*old.get(page, []), *new.get(page, [])}) for page in sorted({*old, *new})}
    if both != old:
        path.write_text(HEAD + yaml.safe_dump(both), "utf-8")
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
