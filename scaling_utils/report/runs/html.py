"""A result as one page: no network, no script, everything from a log escaped."""
from __future__ import annotations

from base64 import b64encode
from importlib.resources import files

import numpy as np
from jinja2 import Environment, StrictUndefined

from ... import __version__
from . import text
from .record import FORMAT, PACKAGE

TITLES = {"forecast": "Forecast", "fit": "Laws fitted", "compare": "Comparison of runs",
          "votes": "Votes and other strategies", "check": "What a log holds", "plan": "Plan"}
CAPTIONS = {
    "forecast": "Coverage seen and forecast, with intervals", "laws": "Laws, the best AIC first",
    "parameters": "Parameters of the laws", "pairs": "Each pair of runs",
    "difference": "Difference of coverage at each number of samples, with the band",
    "strategies": "Accuracy of each strategy", "coverage": "Coverage", "gates": "Gates",
    "plan": "The best of each model and strategy, the cheapest or the most accurate first"}
HEADS = {"n_rows": "rows", "sha256": "SHA-256", "beyond": "beyond the samples drawn"}
TEXT = ("path", "reason", "where", "may_cross", "beyond")  # columns that may wrap


def page(result, light: bytes | None = None, dark: bytes | None = None) -> str:
    """The report as HTML.

    Parameters
    ----------
    result : Result
    light, dark : bytes, optional
        The figure as SVG on a light and on a dark page.

    Returns
    -------
    str
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                              lstrip_blocks=True)
    environment.filters |= {"cell": text.cell, "head": head, "told": told}
    template = environment.from_string(_part("page.html"))
    tables = [(CAPTIONS.get(name, name.capitalize()), _records(text.shown(frame)))
              for name, frame in result.tables.items() if name != "curve"]
    inputs = result.inputs if len(result.history) else result.inputs.drop(columns="use")
    return template.render(
        title=TITLES[result.command], css=_part("page.css"), result=result, version=__version__,
        format_version=FORMAT, package=PACKAGE, tables=tables, text_columns=TEXT,
        runs=_records(text.overview(result.runs)), inputs=_records(inputs),
        excluded=_records(result.excluded), light=_address(light), dark=_address(dark))


def head(name: str) -> str:
    """The head of a column in words.

    Examples
    --------
    >>> head("may_cross"), head("k")
    ('may cross', 'k')
    """
    return HEADS.get(name) or text.HEADS.get(name) or name.replace("_", " ")


def told(value) -> str:
    """A setting in words.

    Examples
    --------
    >>> told([1000, 10000]), told(0.9)
    ('1,000 and 10,000', '0.9')
    """
    if isinstance(value, (list, tuple)):
        return " and ".join(map(told, value))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _records(frame):
    """Names of the columns and the rows of a table; yes and no are words there."""
    shown = frame.astype({name: object for name in frame})
    flags = [name for name in frame if frame[name].dtype == bool]
    shown[flags] = np.where(frame[flags], "yes", "no")
    return list(shown), [list(row) for row in shown.itertuples(index=False, name=None)]


def _address(svg):
    """An SVG as an address that holds the picture itself."""
    return svg and f"data:image/svg+xml;base64,{b64encode(svg).decode()}"


def _part(name):
    """A file that lies beside this one."""
    return (files(__package__) / name).read_text("utf-8")
