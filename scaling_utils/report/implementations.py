"""Public pass@k implementations beside the conformance file: what they answered, as a table."""
from __future__ import annotations

from html import escape
from importlib.resources import files
from io import StringIO

import pandas as pd

from .replications_page import Html

HEAD = ("implementation", "what was called", "values right", "largest relative error",
        "refused of those due", "what it answers instead")  # fmt: skip
WIDTH = {"run": "Run as installed", "formula": "Formulas, stated again here"}


def read() -> pd.DataFrame:
    """One row per implementation; written by tools/implementations.py.

    Columns: name, version, function, how ("run" or "formula"), date, values, passed, worst
    (relative error), refusals (due), refused, impossible (cases its interface cannot express),
    answered (refusal due: what it gave).

    Examples
    --------
    >>> bool((read().passed <= read()["values"]).all())
    True
    """
    text = (files(__package__) / "implementations.csv").read_text("utf-8")
    return pd.read_csv(StringIO(text), keep_default_na=False)


def table(rows: pd.DataFrame | None = None) -> Html:
    """The table as HTML: run implementations first, then formulas.

    Examples
    --------
    >>> table().count("<tr>") == len(read()) + 3  # a head, and two lines between
    True
    """
    rows = read() if rows is None else rows
    head = "".join(f'<th scope="col">{text}</th>' for text in HEAD)
    body = ""
    for how, title in WIDTH.items():
        body += f'<tr><th colspan="{len(HEAD)}" scope="rowgroup">{title}</th></tr>'
        body += "\n".join(_row(row) for row in rows[rows.how == how].itertuples())
    return Html(f'<table class="dataframe implementations"><thead><tr>{head}</tr></thead>'
                f"<tbody>{body}</tbody></table>")  # fmt: skip


def _row(row):
    """One implementation; what it answers where it should refuse is folded."""
    name = f"{escape(row.name)} {row.version}".strip()
    answers = row.answered.split("; ") if row.answered else []
    told = f"<details><summary>{len(answers)} answers</summary>{_list(answers)}</details>"
    due = f"{row.refused} of {row.refusals}"
    if row.impossible:
        due += f"; {row.impossible} more cannot be asked"
    cells = [name, escape(row.function), f"{row.passed} of {row.values}", row.worst, due]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + (
        f"<td>{told if answers else ''}</td></tr>")


def _list(answers):
    """Items of a list."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in answers) + "</ul>"
