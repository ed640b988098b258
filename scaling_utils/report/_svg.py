"""Drawings that a page shows inline, so that their links can be followed."""
from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Drawing:
    """SVG that a page shows inline.

    Examples
    --------
    >>> framed("a line", [words(0, 9, "here")], 20, 30).svg[:4]
    '<svg'
    """

    svg: str

    def _repr_html_(self):
        return f'<div style="overflow-x: auto">{self.svg}</div>'


def framed(title: str, parts: list[str], width: float, height: float, style: str = "") -> Drawing:
    """Parts of a drawing as one, which fills the page up to its own width."""
    style = f"width: 100%; max-width: {width}px{style}"
    return Drawing(f'<svg role="group" aria-label="{escape(title)}" '
                   f'viewBox="0 0 {width} {height:g}" style="{style}">{"".join(parts)}</svg>')


def words(x: float, y: float, text: str, extra: str = "") -> str:
    """One line of text, vertically centred, with further attributes."""
    return (f'<text x="{x}" y="{y:g}" dominant-baseline="middle" font-size="16" '
            f'{extra + " " * bool(extra)}fill="currentColor">{escape(text)}</text>')
