"""Runs on the same problems, each against each."""
from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...estimate.paired import paired_coverage, shared
from .limits import limits
from .record import Result, told_apart

BAND = ("The band holds all pairs and all k shown at once, over sets of problems like this one. It "
        "does not speak of other k, nor of problems of another kind.")


def comparisons(logs: Sequence, k: Sequence[int] | None = None, *, seed: int = 0,
                level: float = 0.95) -> Result:
    """`paired_coverage` of logs on the same problems.

    Parameters
    ----------
    logs : sequence of Log
        Two or more with different names; problems that one of them lacks are left out, and told.
    k : sequence of int, optional
        At most the fewest samples of a problem; left out, 1, 2, 5, 10, ... up to it.
    seed, level :
        Of the band.

    Returns
    -------
    Result
        Tables `pairs` (first, second, tied, ahead, may_cross) and `difference`, a row per pair and
        k (first, second, k, coverage_first, coverage_second, difference, low, high, ahead).

    Raises
    ------
    ValueError
        If two runs have one name, fewer than two problems are in all runs, or as in
        `paired_coverage`.
    """
    told_apart(logs)
    runs = {log.name: log.samples for log in logs}
    common = shared(runs)
    found = paired_coverage(common, k or None, level=level, rng=seed)
    tables = {"pairs": pd.DataFrame([_pair(pair) for pair in found]),
              "difference": pd.concat([pair.table() for pair in found], ignore_index=True)}
    n = found[0].n_problems
    left = [f"{len(samples) - n:,} problems of {name} are not in every run and were left out."
            for name, samples in runs.items() if len(samples) > n]
    return Result("compare", logs, tables, [_verdict(pair) for pair in found],
                  limits(logs, BAND), seed,
                  {"k": [int(x) for x in k] if k else None, "level": level}, missing=left,
                  alt="Difference of coverage against the number of samples per problem, one line "
                      "and band for each pair of runs, and a line at zero.")


def _pair(pair):
    """One row for a pair of runs."""
    who = [name for name, sign in ((pair.first, 1), (pair.second, -1)) if sign in pair.ahead]
    return dict(first=pair.first, second=pair.second, tied=pair.tied,
                ahead=" and ".join(who) or "neither",
                may_cross=", ".join(f"{k:,}" for k in pair.may_cross) or "nowhere")


def _verdict(pair):
    """Who is ahead where, in one sentence."""
    both, level = f"{pair.first} and {pair.second}", f"{100 * pair.level:g} % band"
    if pair.tied:
        return (f"{both} are tied: at no k shown does the {level} over {pair.n_problems} problems "
                "exclude a difference of zero.")
    parts = [f"{name} is ahead of {other} at k = {_ranges(pair.k, pair.ahead == sign)}"
             for name, other, sign in ((pair.first, pair.second, 1), (pair.second, pair.first, -1))
             if sign in pair.ahead]
    open_ = _ranges(pair.k, pair.ahead == 0)
    rest = (f"; they may cross at k = {open_}" if open_ else
            "; they cross at none of the k shown" if len(parts) == 1 else
            "; they cross in between")
    return f"{' and '.join(parts)} ({level}, {pair.n_problems} problems){rest}."


def _ranges(k, flags):
    """Places of a grid in words, neighbours joined: 1 to 5, 20."""
    runs, last = [], -2
    for i in [i for i, flag in enumerate(flags) if flag]:
        if i == last + 1:
            runs[-1][1] = k[i]
        else:
            runs.append([k[i], k[i]])
        last = i
    return ", ".join(f"{a:,}" if a == b else f"{a:,} to {b:,}" for a, b in runs)
