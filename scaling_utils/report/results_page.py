"""The page of results: every fitted or measured number of the book as one table."""
from __future__ import annotations

from hashlib import sha256
from html import escape

import pandas as pd

from ..data.datasets import available, card, load
from ..laws import LAWS
from .replications_page import Html
from .results import KEY, read_fits

HEAD = ("law", "parameter", "value", "low", "high", "unit", "benchmark", "model", "data set",
        "method", "k", "status", "published")  # fmt: skip


def table(fits: pd.DataFrame | None = None) -> Html:
    """All rows of the table of results; headings sort, a law links to its chapter.

    Examples
    --------
    >>> table().count("<tr id=") == len(read_fits())
    True
    """
    fits = read_fits() if fits is None else fits
    head = "".join(f'<th scope="col">{text}</th>' for text in HEAD)
    known = set(load("published_constants").key)
    rows = "\n".join(_row(row, known) for row in fits.itertuples())
    return Html(f'<table class="results"><thead><tr>{head}</tr></thead>'
                f"<tbody>{rows}</tbody></table>")  # fmt: skip


def datasets() -> Html:
    """Every data set of the package: what it is, its rows and licence, and its file on the site.

    Examples
    --------
    >>> datasets().count("<tr>") == 1 + len(available())
    True
    """
    head = "".join(f'<th scope="col">{text}</th>' for text in ("data set", "one row", "rows",
                                                               "licence", "used in"))  # fmt: skip
    rows = "\n".join(_dataset(name, card(name)) for name in available())
    machines = "".join(f'<a href="../data/{file}.json" download>{name}</a> ' for file, name in (
        ("croissant", "Croissant"), ("datapackage", "Frictionless")))  # fmt: skip
    return Html(f'<p class="figure-files">{machines}</p>'
                f'<table class="datasets"><thead><tr>{head}</tr></thead>'
                f"<tbody>{rows}</tbody></table>")  # fmt: skip


def _dataset(name, entry):
    """One data set; the pages of the site lie beside its folder data."""
    used = ", ".join(f'<a href="{chapter}.html">{chapter.replace("_", " ")}</a>'
                     for chapter in entry["used_in"])  # fmt: skip
    cells = (f'{escape(entry["title"])}, <a href="../data/{name}.csv" download>'
             f"<code>{name}.csv</code></a>", escape(entry["row"]), f"{entry['rows']:,}",
             escape(" ".join(entry["licence"].split())), used)  # fmt: skip
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _row(row, known):
    """One number; a cell of digits carries them in full for sorting."""
    law = LAWS.get(row.law)
    name = escape(row.law.replace("_", " "))
    link = f'<a href="{law.chapter}.html#equation-{law.label}">{name}</a>' if law else name
    span = "" if pd.isna(row.k_max) else f"{row.k_min:,.0f} to {row.k_max:,.0f}"
    published = f'<a href="replications.html#{row.source}">{row.published:.5g}</a>'
    plain = [row.unit, row.benchmark, row.model, row.dataset, row.method, span, row.status]
    here = anchor(row)
    cells = [f'<td>{link}</td><td><a href="#{here}">{escape(row.parameter)}</a></td>',
             *map(_number, (row.value, row.low, row.high)),
             *(f"<td>{escape(str(text).replace('_', ' '))}</td>" for text in plain),
             f"<td>{published if row.source in known else ''}</td>"]  # fmt: skip
    tags = (f'data-law="{name}" data-data="{row.dataset}" data-model="{escape(row.model)}" '
            f'data-status="{row.status}"')
    return f'<tr id="{here}" {tags}>{"".join(cells)}</tr>'


def anchor(row) -> str:
    """Address of a row on the page, from its key alone: it stays while the key stays.

    Examples
    --------
    >>> anchor(next(read_fits().itertuples())).startswith("r-")
    True
    """
    key = ("" if pd.isna(getattr(row, name)) else str(getattr(row, name)) for name in KEY)
    return "r-" + sha256("|".join(key).encode()).hexdigest()[:10]


def _number(x):
    """A number in five digits, in full for sorting."""
    return "<td></td>" if pd.isna(x) else f'<td data-value="{x:.10g}">{x:.5g}</td>'
