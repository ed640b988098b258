"""Digits in prose, captions and alternative texts: glued from cells, or accounted for.

`tests/numbers/<slug>.yml` lists the digits that stand in the text itself: those that are `set` (a
size, a level, a budget that the text or the experiment chooses), each with its reason, and those
that a source has `printed`, each with the key of the published number or of the bibliography.
"""
import re
from pathlib import Path

import yaml
from together import together

from scaling_utils import load

ROOT = Path(__file__).parents[1]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LISTS = {path.stem: yaml.load(path.read_text("utf-8"), LOADER) or {}
         for path in (ROOT / "tests" / "numbers").glob("*.yml")}  # fmt: skip
EVERYWHERE = LISTS.pop("everywhere")
TEXTS = {path.stem: path for path in sorted((ROOT / "chapters").glob("*.md"))}
DIGITS = re.compile(r"(?<![\w.\-/])\d[\d,.]*\d|(?<![\w.\-/])\d(?![\w])")


def words(text):
    """What a reader reads as text: no code, no mathematics, no roles, no labels, no addresses."""
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    spoken = [f"{m['caption']} {m['alt']}" for m in settings(text)]
    text = re.sub(r"^```\{code-cell\}.*?^```$", "", text, flags=re.S | re.M)
    text = re.sub(r"^\$\$.*?^\$\$.*?$", "", text, flags=re.S | re.M)
    text = re.sub(r"^(:(label|name|class|figwidth|width):|```|:::|\().*$", "", text, flags=re.M)
    text = "\n".join([text, *spoken])
    return re.sub(r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|https?://\S+", " ", text)


def settings(text):
    """Caption and alternative text of every figure cell."""
    for cell in re.findall(r"^```\{code-cell\}[^\n]*\n---\n(.*?)\n---$", text, re.S | re.M):
        mystnb = (yaml.load(cell, LOADER) or {}).get("mystnb", {})
        yield {"caption": mystnb.get("figure", {}).get("caption", ""),
               "alt": mystnb.get("image", {}).get("alt", "")}  # fmt: skip


def found(slug):
    """Digits of a chapter's text that nothing else accounts for, as a set."""
    return set(DIGITS.findall(words(TEXTS[slug].read_text("utf-8")))) - set(EVERYWHERE)


def allowed(slug):
    """Digits that the list gives for a chapter."""
    entry = LISTS.get(slug, {})
    return set(map(str, [*entry.get("set", {}), *entry.get("printed", {})]))


@together(sorted(LISTS))
def test_digits_in_the_text_are_accounted_for(slug):
    assert sorted(found(slug) - allowed(slug)) == [], "glue them, or list them in tests/numbers"
    assert sorted(allowed(slug) - found(slug)) == [], "listed, but no longer in the text"


def test_every_chapter_has_its_list():
    tables = {"claims", "glossary", "map_of_laws", "notation", "references", "replications",
              "results"}
    assert set(LISTS) == set(TEXTS) - tables


def test_reasons_and_sources_are_known():
    keys = set(load("published_constants").key)
    bib = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "references.bib").read_text("utf-8"), re.M))
    assert set(LISTS) <= set(TEXTS)
    for slug, entry in LISTS.items():
        assert set(entry) <= {"set", "printed"}
        assert all(len(str(reason)) > 5 for reason in entry.get("set", {}).values()), slug
        sources = {str(key) for key in entry.get("printed", {}).values()}
        assert sources <= keys | bib, (slug, sorted(sources - keys - bib))


def test_the_lint_sees_what_a_reader_sees():
    text = ("It rose by 12.5 % at {glue:text}`x` of $k = 3$, `n = 4`, see {cite:t}`a2020b`.\n"
            "```{code-cell} ipython3\n---\nmystnb:\n  figure:\n    caption: seven of 9\n"
            "  image:\n    alt: a line at 77\n---\nx = 5\n```\n")
    assert DIGITS.findall(words(text)) == ["12.5", "9", "77"]
