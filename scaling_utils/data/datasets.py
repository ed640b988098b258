"""Data sets that ship with the package, and their cards. Nothing here touches the network."""
from __future__ import annotations

import io
import lzma
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import pandas as pd
import yaml

FOLDER = files(__package__) / "sets"
SHOWN = ("row", "independent_unit", "rows", "source", "obtained", "licence", "exclusions",
         "external_check")
JOIN = " + "  # between the names of a cell that holds several
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times as fast
LOSSY = tuple(map(int, pd.__version__.split(".")[:2])) < (3, 1)  # drops last digits unless told
EXACT = {"float_precision": "round_trip"} if LOSSY else {}


class Card(dict):
    """Data card: what one row is, where it comes from, what may be done with it.

    Examples
    --------
    >>> card("monkeys_counts")["independent_unit"]
    'problem'
    """

    def _repr_markdown_(self):
        head = [f"**{self['title']}**", "", "| data card | |", "|---|---|"]
        rows = [f"| {name.replace('_', ' ')} | {_cell(self[name])} |" for name in SHOWN]
        columns = [
            f"| `{name}` | {c['type']} | {_cell(c['meaning'])} | {_cell(c.get('unit', ''))} "
            f"| {_range(c)} |"
            for name, c in self["columns"].items()
        ]
        table = ["", "| column | type | meaning | unit | range |", "|---|---|---|---|---|"]
        problems = ["", "Known problems:", "", *(f"- {_cell(p)}" for p in self["known_problems"])]
        return "\n".join([*head, *rows, *table, *columns, *problems])


def load(name: str) -> pd.DataFrame:
    """Table of one data set, a fresh DataFrame with the columns and types of its card.

    Parameters
    ----------
    name : str
        A folder of the package's data, for example "monkeys_counts".

    Returns
    -------
    pandas.DataFrame
        Empty numbers are missing values; empty text is the empty string.

    Raises
    ------
    ValueError
        If there is no such data set; the message lists those there are.

    Examples
    --------
    >>> load("monkeys_counts").shape
    (2366, 7)
    """
    columns = card(name)["columns"]
    return pd.read_csv(
        io.BytesIO(content(name)), dtype={key: _dtype(column) for key, column in columns.items()},
        keep_default_na=False, **EXACT,
        na_values={key: [""] for key, c in columns.items() if c["type"] in ("int", "float")},
    )


def content(name: str) -> bytes:
    """Bytes of a data set's table as CSV; a long table is kept compressed.

    Examples
    --------
    >>> content("chain_counts")[:11]
    b'run,model,p'
    """
    plain = FOLDER / name / "data.csv"
    if plain.is_file():
        return plain.read_bytes()
    return lzma.decompress((FOLDER / name / "data.csv.xz").read_bytes())


def card(name: str) -> Card:
    """Card of one data set: what a row is, origin, licence, independent unit, known problems.

    Parameters
    ----------
    name : str

    Returns
    -------
    Card
        A dict that shows itself as a table in a notebook.

    Raises
    ------
    ValueError
        If there is no such data set; the message lists those there are.

    Examples
    --------
    >>> card("monkeys_counts")["independent_unit"]
    'problem'
    """
    if name not in available():
        raise ValueError(f"there is no data set {name!r}; there are {', '.join(available())}")
    return Card(yaml.load((FOLDER / name / "card.yml").read_text(encoding="utf-8"), LOADER))


def available() -> list[str]:
    """Names of the data sets, in alphabetical order.

    Examples
    --------
    >>> "monkeys_counts" in available()
    True
    """
    return sorted(entry.name for entry in FOLDER.iterdir() if (entry / "card.yml").is_file())


@cache
def names(kind: str) -> MappingProxyType:
    """Vocabulary of one kind: "benchmarks", "models" or "methods", in order, with what is known.

    Examples
    --------
    >>> names("models")["Pythia-12B"]["billions"]
    12
    """
    lists = yaml.safe_load((FOLDER / "names.yml").read_text(encoding="utf-8"))
    if kind not in lists:
        raise ValueError(f"there are no names of kind {kind!r}; there are {', '.join(lists)}")
    return MappingProxyType(lists[kind])


def unknown_names(kind: str, cell: str) -> list[str]:
    """Names in a cell that are not in the vocabulary; "X family" stands for all models of one.

    Examples
    --------
    >>> unknown_names("benchmarks", "MATH + GSMBK")
    ['GSMBK']
    """
    known = set(names(kind))
    if kind == "models":
        known |= {f"{model['family']} family" for model in names(kind).values()}
    return [name for name in str(cell).split(JOIN) if name and name not in known]


def _dtype(column):
    """Type of a column for the CSV reader."""
    if column["type"] == "int":
        return "Int64" if column.get("optional") else "int64"
    return {"float": "float64", "str": "str", "bool": "bool"}[column["type"]]


def _cell(text):
    """Text that stays inside one cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", r"\|")


def _range(column):
    """Range of a column in words."""
    if "values" in column:
        return ", ".join(map(str, column["values"]))
    ends = [str(column[end]) for end in ("min", "max") if end in column]
    return " to ".join(ends) if len(ends) == 2 else "".join(f"from {end}" for end in ends)
