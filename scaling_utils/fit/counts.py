"""Maximum-likelihood fits of a law of difficulty to counts per problem."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from tqdm import tqdm

from .. import _check
from ..laws._record import Law
from ..numerics import newton
from .coordinates import Coordinates
from .inputs import law_of
from .objective import Counts, count_terms, distinct
from .record import Fit, Status
from .resample import Plan, no_resampling, resample_counts
from .search import likeliest, total

SAME = 1e-7  # a gain in log-likelihood that is rounding
FAR_OUT = 14.0  # log of shapes at which the law cannot be told from its limit


def fit_counts(law: Law | str, n_samples: ArrayLike, n_correct: ArrayLike | None = None, *,
               fixed: Mapping[str, float] | None = None, n_resamples: int = 1000,
               level: float = 0.95, rng: int | np.random.Generator = 0) -> Fit:
    """Maximum likelihood: sum over problems of log E[C(n, c) q^c (1 - q)^(n - c)].

    Parameters
    ----------
    law : Law or str
        A law of difficulty, or its key: its record carries the likelihood.
    n_samples, n_correct : array_like of int, shape (n_problems,)
        Or one record of samples that has `.counts()`. The likelihood ignores when sampling was
        stopped, so it is right for sampling until a success as well.
    fixed, n_resamples, level, rng :
        As in `fit_curve`.

    Returns
    -------
    Fit
        NO_MAXIMUM, with the reason, where the likelihood has no maximum (no success, problems
        that differ no more than one coin would make them, ...) or where no more problems are
        solved, or failed, than there are free parameters: nothing is predicted beyond the
        samples drawn. NO_COVARIANCE where a positive parameter is known to less than a factor
        e, or more than one per cent of the resamples have no maximum; those count as their limit.

    Raises
    ------
    ValueError
        If the law has no likelihood for counts, a count is impossible, the counts are not one per
        problem, or an option is outside its range; see `Plan` for `n_resamples`.

    Examples
    --------
    >>> fit = fit_counts("beta_failure", 4, [2, 2, 2], n_resamples=0)  # like one coin
    >>> fit.status.name, round(float(fit.predict(2)), 6)
    ('NO_MAXIMUM', 0.75)
    """
    law, place = _law(law, fixed)
    plan, counts = Plan(n_resamples, level, rng), distinct(n_samples, n_correct)
    free = int(place.free.sum())
    if counts.n_problems <= free:
        raise ValueError(f"{counts.n_problems} problems cannot determine {free} parameters")
    n, c = (np.repeat(v, counts.times) for v in (counts.n, counts.c))
    found = likeliest(place, counts, law.difficulty.starts(n, c))
    edge = law.difficulty.edge and free == len(law.params) and (
        law.difficulty.edge(counts.n, counts.c, counts.times))
    if edge and not _beats(found, edge):
        return _fit(law, place, counts, found, edge.values, Status.NO_MAXIMUM, edge.reason, plan,
                    edge=edge, log_likelihood=edge.log_likelihood)
    status, reason = _status(place, counts, found)
    values = place.named(found.theta)
    if status in (Status.NO_MAXIMUM, Status.FAILED):
        return _fit(law, place, counts, found, values, status, reason, plan)
    resampling = resample_counts(place, counts, found.theta, plan)
    if status is Status.CONVERGED and resampling.lost:
        status, reason = Status.NO_COVARIANCE, resampling.lost
    return _fit(law, place, counts, found, values, status, reason, plan, resampling=resampling)


def fit_each(law: Law | str, counts: Mapping, *, progress: bool | None = None,
             **options: Any) -> dict[str, Fit]:
    """`fit_counts` for every configuration, with a progress bar: {name: fit}.

    Parameters
    ----------
    law : Law or str
    counts : mapping of name to (n_samples, n_correct), or to a record of samples
        One entry per configuration, for instance a model on a benchmark.
    progress : bool, optional
        Show the bar; left out, it shows in a terminal alone.
    options :
        As in `fit_counts`.

    Returns
    -------
    dict of Fit

    Raises
    ------
    ValueError
        As in `fit_counts`, with the name of the configuration in front; counts are checked
        before anything is fitted.

    Examples
    --------
    >>> counts = {"easy": (4, [4, 3, 4, 1]), "hard": (4, [0, 3, 0, 1])}
    >>> fits = fit_each("beta_failure", counts, n_resamples=0)
    >>> fits["easy"].predict(1) > fits["hard"].predict(1)
    np.True_
    """
    if not isinstance(counts, Mapping):
        raise ValueError("counts must be a mapping of names to (n_samples, n_correct), "
                         f"not {type(counts).__name__}")
    law, _ = _law(law, options.get("fixed"))
    pairs = {name: (pair,) if hasattr(pair, "counts") else tuple(pair)
             for name, pair in counts.items()}
    for name, pair in pairs.items():
        _named(name, distinct, *pair)
    hidden = None if progress is None else not progress
    return {name: _named(name, fit_counts, law, *pair, **options)
            for name, pair in tqdm(pairs.items(), desc=law.title, disable=hidden)}


def maximum_likelihoods(law: Law | str, n_samples: int, n_correct: ArrayLike,
                        start: Mapping[str, float]) -> np.ndarray:
    """Largest log-likelihood of each of many data sets with the same n, up to one constant.

    Parameters
    ----------
    law : Law or str
    n_samples : int
    n_correct : array_like of int, shape (n_sets, n_problems)
    start : dict
        Parameters from which each climb starts.

    Returns
    -------
    ndarray, shape (n_sets,)

    Raises
    ------
    ValueError
        If the law has no likelihood for counts or a count is impossible.

    Examples
    --------
    >>> start = {"alpha": 1.0, "beta": 1.0}
    >>> same = maximum_likelihoods("beta_failure", 9, [[0, 3, 8], [8, 0, 3]], start)
    >>> bool(np.isclose(same[0], same[1]))
    True
    """
    law, place = _law(law, None)
    sets = np.atleast_2d(_check.counts(n_samples, n_correct)[1])
    support, kind = np.unique(sets, return_inverse=True)
    weights = np.zeros((len(sets), support.size))
    np.add.at(weights, (np.arange(len(sets))[:, None], kind.reshape(sets.shape)), 1)
    terms = count_terms(place, np.full(support.size, n_samples), support, weights)
    rows = np.tile(place.to_theta(start), (len(sets), 1))
    theta, _ = newton.maximise(terms, rows, place.lower, place.upper)
    return terms(theta, np.arange(len(sets)))[0]


def _law(law, fixed):
    """A law of difficulty and its coordinates."""
    law = law_of(law)
    if law.difficulty is None:
        raise ValueError(f"law {law.key!r} has no likelihood for counts")
    return law, Coordinates(law, dict(fixed or {}))


def _named(name, function, *arguments, **options):
    """The call, with the name of the configuration in front of what it refuses."""
    try:
        return function(*arguments, **options)
    except ValueError as error:
        raise ValueError(f"configuration {name!r}: {error}") from error


def _beats(found, edge):
    """Whether a point inside is likelier than a limit; far out any gain is rounding."""
    inside = np.abs(found.theta).max() < FAR_OUT
    return not edge.sure and inside and found.log_likelihood > edge.log_likelihood + SAME


def _status(place, counts: Counts, found) -> tuple[Status, str]:
    """What may be used of the end of a search, and why not everything."""
    if not found.found:
        return Status.FAILED, "the search found no point with a likelihood"
    free = int(place.free.sum())
    for word, one in (("solved", counts.c > 0), ("failed", counts.c < counts.n)):
        many = int(counts.times @ one)
        if many <= free:
            return Status.NO_MAXIMUM, (f"{many} {word} problem{'s' * (many != 1)} cannot determine "
                                       f"{free} parameters")
    ended = np.array(place.law.names)[place.ran_away(found.theta)]
    if ended.size:
        return Status.NO_MAXIMUM, f"the likelihood keeps rising with {', '.join(ended)}"
    bound = np.array(place.law.names)[place.at_bound(found.theta)]
    if bound.size:
        return Status.AT_BOUND, f"{', '.join(bound)} at a bound"
    if found.errors is None:
        return Status.NO_COVARIANCE, "the likelihood is flat in one direction"
    unsure = place.uncertain(found.errors)
    if unsure:
        return Status.NO_COVARIANCE, f"the standard error of {', '.join(unsure)} exceeds its value"
    return Status.CONVERGED, ""


def _fit(law, place, counts, found, values, status, reason, plan, *, resampling=None, edge=None,
         log_likelihood=None):
    """The record of a fit to counts."""
    stderr = None
    if status is Status.CONVERGED:
        stderr = place.errors(found.theta, found.errors)
    exact = total(place, counts, found.theta) if log_likelihood is None else log_likelihood
    return Fit(
        law, dict(values), status, stderr, counts.n_problems, "likelihood of counts", reason,
        fixed=dict(place.fixed), costs=found.costs, spread=found.spread, log_likelihood=exact,
        resampling=resampling or no_resampling(reason, plan.level), edge=edge, counts=counts,
    )
