"""Published numbers beside ours, from the table of results: what agrees, what differs and why."""
from __future__ import annotations

import math
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
import yaml

from ..data.datasets import load
from .results import read_fits

REMARKS = Path(__file__).with_name("remarks.yml")
MISSING = "not explained yet"
AGREES = ("agrees to the printed digits", "within the error of reading", "inside the printed range")
UNDECIDED = "inside our interval"
DIFFERS = "differs"
NOTHING = "no number from the fit"
PAIR = ["ours", "ours_low", "ours_high", "difference", "verdict"]  # columns of one comparison
KNOWN_FROM = {"quotation": "as quoted by others", "secondary": "as told by others"}
COMING = {"yes": "", "later": " (to come)"}
COMMON = ["number", "data", "published"]  # columns of every table of published numbers
SILENT = ("fraction", "coverage", "ratio")  # units that the name of the quantity tells


class Page(str):
    """Markdown that shows itself as such in a notebook."""

    def _repr_markdown_(self):
        return str(self)


def compare(fits=None, constants=None, remarks=None):
    """Published and own numbers, one row per pair, in the order of `published_constants`.

    Parameters
    ----------
    fits, constants : pandas.DataFrame, optional
        Table of results and published numbers; by default the committed ones.
    remarks : dict, optional
        Reason by key of the published number, or by key and method; a key may hold * for any text.

    Returns
    -------
    pandas.DataFrame
        Columns of `published_constants`, and method, status, ours, ours_low, ours_high,
        difference (ours minus printed, in the printed sign and unit), verdict, reason.

    Notes
    -----
    The verdict is the first that holds: ours rounds to the printed digits; lies within the error
    of reading a figure, or inside a printed range; the printed number lies inside our interval;
    differs.

    Raises
    ------
    ValueError
        If a remark belongs to no pair.

    Examples
    --------
    >>> from scaling_utils.report.results import result_row, tabulate
    >>> row = result_row(law="pass_at_k", method="unbiased", parameter="coverage", value=0.0713,
    ...                  published="brown_codecontests_gemma2b_pass10000")
    >>> compare(tabulate([row]), remarks={}).verdict.tolist()
    ['agrees to the printed digits']
    """
    fits = read_fits() if fits is None else fits
    constants = load("published_constants") if constants is None else constants
    remarks = _read_remarks() if remarks is None else remarks
    constants = constants[constants.published]
    known = constants.merge(fits, left_on="key", right_on="source", suffixes=("", "_ours"))
    pairs = pd.DataFrame([_pair(row) for _, row in known.iterrows()], known.index, PAIR)
    table = pd.concat([known[constants.columns], known[["method", "status"]], pairs], axis=1)
    _check_remarks(remarks, table)
    table["reason"] = [_remark(remarks, *row) for row in zip(table.key, table.method, strict=True)]
    quiet = table.verdict.isin(AGREES) | (table.verdict == UNDECIDED) | (table.reason != "")
    return table.assign(reason=table.reason.where(quiet, MISSING))


def summary(table):
    """One sentence that counts the verdicts of a table of `compare`.

    Examples
    --------
    >>> summary(pd.DataFrame({"key": ["a", "a"], "verdict": ["differs", "differs"]}))
    '1 published numbers are compared in 2 rows: 0 agree, 0 lie inside our interval, 2 differ.'
    """
    count = table.verdict.value_counts()
    agree = sum(count.get(verdict, 0) for verdict in AGREES)
    return Page(
        f"{table.key.nunique()} published numbers are compared in {len(table)} rows: "
        f"{agree} agree, {count.get(UNDECIDED, 0)} lie inside our interval, "
        f"{count.get(DIFFERS, 0)} differ."
    )


def compared_page(table):
    """One Markdown table per paper from a table of `compare`."""
    if table.empty:
        return Page("No number has been compared yet.")
    head = [*COMMON, "ours", "difference", "verdict", "reason and remarks"]
    return _by_paper(table, head, lambda row: [
        *_common(row), _ours(row), _number(row.difference, row.decimals, 2), row.verdict,
        _join(row.reason, row.note),
    ])  # fmt: skip


def untestable_page(constants=None):
    """One Markdown table per paper: published numbers that cannot be tested here, and why."""
    table = load("published_constants") if constants is None else constants
    table = table[table.published & (table.testable == "no")]
    return _by_paper(table, [*COMMON, "why not", "remarks"], lambda row: [
        *_common(row), row.why_not, row.note,
    ])  # fmt: skip


def open_page(compared, constants=None):
    """One Markdown table per paper: published numbers that can be tested but are not yet."""
    table = load("published_constants") if constants is None else constants
    table = table[table.published & (table.testable != "no") & ~table.key.isin(compared.key)]
    if table.empty:
        return Page("Every number that can be tested has been compared.")
    return _by_paper(table, [*COMMON, "chapter", "remarks"], lambda row: [
        *_common(row), row.chapter.replace("_", " ") + COMING[row.testable], row.note,
    ])  # fmt: skip


