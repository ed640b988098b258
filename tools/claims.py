"""Write chapters/claims.md: every chapter's claim, its evidence, and what would refute it.

The page is a function of the chapters' texts; numbers stay glued to the cells that compute them.
"""
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "chapters" / "claims.md"
CLAIM = re.compile(r"^:::+\{admonition\} Claim\n(?::class: [^\n]*\n)?(.*?)^:::+$", re.M | re.S)
REFUTED = re.compile(
    r"^:::+\{admonition\} What would refute this\n(?::class: [^\n]*\n)?(.*?)^:::+$", re.M | re.S
)
HEAD = """---
myst:
  html_meta:
    description: "Every claim of the book in one place: what it says, the figure or equation that is its evidence, and the outcome that would refute it."
    keywords: "claims, evidence, falsification, inference-time scaling laws"
---

(ch-claims)=
# Claims, and what would refute them

Each chapter makes one claim.
Here they stand together, with the evidence of each and the outcome that would make it false.
The numbers are those that the chapters computed when the book was built.
"""  # noqa: E501


@dataclass(frozen=True)
class Claim:
    """What one chapter claims, and what would refute it, both in its own words."""

    slug: str
    title: str
    text: str
    refuted: str


def glued_elsewhere(text, slug):
    """The same text on another page: numbers are looked up in the chapter that computed them."""
    return re.sub(r"\{glue:text\}`([\w-]+)(:[^`:]+)?`",
                  lambda m: f"{{glue:text}}`{slug}.md::{m[1]}{m[2] or ':s'}`", text)  # fmt: skip


def read(path):
    """The claim of a chapter, or None."""
    text = path.read_text("utf-8")
    claim, refuted = CLAIM.search(text), REFUTED.search(text)
    if not claim or not refuted:
        return None
    title = re.search(r"^# (.+)$", text, re.M)[1]
    return Claim(path.stem, title, claim[1].strip(), refuted[1].strip())


def parts():
    """Captions of the table of contents with their chapters, in order."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    return [(part["caption"], [ROOT / f"{c['file']}.md" for c in part["chapters"]])
            for part in toc["parts"]]  # fmt: skip


def page():
    """Text of the page of claims."""
    blocks = [HEAD]
    for caption, paths in parts():
        claims = [claim for path in paths if path.exists() and (claim := read(path))]
        if claims:
            blocks.append(f"## {caption}\n")
        for claim in claims:
            label = claim.slug.replace("_", "-")
            blocks.append(f"(claim-{label})=\n### {claim.title}\n")
            blocks.append(f"From {{ref}}`ch-{label}`:\n")
            blocks.append(glued_elsewhere(claim.text, claim.slug) + "\n")
            blocks.append("What would refute it:\n")
            blocks.append(glued_elsewhere(claim.refuted, claim.slug) + "\n")
    return "\n".join(blocks)


def main():
    """Write the page if it has changed, and say so."""
    if not PAGE.exists() or PAGE.read_text("utf-8") != page():
        PAGE.write_text(page(), "utf-8")
        print(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
