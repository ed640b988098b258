"""Published numbers beside ours, from the table of results: what agrees, what differs and why."""
from __future__ import annotations

import math
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

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
PAIR = ["ours", "ours_low", "ours_high", "difference", "relative", "verdict"]
OWN = ["method", "status", "dataset", "k_min", "k_max", "parameter"]  # of our row alone
SHARED = {"law_ours": "law_key", "benchmark_ours": "our_benchmark", "model_ours": "our_model"}
KINDS = {  # how we came by our number
    "refit": ("least_squares_*", "maximum_likelihood", "parabola_per_budget", "robust_*",
              "binomial_*", "huber_*", "nonparametric", "stopped_average"),
    "recount": ("unbiased", "plug_in", "good_toulmin", "solved_by*", "all_at_k*"),
    "arithmetic": ("closed_form", "from_table", "executed"),
    "figure read": ("digitised", "interpolated"),
}
SILENT = ("fraction", "coverage", "ratio")  # units that the name of the quantity tells


def kind(method: str) -> str:
    """How a number was come by: refit, recount, arithmetic or figure read.

    Examples
    --------
    >>> kind("least_squares_log_c"), kind("unbiased")
    ('refit', 'recount')
    """
    for name, patterns in KINDS.items():
        if any(fnmatchcase(method, pattern) for pattern in patterns):
            return name
    raise ValueError(f"method {method!r} is of no kind: {', '.join(KINDS)}")


def compare(fits: pd.DataFrame | None = None, constants: pd.DataFrame | None = None,
            remarks: dict | None = None) -> pd.DataFrame:
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
        Columns of `published_constants`; of our row the method, status, data set, range of k,
        parameter, law_key, our_benchmark and our_model; kind, ours, ours_low, ours_high,
        difference (ours minus printed, in the printed sign and unit), relative (the difference
        over the size of the printed number), verdict, reason.

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
    own = known[[*OWN, *SHARED]].rename(columns=SHARED)
    table = pd.concat([known[constants.columns], own, pairs], axis=1)
    table["kind"] = [kind(method) for method in table.method]
    _check_remarks(remarks, table)
    table["reason"] = [_remark(remarks, *row) for row in zip(table.key, table.method, strict=True)]
    quiet = table.verdict.isin(AGREES) | (table.verdict == UNDECIDED) | (table.reason != "")
    return table.assign(reason=table.reason.where(quiet, MISSING))


def printed(row: Any) -> str:
    """A published number with the digits of its source, or its range.

    Examples
    --------
    >>> row = load("published_constants").set_index("key").loc["schaeffer_t1_pythia12b_b"]
    >>> printed(row)
    '0.370'
    """
    unit = f" {row.unit}" if row.unit and row.unit not in SILENT else ""
    if not math.isnan(row.value):
        return number(row.value, row.decimals) + unit
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
    pair["relative"] = pair["difference"] / abs(row.value) if row.value else math.nan
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


def number(x: float, decimals: float, more: int = 0) -> str:
    """Number with so many decimals, and some more; powers of ten if it is large.

    Examples
    --------
    >>> number(0.2656, 2, 1), number(8.7e14, -12, 0)
    ('0.266', '8.70e+14')
    """
    if x is None or math.isnan(x):
        return ""
    if pd.isna(decimals):
        return f"{x:.4g}"
    if abs(x) >= 1e6 and decimals < 0:
        return f"{x:.{max(0, math.floor(math.log10(abs(x))) + int(decimals)) + more}e}"
    return f"{x:,.{max(0, int(decimals) + more)}f}"
