"""The map of the field covers the book, and the book covers the map."""
import re
from pathlib import Path

import pytest
import yaml

from scaling_utils import LAWS
from scaling_utils.report.concepts import concepts, drawing, entries, groups

ROOT = Path(__file__).parents[1]
NO_CONCEPT = {"claims", "conformance", "forecast_yours", "map_of_laws", "notation", "replications",
              "glossary", "references", "results", "what_else"}


def chapters():
    """Slugs in the order of the table of contents."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))["parts"]
    return [Path(entry["file"]).name for part in parts for entry in part["chapters"]
            if part["caption"] != "Reference"]


def test_every_chapter_is_a_concept_in_the_order_of_the_book():
    assert [c.chapter for c in concepts()] == [s for s in chapters() if s not in NO_CONCEPT]


def test_every_law_belongs_to_one_concept():
    assert sorted(law.key for c in concepts() for law in c.laws) == sorted(LAWS)


@pytest.mark.parametrize("concept", concepts(), ids=lambda c: c.chapter)
def test_concept_says_what_it_is_and_what_it_is_not(concept):
    for text in (concept.definition, concept.valid, concept.is_not):
        assert text.endswith(".") and text.count(". ") == 0, text
    shown = entries(concept.group).text
    assert f"{{ref}}`{concept.label}`" in shown
    assert all(f"{{eq}}`{law.label}`: ${law.tex}$" in shown for law in concept.laws)
    chapter = (ROOT / "chapters" / f"{concept.chapter}.md").read_text("utf-8")
    assert f"({concept.label})=" in chapter
    assert all(f'"{name}"' in chapter for name in concept.data)
    assert all(f"({label})=" in chapter or f"({label})\n" in chapter
               for label in re.findall("{eq}`([^`]+)`", concept.formula))
    assert bool(concept.formula) == bool(concept.symbols) <= (not concept.laws)


def test_the_table_of_a_concept_is_folded_under_its_own_name():
    shown = entries("Neighbours").text
    assert shown.count("<details>") == shown.count("\n\n</details>") == len(groups()["Neighbours"])
    assert "<summary>Board games: law, variables, data, range</summary>\n\n| | |\n" in shown


def test_variables_carry_their_meaning_and_unit_and_no_meaning_is_merged():
    by_chapter = {c.chapter: c for c in concepts()}
    shown = entries("Resources").text
    assert "$X$, tokens of the whole batch per second, in tokens/s<br>" in shown
    assert "in sequences" not in shown  # its meaning names the unit
    for tex in ("t", r"t_{\mathrm{over}}", "t_0", "s"):  # a letter of a word is not a unit
        assert re.search(rf"\${re.escape(tex)}\$, [^<|$]*, in s(<br>| \|)", shown), tex
    kappas = [s.meaning for s in by_chapter["correlated_trials"].constants if s.tex == r"\kappa"]
    assert len(set(kappas)) == len(kappas) == 3


def test_drawing_links_every_concept_once():
    svg = drawing("a map").svg
    assert re.findall(r'href="(\w+)\.html"', svg) == [c.chapter for c in concepts()]
    page = (ROOT / "chapters" / "map_of_laws.md").read_text("utf-8")
    headings = {h.lower().replace(" ", "-"): h for h in re.findall("^## (.+)$", page, re.M)}
    anchors = re.findall('href="#([^"]+)"', svg)
    assert [headings[anchor] for anchor in anchors] == list(groups())


def test_other_names_lead_to_a_chapter_or_say_why_not():
    text = (ROOT / "chapters" / "map_of_laws.md").read_text("utf-8")
    table = text.split("## Under other names")[1].split("\n## ")[0]
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == 18 and all(len(row) == 3 for row in rows)
    for term, here, law in rows:
        assert re.search(r"\{(ref|eq)\}`|none: |page", here + law), term
