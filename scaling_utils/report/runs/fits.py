"""Laws of difficulty fitted to the counts of each run, and compared."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from tqdm import tqdm

from ...estimate.coverage import coverage
from ...estimate.paired import usual_k
from ...fit.compare import compare
from ...fit.counts import fit_counts
from ...fit.record import Fit, Status
from ...laws import LAWS
from .limits import limits
from .record import Result, told_apart

OF_THE_GRADER = ("false_positives",)  # from counts alone no rival of the laws of difficulty
ONE_LAW = ("A fit says what a law would be if it held, and its interval knows of no other law. "
           "Beyond the samples drawn several laws that fit alike part: take a forecast there.")


def families() -> list[str]:
    """Keys of the laws with a likelihood of counts.

    Examples
    --------
    >>> "beta_failure" in families()
    True
    """
    return [key for key, law in LAWS.items() if law.difficulty is not None]


def fits(logs: Sequence, laws: Sequence[str] = (), *, seed: int = 0, n_resamples: int = 1000,
         progress: bool | None = None) -> Result:
    """`fit_counts` of each law and log, compared by AIC.

    Parameters
    ----------
    logs : sequence of Log
    laws : sequence of str
        Keys of laws; none stands for all with a likelihood of counts, but for those of a grader's
        mistakes, which counts cannot tell from difficulty: name them to see them.
    seed, n_resamples :
        Of the intervals.
    progress : bool, optional

    Returns
    -------
    Result
        Tables `laws`, a row per run and law (run, law, status, parameters, log_likelihood, delta:
        AIC above the smallest), and `parameters` (run, law, parameter, value, stderr, low, high);
        `curve` has coverage by each law as far as samples were drawn, beside the estimate.

    Raises
    ------
    ValueError
        If a law is unknown, or a log allows none. Why it does not allow one law is in `missing`.
    """
    told_apart(logs)
    unknown = [key for key in laws if key not in families()]
    if unknown:
        raise ValueError(f"law {unknown[0]!r} has no likelihood of counts: {', '.join(families())}")
    keys = list(laws) or [key for key in families() if key not in OF_THE_GRADER]
    hidden = None if progress is None else not progress
    work = tqdm([(log, key) for log in logs for key in keys], disable=hidden, desc="fit")
    tried = {(log.name, key): _tried(key, log, n_resamples=n_resamples, rng=seed)
             for log, key in work}
    made = {at: fit for at, fit in tried.items() if isinstance(fit, Fit)}
    missing = [f"No {key} for {name}: {tried[name, key]}." for name, key in tried.keys() - made]
    tables = {"laws": pd.concat([_laws(log.name, made) for log in logs], ignore_index=True),
              "parameters": pd.concat([_parameters(*at, fit) for at, fit in made.items()],
                                      ignore_index=True),
              "curve": pd.concat([_curve(log, made) for log in logs], ignore_index=True)}
    verdicts = [_verdict(log.name, tables["laws"]) for log in logs]
    return Result("fit", logs, tables, verdicts, limits(logs, ONE_LAW), seed,
                  {"laws": keys, "n_resamples": n_resamples, "level": 0.95},
                  missing=sorted(missing),
                  alt="Coverage against the number of samples per problem: the estimate as points, "
                      "and one line for each law.")


def _tried(key, log, **options):
    """The fit, or why the counts allow none."""
    try:
        return fit_counts(key, log.samples, **options)
    except ValueError as error:
        return str(error)


def _laws(run, made):
    """One row per law of a run, the smallest AIC first."""
    own = {key: fit for (name, key), fit in made.items() if name == run}
    if not own:
        raise ValueError(f"{run}: the counts of so few problems determine none of the laws")
    usable = {key: fit for key, fit in own.items() if fit.status is not Status.FAILED}
    table = compare(usable) if usable else pd.DataFrame(columns=["log_likelihood", "delta"])
    rows = [dict(run=run, law=key, status=fit.status.name, use=fit.status.value,
                 parameters=len(fit.law.params),
                 log_likelihood=table.log_likelihood.get(key, np.nan),
                 delta=table.delta.get(key, np.nan), reason=fit.reason)
            for key, fit in own.items()]
    return pd.DataFrame(rows).sort_values("delta", kind="stable", ignore_index=True)


def _parameters(run, key, fit: Fit):
    """One row per parameter of a fit."""
    ends, errors = fit.intervals or {}, fit.stderr or {}
    none = (np.nan, np.nan)
    return pd.DataFrame([
        dict(run=run, law=key, parameter=name, value=value, stderr=errors.get(name, np.nan),
             low=ends.get(name, none)[0], high=ends.get(name, none)[1])
        for name, value in fit.values.items()])


def _curve(log, made):
    """Coverage by each law and, for a fixed design, as estimated, up to the fewest samples."""
    k = usual_k(int(log.samples.n_samples.min()))
    lines = {key: fit.predict(k) for (name, key), fit in made.items()
             if name == log.name and fit.status is not Status.FAILED}
    if log.samples.design == "fixed":
        lines = {"estimate": coverage(log.samples, k)} | lines
    return pd.concat([pd.DataFrame({"run": log.name, "law": name, "k": k, "coverage": values})
                      for name, values in lines.items()], ignore_index=True)


def _verdict(run, laws):
    """Which laws the data prefer, and which they cannot tell apart."""
    own = laws[(laws.run == run) & laws.delta.notna()]
    if own.empty:
        return f"{run}: no law could be fitted."
    best, near = own.law.iloc[0], own.law[(own.delta < 2)].tolist()[1:]
    told = f"{run}: {best} has the smallest AIC"
    told += f"; within 2 of it and not told apart: {', '.join(near)}." if near else "."
    return told + f" Its status is {own.status.iloc[0]}: use {own.use.iloc[0]}."
