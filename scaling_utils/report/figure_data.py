"""The series that a figure draws, as a table, and the figure as a vector drawing.

In a notebook both travel with the picture, in the metadata of its output; the book's build takes
them from there and links them under the figure.
"""
from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ._looks import colour, legend_sections, looks, name_of, own_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METADATA = "figure_data"  # name of the entry in the metadata of an output
COLUMNS = ["panel", "x_label", "y_label", "series", "mark", "colour", "x", "y", "low", "high",
           "value"]  # fmt: skip


def series(fig: Figure) -> pd.DataFrame:
    """What a figure draws, one row per point.

    Returns
    -------
    pandas.DataFrame
        Columns panel (its title or number), x_label, y_label, series (its label, else the name of
        what looks the same in the legend, else its number), mark (line, points, error bar, band,
        bar, span, outline, image), colour, x, y, low and high (ends of bars, bands and spans) and
        value (of a pixel or a contour). A line that spans the panel has the one coordinate that it
        marks; a scatter of several looks is so many series. Words and arrows are left out.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> fig = Figure()
    >>> lines = fig.add_subplot().plot([1, 2], [0.1, 0.2], label="coverage")
    >>> series(fig)[["series", "mark", "x", "y"]].values.tolist()
    [['coverage', 'line', 1.0, 0.1], ['coverage', 'line', 2.0, 0.2]]
    """
    axes = [ax for ax in fig.axes if ax.get_label() != "<colorbar>" and ax.get_visible()]
    tables = [_panel(fig, ax, n) for n, ax in enumerate(axes, 1)]
    tables = [table for table in tables if len(table)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def csv(fig: Figure) -> str:
    """The series as CSV, numbers with six significant digits."""
    table = series(fig)
    used = [c for c in COLUMNS if table[c].notna().any() and (table[c] != "").any()]
    return table[used].to_csv(index=False, float_format="%.6g", lineterminator="\n")


def svg(fig: Figure) -> str:
    """The figure as SVG, without a date or random names; coordinates in hundredths of a point.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> "<dc:date>" in svg(Figure())
    False
    """
    import matplotlib

    stream = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": METADATA, "svg.fonttype": "path"}):
        fig.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return re.sub(r' (?:d|x|y)="[^"]*"', _shorter, stream.getvalue())


def travel_with_pictures() -> None:
    """In a notebook, let every figure that is shown or glued carry its series and its drawing."""
    import sys

    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        from matplotlib.figure import Figure

        printers = shell.display_formatter.mimebundle_formatter
        printers.for_type(Figure, _travelling)


def _travelling(fig):
    """What travels with the picture; both drawings then have the layout that is found here."""
    engine = fig.get_layout_engine()
    if engine is not None and fig.axes:
        engine.execute(fig)
        fig.set_layout_engine("none")
    return {}, {METADATA: {"csv": csv(fig), "svg": svg(fig)}}


def _shorter(match):
    """Coordinates with two decimals."""
    return re.sub(r"(\.\d\d)\d+", r"\1", match[0])


def _panel(fig, ax, number):
    """Table of one panel; a series without a name of its own has that of the legend."""
    rows, count = [], 0
    drawn = list(_artists(ax))
    sections = legend_sections(ax, {own_name(artist) for artist, points in drawn if points})
    for artist, points in drawn:
        for look, part in _parts(artist, points):
            count += 1
            given = name_of(look, sections) if _is_series(artist, points) else ""
            named = {"series": own_name(artist) or given or count, "colour": look.colour}
            rows += [named | point for point in part]
    title = next(filter(None, (ax.get_title(loc) for loc in ("left", "center", "right"))), number)
    names = {"panel": title, "x_label": _label(fig, ax, "x"), "y_label": _label(fig, ax, "y")}
    return pd.DataFrame(rows, columns=COLUMNS).assign(**names)


def _is_series(artist, points):
    """Whether a legend can name it: no line or span across the panel, no bars that stand alone."""
    across = any(len(point) == 2 or point["mark"].startswith("span") for point in points)
    return not across and not hasattr(artist, "has_yerr")


def _parts(artist, points):
    """Looks of an artist, each with its points."""
    each = looks(artist)
    if len(set(each)) == 1:
        yield each[0], points
        return
    for look in dict.fromkeys(each):
        yield look, [point for point, its in zip(points, each, strict=True) if its == look]


def _label(fig, ax, axis):
    """Label of an axis, of the one that it is shared with, or of the whole figure."""
    shared = getattr(ax, f"get_shared_{axis}_axes")().get_siblings(ax)
    labels = [getattr(other, f"get_{axis}label")() for other in (ax, *shared)]
    whole = getattr(fig, f"_sup{axis}label", None)
    return next(filter(None, [*labels, whole and whole.get_text()]), "")


def _artists(ax: Axes) -> Iterator[tuple]:
    """Each artist of a panel that shows data, with its points."""
    from matplotlib.container import BarContainer, ErrorbarContainer

    done = set()
    for container in ax.containers:
        if isinstance(container, ErrorbarContainer):
            line, caps, bars = container.lines
            done |= {*caps, *bars, *filter(None, [line])}
            yield container, list(_error_bars(line, bars))
        elif isinstance(container, BarContainer):
            done |= set(container.patches)
            along = 0 if container.orientation == "horizontal" else 1
            yield container, [_bar(patch, along) for patch in container.patches]
    for kind, points in ((ax.lines, _line), (ax.collections, _collection), (ax.patches, _patch),
                         (ax.images, _image)):  # fmt: skip
        for artist in kind:
            if artist not in done and artist.get_visible():
                yield artist, list(points(ax, artist))


def _line(ax, line):
    """Points of a line; of one that spans the panel, what it marks."""
    in_x, in_y = line.get_transform().contains_branch_seperately(ax.transData)
    if in_x and in_y:
        if not np.isfinite(_xy(line)).all(axis=0).any():
            return []
        bar = _bar_of_points(ax, line)
        if bar:
            return bar
        mark = "points" if line.get_linestyle() == "None" else "line"
        return [{"mark": mark, "x": x, "y": y} for x, y in zip(*_xy(line), strict=True)
                if not np.isinf([x, y]).any()]  # fmt: skip
    if in_x or in_y:
        name, at = ("x", line.get_xdata()) if in_x else ("y", line.get_ydata())
        return [{"mark": "line", name: float(np.atleast_1d(at)[0])}]
    return []


def _bar_of_points(ax, line):
    """The error bar that a nameless straight line is, if a point of its colour lies on it."""
    ends = _xy(line).T
    flat = np.ptp(ends, axis=0) == 0 if len(ends) == 2 else np.zeros(2, bool)
    if own_name(line) or line.get_linestyle() != "-" or flat.sum() != 1:
        return []
    points = [_xy(other).T for other in ax.lines if other.get_marker() not in ("None", "", None)
              and other is not line and colour(other) == colour(line)]  # fmt: skip
    for point in np.concatenate([np.empty((0, 2)), *points]):
        across = int(flat[0])  # 1: an upright bar
        low, high = np.sort(ends[:, across])
        if low <= point[across] <= high and np.isclose(point[1 - across], ends[0, 1 - across]):
            mark = "error bar" if across else "error bar along x"
            return [{"mark": mark, "x": point[0], "y": point[1], "low": low, "high": high}]
    return []


def _xy(line):
    """Coordinates of a line as numbers, dates and names turned into those of the axis."""
    return np.asarray(line.get_xydata(), float).T


def _error_bars(line, bars):
    """Points with the ends of their bars."""
    ends = [np.asarray(s) for bar in bars for s in bar.get_segments() if len(s)]
    middles = [] if line is None else list(zip(*_xy(line), strict=True))
    for number, end in enumerate(ends):
        across = int(np.ptp(end[:, 0]) <= np.ptp(end[:, 1]))  # 1: an upright bar
        x, y = middles[number % len(middles)] if middles else end.mean(axis=0)
        mark = "error bar" if across else "error bar along x"
        yield {"mark": mark, "x": x, "y": y, "low": end[:, across].min(),
               "high": end[:, across].max()}  # fmt: skip


def _bar(patch, along):
    """One bar, its end and its sides; along 1: an upright one."""
    ends = patch.get_bbox().get_points()
    low, high = ends[:, 1 - along]
    middle, end = (low + high) / 2, ends[1, along]
    x, y = (middle, end) if along else (end, middle)
    return {"mark": "bar" if along else "bar along x", "x": x, "y": y, "low": low, "high": high}


def _collection(ax, artist):
    """Points of a scatter, band of a filled curve, segments or contours."""
    from matplotlib import collections, contour

    if isinstance(artist, contour.ContourSet):
        for level, path in zip(artist.levels, artist.get_paths(), strict=False):
            yield from ({"mark": "outline", "x": x, "y": y, "value": level}
                        for x, y in path.vertices)  # fmt: skip
    elif isinstance(artist, collections.PathCollection):
        yield from ({"mark": "points", "x": x, "y": y} for x, y in np.ma.filled(
            artist.get_offsets(), np.nan))  # fmt: skip
    elif isinstance(artist, collections.QuadMesh):
        yield from _mesh(artist)
    elif isinstance(artist, collections.LineCollection):
        yield from _error_bars(None, [artist])
    elif isinstance(artist, collections.PolyCollection):
        for path in artist.get_paths():
            ends = pd.Series(path.vertices[:, 1]).groupby(path.vertices[:, 0]).agg(["min", "max"])
            yield from ({"mark": "band", "x": x, "low": low, "high": high}
                        for x, low, high in ends.itertuples())  # fmt: skip


def _mesh(mesh):
    """Values of a mesh at the middles of its cells."""
    corners = mesh.get_coordinates()
    middles = (corners[1:, 1:] + corners[:-1, :-1]) / 2
    values = np.ma.filled(np.ma.asarray(mesh.get_array(), float), np.nan)
    for (x, y), value in zip(middles.reshape(-1, 2), values.ravel(), strict=True):
        yield {"mark": "image", "x": x, "y": y, "value": value}


def _patch(ax, patch):
    """A span of one axis, or the outline of what is drawn in the data's coordinates."""
    in_x, in_y = patch.get_data_transform().contains_branch_seperately(ax.transData)
    corners = patch.get_patch_transform().transform(patch.get_path().vertices)
    if not np.ptp(corners, axis=0).any():  # drawn for a legend
        return []
    if in_x and in_y:
        return [{"mark": "outline", "x": x, "y": y} for x, y in corners]
    if in_x or in_y:
        along = corners[:, 0 if in_x else 1]
        mark = f"span of {'x' if in_x else 'y'}"
        return [{"mark": mark, "low": along.min(), "high": along.max()}]
    return []


def _image(ax, image):
    """Values of an image, pixel by pixel; a coloured one by its mean."""
    values = np.ma.filled(np.ma.asarray(image.get_array(), float), np.nan)
    values = values.mean(axis=2) if values.ndim == 3 else values
    left, right, bottom, top = image.get_extent()
    rows, columns = values.shape
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = top + (np.arange(rows) + 0.5) * (bottom - top) / rows
    if image.origin == "lower":
        y = y[::-1]
    return [{"mark": "image", "x": x[j], "y": y[i], "value": values[i, j]}
            for i in range(rows) for j in range(columns)]  # fmt: skip
