"""The page of claims: in step with the chapters, each with its evidence and its refutation."""
import re
from pathlib import Path

import claims
import pytest
import yaml

ROOT = Path(__file__).parents[1]
CLAIMS = [claim for _, paths in claims.parts() for path in paths if (claim := claims.read(path))]


def test_page_is_in_step():
    assert claims.PAGE.read_text("utf-8") == claims.page(), "run `make sync`"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.slug)
def test_claim_names_evidence_that_stands_in_its_chapter(claim):
    text = (ROOT / "chapters" / f"{claim.slug}.md").read_text("utf-8")
    labels = re.findall(r"\{(?:numref|eq|ref)\}`(?:[^`<]*<)?([\w-]+)>?`", claim.refuted)
    assert labels, "name the figure or equation that is the evidence"
    own = [label for label in labels if label.startswith(("fig-", "eq-", "tab-"))]
    assert own and all(label in text for label in own)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.slug)
def test_refutation_says_what_would_have_to_be_seen(claim):
    assert len(claim.refuted.split()) >= 12
    assert not re.search(r"\b(nothing|cannot be refuted|by definition)\b", claim.refuted, re.I)


def test_numbers_of_another_page_are_looked_up_there():
    text = "fits {glue:text}`a-b` of {glue:text}`a-c:s`"
    assert claims.glued_elsewhere(text, "a") == (
        "fits {glue:text}`a.md::a-b:s` of {glue:text}`a.md::a-c:s`")  # fmt: skip


def test_every_claim_of_a_part_is_listed():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    listed = [c["file"] for part in toc["parts"] for c in part["chapters"]]
    assert "chapters/claims" in listed and len({c.slug for c in CLAIMS}) == len(CLAIMS)