def derived_page(constants=None):
    """Numbers that follow from printed ones but are not printed: no published value is claimed."""
    table = load("published_constants") if constants is None else constants
    return _by_paper(table[~table.published], [*COMMON[:2], "remarks"], lambda row: [
        *_common(row)[:2], _join(row.note, row.why_not),
    ])  # fmt: skip


def printed(row):
    """A published number with the digits of its source, or its range.

    Examples
    --------
    >>> row = load("published_constants").set_index("key").loc["schaeffer_t1_pythia12b_b"]
    >>> printed(row)
    '0.370'
    """
    unit = f" {row.unit}" if row.unit and row.unit not in SILENT else ""
    if not math.isnan(row.value):
        return _number(row.value, row.decimals) + unit
    ends = [f"{x:g}" for x in (row.low, row.high) if not math.isnan(x)]
    if not ends:
        return "not known"
    return ("below " if math.isnan(row.low) else "") + " to ".join(ends) + unit


def _pair(row):
    """Own number in the printed sign and unit, difference and verdict."""
    scaled = row.value != 0 and not math.isnan(row.value)  # else ours is taken as it stands
    factor = row.published_ours / row.value if scaled else 1.0
    ours = row.value_ours / factor
    low, high = sorted([row.low_ours / factor, row.high_ours / factor])
    pair = dict(ours=ours, ours_low=low, ours_high=high, difference=ours - row.value)
    return pair | {"verdict": _verdict(row, ours, low, high)}


def _verdict(row, ours, low, high):
    """How the own number stands to the published one."""
    if row.status == "FAILED" or math.isnan(ours):
        return NOTHING
    if not math.isnan(row.value):
        if abs(ours - row.value) <= 0.5 * 10.0 ** -int(row.decimals) * (1 + 1e-9):
            return AGREES[0]
    inside = not (ours < row.low or ours > row.high)
    if row.bounds in ("reading error", "range") and inside:
        return AGREES[1] if row.bounds == "reading error" else AGREES[2]
    return UNDECIDED if low <= row.value <= high else DIFFERS


def _read_remarks():
    """Remarks beside the table of results."""
    return yaml.safe_load(REMARKS.read_text(encoding="utf-8")) or {}


def _remark(remarks, key, method):
    """Reason for one pair, the first that matches, or an empty string."""
    for entry in (entry for name, entry in remarks.items() if fnmatchcase(key, name)):
        text = entry.get(method, "") if isinstance(entry, dict) else entry
        if text:
            return text
    return ""


def _check_remarks(remarks, table):
    """Every remark belongs to a pair."""
    pairs = set(zip(table.key, table.method, strict=True))
    for key, entry in remarks.items():
        for method in entry if isinstance(entry, dict) else [None]:
            if not any(fnmatchcase(k, key) and method in (None, m) for k, m in pairs):
                where = key if method is None else f"{key}, {method}"
                raise ValueError(f"remark on {where}, which is not compared")


def _by_paper(table, head, cells):
    """A bold line and a Markdown table for each citation."""
    blocks = []
    for citation, rows in table.groupby("citation", sort=False):
        lines = [cells(row) for _, row in rows.iterrows()]
        blocks += [f"**{citation}**", _markdown([head, ["---"] * len(head), *lines])]
    return Page("\n\n".join(blocks))


def _markdown(lines):
    """Lines of cells as a Markdown table; characters that Markdown reads as markup are escaped."""
    def escape(cell):
        for mark in r"\|*_^$<>~`":
            cell = cell.replace(mark, f"\\{mark}")
        return cell

    body = [f"| {' | '.join(map(escape, map(str, cells)))} |" for cells in lines]
    return "\n".join(body)


def _common(row):
    """Cells under `COMMON`: what the number is, as printed, where it stands, how it is known."""
    data = _join(row.benchmark, row.model, mark=", ")
    published = _join(printed(row), row["where"], KNOWN_FROM.get(row.certainty), mark=", ")
    return [f"{row.law}: {row.quantity}", data, published]


def _join(*texts, mark="; "):
    """Texts that are not empty, in one."""
    return mark.join(filter(None, texts))


def _ours(row):
    """Own number with its interval, status and method."""
    text = _number(row.ours, row.decimals, 2)
    if not math.isnan(row.ours_low):
        ends = (_number(x, row.decimals, 2) for x in (row.ours_low, row.ours_high))
        text += f" ({' to '.join(ends)})"
    status = "" if row.status in ("EXACT", "CONVERGED") else f" [{row.status}]"
    return f"{text}{status}, {row.method.replace('_', ' ')}"


def _number(x, decimals, more=0):
    """Number with so many decimals, and some more; powers of ten if it is large."""
    if x is None or math.isnan(x):
        return ""
    if pd.isna(decimals):
        return f"{x:.4g}"
    if abs(x) >= 1e6 and decimals < 0:
        return f"{x:.{max(0, math.floor(math.log10(abs(x))) + int(decimals)) + more}e}"
    return f"{x:,.{max(0, int(decimals) + more)}f}"
