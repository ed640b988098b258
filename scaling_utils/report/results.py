"""The table of fitted and measured numbers, results/fits.csv: rows, parts, merging, comparing."""
from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from ..data.datasets import EXACT, names
from .rows import COLUMNS, COMPARED, TEXT, result_row, result_rows

__all__ = [
    "differences", "merge", "read_fits", "result_row", "result_rows", "tabulate", "write_part",
]  # fmt: skip

KEY = ["law", "method", "dataset", "benchmark", "model", "k_min", "k_max", "parameter"]
DIGITS = {"value": 6, "low": 3, "high": 3}  # significant digits that a rebuild must return
VARIABLE = "SCALING_RESULTS_DIR"


def tabulate(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Rows as a DataFrame in the stated columns and order; the key must be unique.

    Order: law, method, dataset, benchmark, model, k_min, k_max, parameter; names of the vocabulary
    in its order, all others by alphabet or size, empty cells first.

    Examples
    --------
    >>> row = result_row(law="pass_at_k", method="unbiased", parameter="coverage", value=0.5)
    >>> tabulate([row, row])
    Traceback (most recent call last):
    ValueError: rows with the same key: pass_at_k, unbiased, coverage
    """
    table = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(COLUMNS)
    twice = table[table.duplicated(KEY)].drop_duplicates(KEY)
    if len(twice):
        raise ValueError("rows with the same key: " + "; ".join(map(_label, _keys(twice))))
    return table.sort_values(KEY, key=_rank, na_position="first", ignore_index=True)


def write_part(slug: str, rows: Iterable[Mapping]) -> pd.DataFrame:
    """Table of a chapter's rows, written as <slug>.csv into the folder SCALING_RESULTS_DIR.

    Without that environment variable nothing is written.

    Examples
    --------
    >>> write_part("pass_at_k", []).shape
    (0, 17)
    """
    table = tabulate(rows)
    folder = os.environ.get(VARIABLE)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        _write(table, Path(folder) / f"{slug}.csv")
    return table


def read_fits(path: str | os.PathLike | None = None) -> pd.DataFrame:
    """The table of a CSV file; without a path the one committed beside the package.

    Raises
    ------
    ValueError
        If there is no such file, or its columns are not those of the data dictionary.

    Examples
    --------
    >>> read_fits("nowhere.csv")
    Traceback (most recent call last):
    ValueError: there is no table of results at nowhere.csv
    """
    path = Path(path or Path(__file__).with_name("fits.csv"))
    if not path.is_file():
        raise ValueError(f"there is no table of results at {path}")
    numbers = [name for name, kind in COLUMNS.items() if kind != TEXT]
    table = pd.read_csv(path, dtype=COLUMNS, keep_default_na=False, **EXACT,
                        na_values={name: [""] for name in numbers})  # fmt: skip
    if list(table.columns) != list(COLUMNS):
        raise ValueError(f"columns of {path} are {list(table.columns)}, not {list(COLUMNS)}")
    return table


def merge(folder: str | os.PathLike) -> pd.DataFrame:
    """Table of all parts in a folder; a key that stands in two parts is an error.

    Examples
    --------
    >>> import tempfile
    >>> row = result_row(law="pass_at_k", method="unbiased", parameter="coverage", value=0.5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _write(tabulate([row]), Path(folder) / "pass_at_k.csv")
    ...     merge(folder).value.tolist()
    [0.5]
    """
    parts = sorted(Path(folder).glob("*.csv"))
    if not parts:
        raise ValueError(f"there are no parts (*.csv) in {folder}")
    return tabulate(row for part in parts for row in read_fits(part).to_dict("records"))


def differences(built: pd.DataFrame, committed: pd.DataFrame) -> list[str]:
    """What differs between two tables, one line each; empty if the build returns the numbers.

    Numbers of status EXACT or CONVERGED: value within half a unit of the sixth significant digit of
    the committed one, ends of intervals of the third. Other rows: no numbers, but their status.
    Every cell that is not a number of the fit must be equal.

    Examples
    --------
    >>> row = result_row(law="pass_at_k", method="unbiased", parameter="coverage", value=0.5)
    >>> differences(tabulate([row | {"value": 0.6}]), tabulate([row]))
    ['pass_at_k, unbiased, coverage: value is 0.6, committed 0.5']
    """
    new, old = (dict(zip(_keys(t), t.to_dict("records"), strict=True)) for t in (built, committed))
    lines = [f"missing from the build: {_label(key)}" for key in old if key not in new]
    lines += [f"not in the committed table: {_label(key)}" for key in new if key not in old]
    for key in (key for key in old if key in new):
        lines += [
            f"{_label(key)}: {column} is {new[key][column]}, committed {old[key][column]}"
            for column in COLUMNS if not _same(column, new[key], old[key])
        ]  # fmt: skip
    return lines


def main(arguments: list[str] | None = None) -> int | None:
    """Command line: merge <parts> <csv> writes, compare <parts> <csv> returns 1 on a difference.

    Examples
    --------
    >>> import tempfile
    >>> row = result_row(law="pass_at_k", method="unbiased", parameter="coverage", value=0.5)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     part = Path(folder) / "pass_at_k.csv"
    ...     _write(tabulate([row]), part)
    ...     main(["compare", folder, str(part)])  # doctest: +ELLIPSIS
    1 rows compared with ...pass_at_k.csv: 0 differences
    0
    """
    parser = argparse.ArgumentParser(prog="scaling_utils.report.results", description=__doc__)
    parser.add_argument("verb", choices=["merge", "compare"])
    parser.add_argument("parts", help="folder with one CSV file per chapter")
    parser.add_argument("table", help="the committed table")
    options = parser.parse_args(arguments)
    try:
        built = merge(options.parts)
        if options.verb == "merge":
            _write(built, options.table)
            print(f"{len(built)} rows in {options.table}")
            return 0
        lines = differences(built, read_fits(options.table))
    except ValueError as error:
        parser.error(str(error))
    print(*lines, f"{len(built)} rows compared with {options.table}: {len(lines)} differences",
          sep="\n")  # fmt: skip
    return int(bool(lines))


def _rank(column):
    """Place in the vocabulary for names, the value itself for everything else."""
    kind = f"{column.name}s"
    if kind not in ("methods", "benchmarks", "models"):
        return column
    place = {name: i for i, name in enumerate(names(kind))}
    return column.map(lambda name: (place.get(name.split(" + ")[0], -1), name))


def _keys(table):
    """Key of each row as a tuple without missing values."""
    cells = table[KEY].astype(object)
    return list(cells.where(cells.notna(), "").itertuples(index=False, name=None))


def _label(key):
    """A key in words."""
    return ", ".join(str(part) for part in key if part != "")


def _same(column, new, old):
    """Whether one cell of a rebuilt row is that of the committed one."""
    a, b = new[column], old[column]
    if column in DIGITS and old["status"] not in COMPARED:
        return True
    if pd.isna(a) or pd.isna(b):
        return pd.isna(a) and pd.isna(b)
    return a == b or column in DIGITS and abs(a - b) <= 0.5 * _unit(b, DIGITS[column])


def _unit(x, digits):
    """Unit of the last of so many significant digits of x."""
    if x == 0 or not math.isfinite(x):
        return 0.0
    return 10.0 ** (math.floor(math.log10(abs(x))) - digits + 1)


def _write(table, path):
    """CSV at full precision, the same bytes on every system."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")


if __name__ == "__main__":
    sys.exit(main())
