"""Map of the field: one concept per chapter, its laws and data read off the records."""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

import yaml

from ..data.datasets import available, card
from ..laws import LAWS
from ..laws._record import Law, Symbol
from ._svg import Drawing, framed, words
from .notation import Markdown

ROW, COLUMN, WIDTH = 30, 250, 460  # of the drawing, in pixels
BOLD = 'font-weight="bold"'


@dataclass(frozen=True)
class Concept:
    """One concept: what it is, how far it holds, and what it is not.

    Examples
    --------
    >>> concepts()[0].label
    'ch-your-runs'
    """

    chapter: str
    group: str
    name: str
    definition: str
    valid: str
    is_not: str
    formula: str = ""  # of a chapter that derives no law
    symbols: str = ""  # in that formula

    @property
    def label(self) -> str:
        """Label of the chapter's heading."""
        return "ch-" + self.chapter.replace("_", "-")

    @property
    def laws(self) -> list[Law]:
        """Laws that the chapter derives."""
        return [law for law in LAWS.values() if law.chapter == self.chapter]

    @property
    def variables(self) -> list[Symbol]:
        """Outputs and inputs of those laws, each meaning once, in order."""
        return _distinct(s for law in self.laws for s in (law.output, *law.inputs))

    @property
    def constants(self) -> list[Symbol]:
        """Parameters of those laws, each meaning once, in order."""
        return _distinct(s for law in self.laws for s in law.params)

    @property
    def data(self) -> list[str]:
        """Data sets that the chapter reads."""
        return [name for name, chapters in _readers().items()
                if self.chapter in chapters and name != "published_constants"]


@cache
def _readers():
    """Chapters that read each data set."""
    return {name: tuple(card(name)["used_in"]) for name in available()}


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts, in the order of the book.

    Returns
    -------
    tuple of Concept

    Examples
    --------
    >>> concepts()[0].chapter
    'your_runs'
    """
    text = (files(__package__) / "concepts.yml").read_text(encoding="utf-8")
    return tuple(Concept(chapter, group, **entry)
                 for group, entries in yaml.safe_load(text).items()
                 for chapter, entry in entries.items())


def groups() -> dict[str, list[Concept]]:
    """Concepts by group.

    Examples
    --------
    >>> list(groups())[0]
    'With an oracle'
    """
    found = {}
    for concept in concepts():
        found.setdefault(concept.group, []).append(concept)
    return found


def entries(group: str) -> Markdown:
    """The concepts of one group: definition, law, variables, data, range, and what each is not.

    Parameters
    ----------
    group : str

    Returns
    -------
    Markdown

    Examples
    --------
    >>> "{ref}`ch-pass-at-k`" in entries("With an oracle").text
    True
    """
    return Markdown("\n\n".join(map(_entry, groups()[group])))


def _entry(concept):
    """Name and definition of one concept; its table is folded."""
    laws = [("law", f"{law.title} {{eq}}`{law.label}`: ${law.tex}$") for law in concept.laws]
    constants = [("constants", _lines(concept.constants))] if concept.constants else []
    data = ", ".join(f"`{name}`" for name in concept.data) or "simulated, or made in the chapter"
    rows = [*(laws or [("law", concept.formula or "none of its own")]),
            ("variables", _lines(concept.variables) or concept.symbols or "those of other laws"),
            *constants, ("data", data), ("holds for", concept.valid), ("is not", concept.is_not)]
    head = f"**{concept.name}.** {concept.definition} {{ref}}`{concept.label}`."
    table = "\n".join(["| | |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])
    return f"{head}\n\n{folded(f'{concept.name}: law, variables, data, range', table)}"


def folded(summary: str, text: str) -> str:
    """Markdown behind a line that opens it.

    Examples
    --------
    >>> folded("More", "*this*").splitlines()[0]
    '<details><summary>More</summary>'
    """
    return f"<details><summary>{escape(summary)}</summary>\n\n{text}\n\n</details>"


def _distinct(symbols):
    """Symbols without repeats of letter and meaning."""
    return list({(s.tex, s.meaning): s for s in symbols}.values())


def _lines(symbols):
    """A line per symbol: letter, meaning, and unit unless a word of the meaning names it."""
    return "<br>".join(f"${s.tex}$, {s.meaning}" + _unit(s) for s in symbols)


def _unit(symbol):
    """The unit of a symbol in words, or nothing where there is none or the meaning names it."""
    named = re.search(rf"(?<!\w){re.escape(symbol.unit)}(?!\w)", symbol.meaning)
    return "" if symbol.unit == "1" or named else f", in {symbol.unit}"


def drawing(title: str) -> Drawing:
    """The map as a tree from groups to concepts; every name is a link.

    A group leads to its heading on the same page, a concept to its chapter.

    Parameters
    ----------
    title : str
        Text alternative of the drawing.

    Returns
    -------
    Drawing

    Examples
    --------
    >>> 'href="pass_at_k.html"' in drawing("map").svg
    True
    """
    parts, y = [], ROW
    for group, members in groups().items():
        middle = y + ROW * (len(members) - 1) / 2
        anchor = group.lower().replace(" ", "-")
        parts.append(f'<a href="#{anchor}">{words(10, middle, group, BOLD)}</a>')
        for concept in members:
            parts.append(_line(middle, y))
            parts.append(f'<a href="{concept.chapter}.html"><title>{escape(concept.definition)}'
                         f"</title>{words(COLUMN, y, concept.name)}</a>")
            y += ROW
        y += ROW / 2
    return framed(title, parts, WIDTH, y)


def _line(start, end):
    """Curve from a group at one height to a concept at another."""
    left, right = COLUMN - 60, COLUMN - 10
    curve = f"M {left} {start:g} C {left + 30} {start:g} {right - 30} {end:g} {right} {end:g}"
    return f'<path d="{curve}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>'
