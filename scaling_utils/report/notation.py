"""Tables of symbols and laws, read off the records."""
from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ..fit.record import Status
from ..laws import LAWS
from ..laws._record import symbol_row


@dataclass(frozen=True)
class Markdown:
    """Text that a notebook renders.

    Examples
    --------
    >>> Markdown("*k* samples").text
    '*k* samples'
    """

    text: str

    def _repr_markdown_(self):
        return self.text


def symbols() -> Markdown:
    """One row per symbol and meaning, with the laws that use it.

    Examples
    --------
    >>> "samples per problem" in symbols().text
    True
    """
    used = defaultdict(list)
    for law in LAWS.values():
        for s in (law.output, *law.inputs, *law.params):
            used[s].append(law)
    order = sorted(used, key=lambda s: (s.name.lower(), s.name, s.meaning))
    head = ["| symbol | code | meaning | unit | range | used in |", "|---|---|---|---|---|---|"]
    rows = [f"{symbol_row(s)} {_links(used[s])} |" for s in order]
    return Markdown("\n".join([*head, *rows]))


def clashes() -> Markdown:
    """One row per letter that has more than one meaning across the book.

    Examples
    --------
    >>> "`b`" in clashes().text
    True
    """
    meanings = defaultdict(lambda: defaultdict(list))
    for law in LAWS.values():
        for s in (law.output, *law.inputs, *law.params):
            meanings[s.name][s.meaning].append(law)
    rows = [
        f"| `{name}` | " + "; ".join(f"{m} ({_links(laws)})" for m, laws in by.items()) + " |"
        for name, by in sorted(meanings.items()) if len(by) > 1
    ]
    return Markdown("\n".join(["| letter | meanings |", "|---|---|", *rows]))


def laws_at_a_glance() -> Markdown:
    """One row per law: formula, what it predicts, chapter.

    Examples
    --------
    >>> laws_at_a_glance().text.count("{eq}") == len(LAWS)
    True
    """
    rows = [
        f"| {law.title} | ${law.tex}$ | {law.output.meaning} | {_link(law)} |"
        for law in LAWS.values()
    ]
    head = ["| law | formula | predicts | equation |", "|---|---|---|---|"]
    return Markdown("\n".join([*head, *rows]))


def _links(laws):
    """References to the equations of several laws."""
    return ", ".join(map(_link, laws))


def _link(law):
    """Reference to the law's equation."""
    return f"{{eq}}`{law.label}`"


def statuses() -> Markdown:
    """What may be used of a fit, by status.

    Examples
    --------
    >>> "AT_BOUND" in statuses().text
    True
    """
    rows = [f"| `{status.name}` | {status.value} |" for status in Status]
    return Markdown("\n".join(["| status | what may be used |", "|---|---|", *rows]))
