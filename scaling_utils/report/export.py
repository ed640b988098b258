"""Write the replications as CSV and JSON, for those who cite them: python -m ...report.export."""
from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from .. import __version__
from ..data.datasets import load
from .replications import compare

COLUMNS = ["key", "paper", "citation", "where", "quantity", "benchmark", "model", "value", "low",
           "high", "unit", "certainty", "ours", "ours_low", "ours_high", "difference", "relative",
           "kind", "verdict", "reason", "method", "status", "dataset", "our_benchmark",
           "our_model", "k_min", "k_max", "parameter", "law_key", "chapter", "why_not"]  # fmt: skip
FORMAT = 1  # of the JSON: raised when a column is renamed or removed


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


def csv_text() -> str:
    """The table as CSV, numbers with ten significant digits."""
    return table().to_csv(index=False, float_format="%.10g", lineterminator="\n")


def json_text() -> str:
    """The table as JSON records, with the format and the version of the package."""
    rows = json.loads(table().to_json(orient="records", double_precision=10))
    head = {"format": FORMAT, "version": __version__, "rows": rows}
    return json.dumps(head, ensure_ascii=False, indent=1) + "\n"


def main(folder: str) -> None:
    """Write replications.csv and replications.json into a folder, if they have changed."""
    for name, text in (("replications.csv", csv_text()), ("replications.json", json_text())):
        path = Path(folder) / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
