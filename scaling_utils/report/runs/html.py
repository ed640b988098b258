"""A result as one page: no network, no script, everything from a log escaped."""
from __future__ import annotations

from base64 import b64encode
from importlib.resources import files

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
HEADS = {"k": "samples per problem k", "seen": "seen", "n_rows": "rows", "sha256": "SHA-256"}


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
    environment.filters |= {"cell": text.cell, "head": head}
    template = environment.from_string(_part("page.html"))
    tables = [(CAPTIONS.get(name, name.capitalize()), _records(text.shown(frame)))
              for name, frame in result.tables.items() if name != "curve"]
    return template.render(
        title=TITLES[result.command], css=_part("page.css"), result=result, version=__version__,
        format_version=FORMAT, package=PACKAGE, tables=tables,
        runs=_records(text.overview(result.runs)), inputs=_records(result.inputs),
        excluded=_records(result.excluded), light=_address(light), dark=_address(dark))


def head(name: str) -> str:
    """The head of a column in words.

    Examples
    --------
    >>> head("may_cross"), head("k")
    ('may cross', 'samples per problem k')
    """
    return HEADS.get(name) or text.HEADS.get(name) or name.replace("_", " ")


def _records(frame):
    """Names of the columns and the rows of a table."""
    return list(frame), [list(row) for row in frame.itertuples(index=False, name=None)]


def _address(svg):
    """An SVG as an address that holds the picture itself."""
    return svg and f"data:image/svg+xml;base64,{b64encode(svg).decode()}"


def _part(name):
    """A file that lies beside this one."""
    return (files(__package__) / name).read_text("utf-8")
