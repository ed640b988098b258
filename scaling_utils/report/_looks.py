"""Looks of what a panel draws, and the names that its legend gives to looks.

seaborn names its series in the legend alone: a scatter of several series is one collection, and its
lines bear no label of their own.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PARTS = ("colour", "marker", "dashes")


@dataclass(frozen=True)
class Look:
    """Colour as #rrggbb, outline of the marker and pattern of the dashes, None without them."""

    colour: str
    marker: tuple | None = None
    dashes: tuple | None = None

    def agrees(self, other: Look, parts: list[str], absent: bool) -> bool:
        """Whether two looks agree in these parts; with `absent`, also where one has none."""
        pairs = [(getattr(self, part), getattr(other, part)) for part in parts]
        return all(a == b or (absent and None in (a, b)) for a, b in pairs)


def own_name(artist: Any) -> str:
    """Label of an artist; empty if it has none or one of the library's."""
    label = str(artist.get_label() or "_")
    return "" if label.startswith("_") else label


def looks(artist: Any) -> list[Look]:
    """Look of an artist or, of a scatter with several, that of each point."""
    from matplotlib.collections import PathCollection
    from matplotlib.lines import Line2D

    if isinstance(artist, Line2D):
        return [Look(colour(artist), _outline(artist), _dashes(artist))]
    if not isinstance(artist, PathCollection) or artist.get_array() is not None:
        return [Look(colour(artist))]
    outlines = [_frozen(path.vertices) for path in artist.get_paths()]
    faces = artist.get_facecolor()
    shades = [_hex(face) for face in (faces if len(faces) else artist.get_edgecolor())]
    each = [(shades[i % len(shades)], outlines[i % len(outlines)])
            for i in range(max(len(shades), len(outlines)))]  # fmt: skip
    return [Look(*each[i % len(each)]) for i in range(np.shape(artist.get_offsets())[0] or 1)]


def colour(artist: Any) -> str:
    """Colour of an artist as #rrggbb, empty if it has several or none."""
    if hasattr(artist, "get_coordinates"):  # a mesh: every cell has its own
        return ""
    first = (getattr(artist, "lines", None) or getattr(artist, "patches", None) or [artist])[0]
    for name in ("get_color", "get_facecolor", "get_edgecolor"):
        try:
            return _hex(getattr(first or artist, name)())
        except (AttributeError, ValueError):
            continue
    return ""


def legend_sections(ax: Axes, taken: set[str]) -> list[list[tuple[Look, str]]]:
    """Looks and names in the legend of a panel or, if it has none, of its figure.

    A heading of seaborn, whose handle draws nothing, begins a section; names that an artist bears
    itself are `taken` and left out.
    """
    legend = next(filter(None, [ax.get_legend(), *ax.figure.legends]), None)
    sections: list[list[tuple[Look, str]]] = [[]]
    entries = zip(legend.legend_handles, legend.get_texts(), strict=True) if legend else ()
    for handle, text in entries:
        if _draws_nothing(handle):
            sections.append([])
        elif text.get_text() not in taken:
            sections[-1].append((looks(handle)[0], text.get_text()))
    return [section for section in sections if section]


def name_of(look: Look, sections: list[list[tuple[Look, str]]]) -> str:
    """Name of a look, one part from each section of the legend; empty if no handle agrees.

    Handles are compared in what tells those of their section apart; a look without marker or
    dashes, as that of a band, by what it has.
    """
    found = []
    for section in sections:
        told = [part for part in PARTS if len({getattr(h, part) for h, _ in section}) > 1]
        for absent in (False, True):
            names = {name for h, name in section if look.agrees(h, told or ["colour"], absent)}
            if names:
                found += sorted(names) if len(names) == 1 else []
                break
    return ", ".join(found)


def name_lines(ax: Axes) -> None:
    """Lines without names of their own get those of the legend, which goes."""
    drawn = [line for line in ax.lines if np.size(line.get_xdata())]
    sections = legend_sections(ax, {own_name(line) for line in drawn})
    for line in drawn:
        name = "" if own_name(line) else name_of(looks(line)[0], sections)
        if name and line.get_transform() == ax.transData:
            line.set_label(name)
    if sections and ax.get_legend():
        ax.get_legend().remove()


def _draws_nothing(handle):
    """Whether a handle of a legend is a line without marker and width."""
    if not hasattr(handle, "get_marker"):
        return handle is None
    return not _outline(handle) and (_dashes(handle) is None or handle.get_linewidth() == 0)


def _hex(value):
    """#rrggbb of a colour or of the first of several."""
    from matplotlib.colors import to_hex

    return to_hex(value if isinstance(value, str) else np.ravel(value)[:3])


def _outline(line):
    """Outline of the marker of a line."""
    from matplotlib.markers import MarkerStyle

    marker = MarkerStyle(line.get_marker())
    path = marker.get_path().transformed(marker.get_transform())
    return _frozen(path.vertices) if len(path.vertices) else None


def _dashes(line):
    """Pattern of the dashes of a line, () if it is drawn through, None if it is not drawn."""
    if line.get_linestyle() in ("None", " ", ""):
        return None
    offset, pattern = line._unscaled_dash_pattern  # there is no public way to ask
    return (offset, *pattern) if pattern else ()


def _frozen(vertices):
    """Coordinates that can be compared."""
    return tuple(map(tuple, np.round(vertices, 6).tolist()))
