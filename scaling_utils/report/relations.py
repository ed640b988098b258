"""Relations between the laws: what contains, limits, mixes, inverts or replaces what."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files

import yaml

from ..laws import LAWS
from ..laws._record import Law
from ._svg import Drawing, framed, words
from .concepts import folded
from .notation import Markdown

ROW, NAMES, WIDTH, TOP = 25, 168, 460, 70  # of the drawing, in pixels
END = 'text-anchor="end"'
ORDER = (
    ("compute_optimal", "vote_saturation", "thinking_tokens", "weighted_vote", "majority_vote",
     "vote_mixture"),
    ("stepwise_selection", "best_of_n", "harmonic_trials", "effective_trials", "design_effect",
     "greedy_search", "problem_exponential", "kumaraswamy", "tail_power_law"),
    ("cost_of_coverage", "coverage_power_law"),
    ("gamma_exponential", "zero_inflated_beta", "scaled_beta", "false_positives", "reliability",
     "beta_failure", "trials_for_loss", "inference_loss", "inference_cost", "multi_token"),
    ("best_of_n_kl", "over_optimisation"),
    ("training_loss", "token_overhead", "inference_exchange"),
    ("single_token", "throughput", "memory", "quantisation"),
)  # from top to bottom, so that curves are short


@dataclass(frozen=True)
class Kind:
    """A kind of relation: its words, how its curves look, and whether it is checked in numbers.

    Examples
    --------
    >>> KINDS["limit of"].checked
    True
    """

    colour: str  # variable of the page's theme
    dash: str
    checked: bool
    meaning: str


KINDS = {
    "contains": Kind("primary", "", True, "is equal to it at one value of a parameter"),
    "restates": Kind("text-base", "", True, "is the same law in other variables"),
    "mixture of": Kind("secondary", "", True, "is its average over problems"),
    "limit of": Kind("primary", "7 3", True, "is what it tends to"),
    "inverse of": Kind("secondary", "7 3", True, "is its solution for an input"),
    "argument of": Kind("text-muted", "2 3", False, "gives a number that it takes"),
    "replaces": Kind("text-muted", "9 3 2 3", False, "takes its place in another situation"),
}


@dataclass(frozen=True)
class Relation:
    """One law in its relation to another.

    Examples
    --------
    >>> first = relations()[0]
    >>> first.law, first.kind, first.to
    ('kumaraswamy', 'mixture of', 'problem_exponential')
    """

    law: str  # key in LAWS
    to: str
    kind: str  # key in KINDS
    words: str
    where: str  # label of an equation

    @property
    def checked(self) -> bool:
        """Whether it is a statement about numbers, which the tests verify."""
        return KINDS[self.kind].checked


@cache
def relations() -> tuple[Relation, ...]:
    """All relations, kind by kind.

    Examples
    --------
    >>> len({relation.kind for relation in relations()})
    7
    """
    text = (files(__package__) / "relations.yml").read_text(encoding="utf-8")
    return tuple(Relation(**row) for row in yaml.safe_load(text))


def table() -> Markdown:
    """One row per relation, with links to both laws and to the equation that shows it; folded.

    A relation that no number can check is called argued.

    Examples
    --------
    >>> table().text.splitlines()[2]
    '| law | relation | law | how |'
    """
    head = ["| law | relation | law | how |", "|---|---|---|---|"]
    rows = [f"| {_named(r.law)} | {r.kind}{'' if r.checked else ' (argued)'} | {_named(r.to)} "
            f"| {r.words}, {{eq}}`{r.where}` |" for r in relations()]
    return Markdown(folded(f"The {len(rows)} relations in words", "\n".join(head + rows)))


def _named(key):
    """Title of a law with the number of its equation."""
    return f"{LAWS[key].title} {{eq}}`{LAWS[key].label}`"


def drawing(title: str) -> Drawing:
    """The laws under each other, a curve with a head from each to what it is related to.

    A law leads to its equation; the words of a curve appear where the mouse rests on it.

    Parameters
    ----------
    title : str
        Text alternative of the drawing.

    Returns
    -------
    Drawing

    Examples
    --------
    >>> 'href="beta_failure.html#equation-eq-beta-failure"' in drawing("laws").svg
    True
    """
    heights = _heights()
    bottom = max(heights.values()) + ROW
    parts = [_key(i, kind) for i, kind in enumerate(KINDS)]
    parts += [_curve(r, heights[r.law], heights[r.to]) for r in relations()]
    parts += [_link(LAWS[key], y) for key, y in heights.items()]
    return framed(title, parts, WIDTH, bottom, "; min-width: 330px")


def _heights():
    """Height of each law; a gap between groups."""
    found, y = {}, TOP + ROW
    for group in ORDER:
        for key in group:
            found[key] = y
            y += ROW
        y += ROW / 2
    return found


def _stroke(kind):
    """Colour and dashes of a kind."""
    colour, dash = f"var(--pst-color-{KINDS[kind].colour}, currentColor)", KINDS[kind].dash
    return f'fill="none" stroke="{colour}" stroke-width="1.6" stroke-dasharray="{dash or "none"}"'


def _key(i, kind):
    """Entry of the legend, three in a row."""
    x, y = 10 + 150 * (i % 3), 14 + 24 * (i // 3)
    return (f'<g><title>{escape(KINDS[kind].meaning)}</title><path d="M {x} {y} h 36" '
            f"{_stroke(kind)}/>{words(x + 43, y, kind)}</g>")


def _curve(relation, start, end):
    """Curve to the right of the names, with a head where it ends."""
    x, tip = NAMES, 5 if start < end else -5
    reach = x + min(24 + 0.95 * abs(end - start), 1.3 * (WIDTH - x - 6))
    end -= tip  # heads that meet from above and from below stay apart
    head = (f'<path d="M {x} {end} l 8 -3.5 v 7 z" '
            f'fill="var(--pst-color-{KINDS[relation.kind].colour}, currentColor)"/>')
    sentence = f"{relation.law} {relation.kind} {relation.to}".replace("_", " ")
    return (f"<g><title>{escape(sentence)}</title>"
            f'<path d="M {x} {start + tip / 2} C {reach:g} {start + tip / 2} {reach:g} {end} '
            f'{x + 6} {end}" {_stroke(relation.kind)}/>{head}</g>')


def _link(law: Law, y):
    """Name of a law, leading to its equation."""
    return (f'<a href="{law.chapter}.html#equation-{law.label}"><title>{escape(law.title)}</title>'
            f'{words(NAMES - 6, y, law.key.replace("_", " "), END)}</a>')
