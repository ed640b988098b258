"""Write the replications as CSV and JSON, for those who cite them: with version and date."""
from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from .. import __version__
from ..data.datasets import load
from .replications import compare

COLUMNS = ["key", "paper", "citation", "where", "quantity", "benchmark", "model", "value", "low",
           "high", "unit", "certainty", "ours", "ours_low", "ours_high", "difference", "relative",
           "kind", "verdict", "reason", "method", "status", "dataset", "our_benchmark",
           "our_model", "k_min", "k_max", "parameter", "law_key", "chapter", "why_not"]  # fmt: skip
RELEASE = ["version", "date"]  # the last two columns of the CSV, the head of the JSON
FORMAT = 1  # of both: raised when a column is renamed or removed


def table() -> pd.DataFrame:
    """One row per published number and way to it; untested numbers with their reason.

    Examples
    --------
    >>> table().key.nunique() == load("published_constants").published.sum()
    np.True_
    """
    constants = load("published_constants")
    pairs = compare()
    rest = constants[constants.published & ~constants.key.isin(pairs.key)]
    rows = pd.concat([pairs, rest.assign(verdict="untested")], ignore_index=True)
    order = {key: i for i, key in enumerate(constants.key)}
    return rows.sort_values("key", key=lambda keys: keys.map(order), kind="stable")[COLUMNS]


def csv_text(date: str) -> str:
    """The table as CSV, numbers with ten significant digits; the release stands in each row.

    Parameters
    ----------
    date : str
        Day of the release, as 2026-11-26.
    """
    rows = table().assign(version=__version__, date=date)
    return rows.to_csv(index=False, float_format="%.10g", lineterminator="\n")


def json_text(date: str) -> str:
    """The table as JSON records, with format, version and date of the release."""
    rows = json.loads(table().to_json(orient="records", double_precision=10))
    head = {"format": FORMAT, "version": __version__, "date": date, "rows": rows}
    return json.dumps(head, ensure_ascii=False, indent=1) + "\n"


def main(folder: str | Path, date: str) -> None:
    """Write replications.csv and replications.json into a folder, if they have changed."""
    for kind, text in (("csv", csv_text(date)), ("json", json_text(date))):
        path = Path(folder) / f"replications.{kind}"
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"wrote {path}")
