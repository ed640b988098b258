"""What a chapter hands to its prose: numbers, intervals in words, a picture, rows of results."""
from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .results import write_part

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NO_INTERVAL = "no interval"
PICTURE = "the picture"  # stands in for the text of a name that a figure has taken


@dataclass(frozen=True)
class Page:
    """The page of one chapter: `page = Page("pass_at_k")`.

    Everything it hands over is glued as <slug>-<name> without being shown where it is computed; the
    prose takes it up by {glue:text} or {glue:figure}.

    Examples
    --------
    >>> page = Page("pass_at_k")
    >>> page.with_interval(0.26, (0.21, 0.31))
    '0.26 (0.21 to 0.31)'
    """

    slug: str
    taken: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def note(self, name: str, text: object) -> None:
        """A text or number of the page for its prose, glued as <slug>-<name>.

        A hyphen in front of a number becomes a minus sign, and a percentage gets its space.

        Raises
        ------
        ValueError
            If the name stands for another text already.
        """
        text = typeset(str(text))
        self._take(name, text)
        _glue(f"{self.slug}-{name}", text)

    def picture(self, fig: Figure, name: str = "picture") -> None:
        """A figure that the page shows elsewhere, glued as <slug>-<name> and closed.

        Raises
        ------
        ValueError
            If the name stands for a text already.
        """
        import matplotlib.pyplot as plt

        self._take(name, PICTURE)
        _glue(f"{self.slug}-{name}", fig)
        plt.close(fig)

    def interval(self, ends: Sequence[float] | None, form: str = "{:.2f}") -> str:
        """Ends of an interval in words; NaN or None are said to be none.

        Examples
        --------
        >>> page = Page("pass_at_k")
        >>> page.interval((-0.214, 0.306)), page.interval(None)
        ('−0.21 to 0.31', 'no interval')
        """
        if ends is None or any(math.isnan(end) for end in ends):
            return NO_INTERVAL
        low, high = ends
        return typeset(f"{form.format(low)} to {form.format(high)}")

    def with_interval(
        self, value: float, ends: Sequence[float] | None, form: str = "{:.2f}"
    ) -> str:
        """A value with its interval in words.

        Examples
        --------
        >>> page = Page("pass_at_k")
        >>> page.with_interval(12, None, "{:.1f}")
        '12.0 (no interval)'
        """
        return f"{typeset(form.format(value))} ({self.interval(ends, form)})"

    def write(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Rows of the table of results, as `results.write_part`, without showing them."""
        write_part(self.slug, rows)

    def _take(self, name: str, text: str) -> None:
        """Note what a name stands for; the same again, as when a cell runs twice, is no clash."""
        if self.taken.setdefault(name, text) != text:
            raise ValueError(
                f"{self.slug}-{name} stands for {self.taken[name]!r} already, now for {text!r}: "
                "choose another name"
            )


def typeset(text: str) -> str:
    """Numbers as the book prints them: a minus sign, and a space before the per cent sign.

    A hyphen is a minus sign where a number follows and no letter, digit or bracket comes before.

    Examples
    --------
    >>> typeset("-3.1% for GPT-4, 1e-05, 10-20"), typeset("(-.5)")
    ('−3.1 % for GPT-4, 1e-05, 10-20', '(−.5)')
    """
    text = re.sub(r"(?<![\w)\]}])-(?=\.?\d)", "−", text)
    return re.sub(r"(?<=\d)%", " %", text)


def _glue(name: str, thing: object) -> None:
    """Hand over to the book's build; the book's tools are loaded only here."""
    from myst_nb import glue

    glue(name, thing, display=False)
