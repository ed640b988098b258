"""Rows of the table of results: one number each, checked against the vocabulary."""
from __future__ import annotations

import math
from functools import cache

from ..data.datasets import available, load, names, unknown_names
from ..fit.record import Status

TEXT, NUMBER, WHOLE = "str", "float64", "Int64"
COLUMNS = {
    "law": TEXT, "method": TEXT, "dataset": TEXT, "benchmark": TEXT, "model": TEXT,
    "k_min": WHOLE, "k_max": WHOLE, "parameter": TEXT, "value": NUMBER, "low": NUMBER,
    "high": NUMBER, "level": NUMBER, "unit": TEXT, "status": TEXT, "n_problems": WHOLE,
    "published": NUMBER, "source": TEXT,
}  # fmt: skip
COMPARED = ("CONVERGED", "EXACT")  # statuses whose numbers a rebuild must return
STATUSES = ("EXACT", *(status.name for status in Status))


def result_row(*, law, method, parameter, value, dataset="", benchmark="", model="", k_min=None,
               k_max=None, low=None, high=None, level=None, unit="1", status="EXACT",
               n_problems=None, published=None, source=""):
    """One row of the table, checked.

    Parameters
    ----------
    law, parameter : str
        Key of the law, or of an estimator such as "pass_at_k", and the name of the number.
    method, dataset, benchmark, model : str
        Names from the vocabulary, and a data set; empty where there is none.
    value, low, high, level : float
        The number, its interval and the content of that; low, high and level go together.
    k_min, k_max, n_problems : int, optional
        Range of samples per problem that was used; number of independent units.
    unit, status : str
        "1" is a pure number; status EXACT means that nothing was fitted.
    published : str or (str, float), optional
        Key of a row of `published_constants`, with the factor that turns the printed number into
        this book's sign and unit, for example ("brown_fig5_math_pythia12b_b", -1).
    source : str
        Key of a paper, where no published number is given.

    Returns
    -------
    dict
        One entry per column.

    Raises
    ------
    ValueError
        If a name, a status or a key is unknown, an interval is incomplete or upside down, or a
        number of status EXACT or CONVERGED is not finite.

    Examples
    --------
    >>> row = result_row(law="pass_at_k", method="unbiased", parameter="coverage", value=0.5)
    >>> row["status"], row["published"]
    ('EXACT', None)
    """
    for kind, cell in (("methods", method), ("benchmarks", benchmark), ("models", model)):
        if unknown_names(kind, cell):
            raise ValueError(f"{kind[:-1]} {cell!r} is not one of {list(names(kind))}")
    if dataset and dataset not in available():
        raise ValueError(f"dataset {dataset!r} is none of {available()}")
    _check_text(law=law, method=method, parameter=parameter, unit=unit)
    _check_numbers(value, low, high, level, status)
    if published is not None:
        if source:
            raise ValueError(f"source {source!r} beside a published key: the key is the source")
        published, source = _published(published)
    row = dict(law=law, method=method, dataset=dataset, benchmark=benchmark, model=model,
               k_min=_whole(k_min, "k_min"), k_max=_whole(k_max, "k_max"), parameter=parameter,
               value=value, low=low, high=high, level=level, unit=unit, status=status,
               n_problems=_whole(n_problems, "n_problems"), published=published, source=source)
    return {column: row[column] for column in COLUMNS}


def result_rows(fit, *, method, dataset, benchmark, model, k_min=None, k_max=None, published=None,
                n_problems=None):
    """Rows of a fit, one per parameter, with its status and its intervals if it has any.

    Parameters
    ----------
    fit : Fit
    method, dataset, benchmark, model, k_min, k_max, n_problems :
        As in `result_row`; `n_problems` is the fit's own where it has one.
    published : dict, optional
        Per parameter what `result_row` takes.

    Returns
    -------
    list of dict

    Raises
    ------
    ValueError
        As `result_row`, or if `published` names a parameter that the law does not have.

    Examples
    --------
    >>> import numpy as np
    >>> from scaling_utils import LAWS, fit_curve
    >>> k = np.array([1, 10, 100])
    >>> fit = fit_curve(LAWS["coverage_power_law"], (k,), np.exp(-2.0 * k**-0.5))
    >>> rows = result_rows(fit, method="least_squares_c", dataset="", benchmark="", model="")
    >>> [(row["parameter"], round(row["value"], 6)) for row in rows]
    [('a', 2.0), ('b', 0.5)]
    """
    published, intervals = published or {}, fit.intervals or {}
    unknown = set(published) - set(fit.values)
    if unknown:
        raise ValueError(f"published names {sorted(unknown)}, but the fit has {list(fit.values)}")
    rows = []
    for symbol in fit.law.params:
        low, high = intervals.get(symbol.name, (None, None))
        rows.append(result_row(
            law=fit.law.key, method=method, dataset=dataset, benchmark=benchmark, model=model,
            k_min=k_min, k_max=k_max, parameter=symbol.name, value=fit.values[symbol.name],
            low=low, high=high, level=None if low is None else fit.level, unit=symbol.unit,
            status=fit.status.name, n_problems=n_problems or fit.n_problems,
            published=published.get(symbol.name),
        ))  # fmt: skip
    return rows


def _check_text(**fields):
    """Fields that may not be empty."""
    for name, text in fields.items():
        if not isinstance(text, str) or not text:
            raise ValueError(f"{name} must be a word, not {text!r}")


def _check_numbers(value, low, high, level, status):
    """Value and interval fit the status."""
    if status not in STATUSES:
        raise ValueError(f"status {status!r} is none of {list(STATUSES)}")
    if status in COMPARED and not math.isfinite(value):
        raise ValueError(f"value {value} of status {status} is not finite")
    if len({x is None for x in (low, high, level)}) == 2:
        raise ValueError(f"low {low}, high {high} and level {level} go together")
    if low is not None and not (low <= high and 0 < level < 1):
        raise ValueError(f"not an interval: low {low}, high {high}, level {level}")


def _whole(x, name):
    """An integer or None."""
    if x is not None and x != int(x):
        raise ValueError(f"{name} = {x} is not a whole number")
    return None if x is None else int(x)


@cache
def _constants():
    """Printed value by key of `published_constants`, without rows that are not published."""
    table = load("published_constants")
    return dict(zip(table.key[table.published], table.value[table.published], strict=True))


def _published(entry):
    """Published number in this book's sign and unit, None for a range, and its key."""
    key, factor = (entry, 1) if isinstance(entry, str) else entry
    if key not in _constants():
        raise ValueError(f"there is no published number {key!r} in published_constants")
    value = _constants()[key]
    return None if math.isnan(value) else factor * value, key
