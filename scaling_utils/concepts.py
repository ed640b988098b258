"""Map of the field: one concept per chapter, its laws and data read off the records."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

import yaml

from .datasets import available, card
from .laws import LAWS
from .notation import Markdown

ROW, COLUMN, WIDTH = 30, 230, 440  # of the drawing, in pixels


@dataclass(frozen=True)
class Concept:
    """One concept: what it is, how far it holds, and what it is not."""

    chapter: str
    group: str
    name: str
    definition: str
    valid: str
    is_not: str

    @property
    def label(self):
        """Label of the chapter's heading."""
        return "ch-" + self.chapter.replace("_", "-")

    @property
    def laws(self):
        """Laws that the chapter derives."""
        return [law for law in LAWS.values() if law.chapter == self.chapter]

    @property
    def variables(self):
        """Symbols of those laws, each once, in order."""
        symbols = [s for law in self.laws for s in (law.output, *law.inputs, *law.params)]
        return list(dict.fromkeys(s.tex for s in symbols))

    @property
    def data(self):
        """Data sets that the chapter reads."""
        used = [name for name in available() if self.chapter in card(name)["used_in"]]
        return [name for name in used if name != "published_constants"]


@cache
def concepts():
    """All concepts, in the order of the book.

    Returns
    -------
    tuple of Concept

    Examples
    --------
    >>> concepts()[0].chapter
    'pass_at_k'
    """
    text = (files(__package__) / "concepts.yml").read_text(encoding="utf-8")
    return tuple(Concept(chapter, group, **entry)
                 for group, entries in yaml.safe_load(text).items()
                 for chapter, entry in entries.items())


def groups():
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


def entries(group):
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
    """Definition list of one concept."""
    laws = ", ".join(f"{law.title} {{eq}}`{law.label}`" for law in concept.laws)
    variables = ", ".join(f"${tex}$" for tex in concept.variables) or "those of other laws"
    data = ", ".join(f"`{name}`" for name in concept.data) or "simulated, or made in the chapter"
    rows = [("law", laws or "none of its own"), ("variables", variables), ("data", data),
            ("holds for", concept.valid), ("is not", concept.is_not),
            ("chapter", f"{{ref}}`{concept.label}`")]
    lines = [f"**{concept.name}.** {concept.definition}", ""]
    return "\n".join([*lines, "| | |", "|---|---|", *(f"| {a} | {b} |" for a, b in rows)])


@dataclass(frozen=True)
class Drawing:
    """SVG that a page shows inline, so that its links can be followed."""

    svg: str

    def _repr_html_(self):
        return f'<div style="overflow-x: auto">{self.svg}</div>'


def drawing(title):
    """The map as a tree from groups to concepts; every concept is a link to its chapter.

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
        parts.append(_text(10, middle, group, "bold"))
        for concept in members:
            parts.append(_line(middle, y))
            parts.append(f'<a href="{concept.chapter}.html"><title>{escape(concept.definition)}'
                         f"</title>{_text(COLUMN, y, concept.name)}</a>")
            y += ROW
        y += ROW / 2
    style = f"width: 100%; max-width: {WIDTH}px"
    return Drawing(f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {y:g}" '
                   f'style="{style}">{"".join(parts)}</svg>')


def _line(start, end):
    """Curve from a group at one height to a concept at another."""
    left, right = COLUMN - 60, COLUMN - 10
    curve = f"M {left} {start:g} C {left + 30} {start:g} {right - 30} {end:g} {right} {end:g}"
    return f'<path d="{curve}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>'


def _text(x, y, words, weight="normal"):
    """One line of text, vertically centred."""
    return (f'<text x="{x}" y="{y:g}" dominant-baseline="middle" font-size="16" '
            f'font-weight="{weight}" fill="currentColor">{escape(words)}</text>')
