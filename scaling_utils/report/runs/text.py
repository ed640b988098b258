"""A result for a terminal: aligned tables, then words."""
from __future__ import annotations

from textwrap import fill

import pandas as pd

WIDTH = 80
HEADS = {"delta": "AIC above best", "coverage_first": "first run", "coverage_second": "second run"}
ENDS = ("low", "high")
NAMES = ("run", "first", "second")  # left out where there is one alone
LONG = ("use",)  # in files alone


def text(result) -> str:
    """What was read, the tables, and what they say.

    Parameters
    ----------
    result : Result

    Returns
    -------
    str
    """
    parts = [table(overview(result.runs))]
    parts += [table(shown(frame)) for name, frame in result.tables.items() if name != "curve"]
    parts += [fill(words, WIDTH) for words in (*result.verdicts, *result.missing)]
    parts += [fill(words, WIDTH) for words in exclusions(result)]
    return "\n\n".join(parts)


def overview(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs in the columns that fit a screen: a range of samples where they differ.

    Examples
    --------
    >>> overview(pd.DataFrame([dict(run="a", n_problems=2, least_samples=3, most_samples=5,
    ...                             n_solved=1, seen=.5, design="fixed")])).samples.tolist()
    ['3 to 5']
    """
    samples = [f"{a:,}" if a == b else f"{a:,} to {b:,}"
               for a, b in zip(runs.least_samples, runs.most_samples, strict=True)]
    design = runs.design.str.replace("_", " ")
    return pd.DataFrame({"run": runs.run, "problems": runs.n_problems, "samples": samples,
                         "solved": runs.n_solved, "share": runs.seen, "design": design})


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """A table for the eye: both ends in one column, and no column that says nothing.

    Examples
    --------
    >>> shown(pd.DataFrame({"k": [5], "low": [0.25], "high": [0.5]})).interval.tolist()
    ['0.250 to 0.500']
    """
    out = frame.copy()
    if set(ENDS) <= set(frame):
        place = list(frame).index("low")
        ends = [between(*pair) for pair in zip(frame.low, frame.high, strict=True)]
        out = out.drop(columns=list(ENDS))
        out.insert(place, "interval", ends)
    for name in out:
        if name.endswith("_per_problem"):  # costs range over many decades
            out[name] = [f"{value:.3g}" for value in out[name]]
    names = NAMES if "k" in out else NAMES[:1]
    idle = [name for name in names if name in out and out[name].nunique() == 1]
    empty = [name for name in out if (out[name] == "").all()]
    return out.drop(columns=[*idle, *empty, *(name for name in LONG if name in out)])


def between(low: float, high: float) -> str:
    """An interval in words.

    Examples
    --------
    >>> between(0.1, float("nan"))
    'none'
    """
    return "none" if low != low or high != high else f"{cell(low)} to {cell(high)}"


def cell(value) -> str:
    """One value as text: three decimals, thousands apart, yes or no.

    Examples
    --------
    >>> cell(0.5), cell(12_000), cell(True), cell(float("nan"))
    ('0.500', '12,000', 'yes', '-')
    """
    if isinstance(value, str):
        return value
    if value is None or value != value:
        return "-"
    if value is True or value is False or str(value) in ("True", "False"):
        return "yes" if value else "no"
    return f"{value:,}" if float(value).is_integer() and not _real(value) else f"{value:.3f}"


def _real(value):
    return isinstance(value, float)


def table(frame: pd.DataFrame) -> str:
    """An aligned table: text to the left, numbers to the right.

    Examples
    --------
    >>> print(table(pd.DataFrame({"run": ["a", "bc"], "k": [1, 1000]})))
    run      k
    a        1
    bc   1,000
    """
    columns = []
    for name in frame:
        cells = [HEADS.get(name, str(name).replace("_", " ")), *map(cell, frame[name])]
        width = max(map(len, cells))
        left = frame[name].dtype == object or str(frame[name].dtype).startswith("str")
        columns.append([x.ljust(width) if left else x.rjust(width) for x in cells])
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def exclusions(result) -> list[str]:
    """What was not counted, one sentence for each reason."""
    return [f"Not counted in {row.run}: {row.n:,}, {row.reason}"
            + (f" ({row.where})." if row.where else ".") for row in result.excluded.itertuples()]
