"""Chapters as plain notebooks: every reference a link, every number in its place."""
from pathlib import Path

import pytest

pytest.importorskip("bs4")
pytest.importorskip("sphinx")
pytest.importorskip("pybtex")

import notebooks


@pytest.fixture(scope="module")
def entries():
    """The bibliography, read once."""
    return notebooks.parse_file(Path(__file__).parents[1] / "references.bib").entries


@pytest.fixture
def book(entries):
    made = notebooks.Book.__new__(notebooks.Book)
    made.site, made.repository = "https://site/", "https://code"
    made.numbers = {"eq-vote": ("(2.6)", "vote.html#equation-eq-vote"),
                    "fig-vote-claim": ("Fig. 2.1", "vote.html#fig-vote-claim"),
                    "ex-vote": ("Exercise 2.1", "vote.html#ex-vote")}  # fmt: skip
    made.labels = {"ch-vote": ("Votes", "vote.html")}
    made.glued = {"vote-gain": {"data": {"text/plain": "'1.9'"}},
                  "vote-rate": {"data": {"text/plain": "0.12345"}},
                  "vote-picture": {"data": {"image/png": "AAAA\n"}}}  # fmt: skip
    made.attached, made.entries = {}, entries
    return made


@pytest.mark.parametrize("text,plain", [
    ("{eq}`eq-vote`", "[(2.6)](https://site/vote.html#equation-eq-vote)"),
    ("{ref}`ch-vote`", "[Votes](https://site/vote.html)"),
    ("{ref}`the vote <ch-vote>`", "[the vote](https://site/vote.html)"),
    ("{numref}`fig-vote-claim`", "[Fig. 2.1](https://site/vote.html#fig-vote-claim)"),
    ("{glue:text}`vote-gain` more", "1.9 more"),
    ("{glue:text}`vote.md::vote-rate:.2f`", "0.12"),
    ("$$\nv = p\n$$ (eq-vote)", "$$\nv = p \\tag{2.6}$$"),
    ("(ch-vote)=\n# Votes", '<a id="ch-vote"></a>\n# Votes'),
    ("`{eq}` is a role", "`{eq}` is a role"),
])  # fmt: skip
def test_text_is_resolved(book, text, plain):
    assert book.text(text) == plain


def test_citations_have_author_and_year(book):
    assert "Brown et al. (2024)" in book.text("{cite:t}`brown2024monkeys`")


def test_boxes_are_quoted_and_solutions_folded(book):
    text = ":::{admonition} Claim\n:class: tip\nA gain of {glue:text}`vote-gain`.\n:::"
    assert book.text(text) == "> **Claim**\n>\n> A gain of 1.9."
    folded = book.text("```{solution} ex-vote\n:class: dropdown\n\nIt is {eq}`eq-vote`.\n```")
    assert folded.startswith("<details><summary>Solution</summary>") and "(2.6)" in folded


def test_pictures_are_attached_and_numbered(book):
    text = "```{glue:figure} vote-picture\n:name: fig-vote-claim\n:alt: a line\n\nVotes.\n```"
    assert book.text(text) == "![a line](attachment:vote-picture.png)\n\n*Fig. 2.1* Votes."
    assert book.attached == {"vote-picture.png": {"image/png": "AAAA"}}


def test_an_unknown_reference_is_an_error(book):
    with pytest.raises(KeyError, match="eq-none"):
        book.text("{eq}`eq-none`")
