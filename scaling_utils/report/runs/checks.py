"""What a log holds, and whether it reaches what was asked of it."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ...estimate.designs import coverage_table, solved_by
from .limits import limits
from .record import Result, told_apart

NO_CURVE = ("{}: samples went where earlier results called for them, so that no average of them is "
            "coverage at a k")
POINT = ("A gate compares the estimate with the value asked for. The interval says how far another "
         "set of problems of this size may lie from it.")


def checks(logs: Sequence, at_least: Sequence[tuple[int, float]] = (), *,
           seed: int = 0) -> Result:
    """Coverage at one sample and at all that were drawn, and gates.

    Parameters
    ----------
    logs : sequence of Log
    at_least : sequence of (k, value)
        Coverage at k must be at least the value, in every log.
    seed : int

    Returns
    -------
    Result
        Tables `coverage`, a row per run and k (run, k, coverage, low, high), and, if asked for,
        `gates` (run, k, at_least, coverage, low, high, passed).

    Raises
    ------
    ValueError
        If k exceeds the samples of a problem or a value is not between 0 and 1.
    """
    told_apart(logs)
    for k, value in at_least:
        if not 0 <= value <= 1:
            raise ValueError(f"value = {value:g} at k = {k} must be a share between 0 and 1, "
                             "for instance 0.8 for 80 %")
    rows = pd.concat([_coverage(log, _usual(log.samples), seed) for log in logs])
    tables = {"coverage": rows.reset_index(drop=True)}
    if at_least:
        tables = {"gates": pd.concat([_gates(log, at_least, seed) for log in logs],
                                     ignore_index=True)} | tables
    verdicts = [_verdict(row) for row in tables["gates"].itertuples()] if at_least else []
    return Result("check", logs, tables, verdicts, limits(logs, *([POINT] if at_least else [])),
                  seed, {"at_least": [[int(k), float(value)] for k, value in at_least]})


def passed(result: Result) -> bool:
    """Whether every gate of a result is passed; true where there is none."""
    gates = result.tables.get("gates")
    return gates is None or bool(gates.passed.all())


def _usual(samples):
    """One sample and all; of stopped runs the first batch and the last."""
    if samples.design == "adaptive":
        return []
    n = samples.n_samples
    if samples.design == "fixed":
        return sorted({1, int(n.min())})
    return sorted({samples.batch or 1, int(n.max())})


def _coverage(log, k, seed):
    """Coverage of a log at each k with its interval, in the way its design allows."""
    columns = ["run", "k", "coverage", "low", "high"]
    if not len(k):
        return pd.DataFrame(columns=columns)
    if log.samples.design == "fixed":
        return coverage_table(log.samples, k, rng=seed).assign(run=log.name)[columns]
    if log.samples.design == "adaptive":
        raise ValueError(NO_CURVE.format(log.name))
    found = solved_by(log.samples, k, rng=seed)
    return pd.DataFrame({"run": log.name, "k": k, "coverage": found.value, "low": found.low,
                         "high": found.high})


def _gates(log, at_least, seed):
    """One row per gate of a log."""
    k, value = np.array([pair[0] for pair in at_least]), [pair[1] for pair in at_least]
    own = _coverage(log, k, seed)
    own.insert(2, "at_least", value)
    return own.assign(passed=own.coverage >= own.at_least)


def _verdict(row):
    """One gate in words."""
    word = "passed" if row.passed else "FAILED"
    return (f"{word}: coverage of {row.run} at k = {row.k:,} is {row.coverage:.3f} "
            f"({row.low:.3f} to {row.high:.3f}), asked for at least {row.at_least:g}.")
