"""Maximum-likelihood fits of a law of difficulty to counts per problem."""
from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import gammaln, xlogy
from tqdm import tqdm

from .. import _check
from ..numerics import newton
from .record import Fit, Status, at_bound, check_fixed, search
from .resample import no_resampling, resample_counts


def fit_counts(law, n_samples, n_correct, *, fixed=None, n_resamples=1000, level=0.95, rng=0):
    """Maximum likelihood: sum over problems of log E[C(n, c) q^c (1 - q)^(n - c)].

    Parameters
    ----------
    law : Law
        A law of difficulty: its record carries the likelihood.
    n_samples, n_correct : array_like of int, shape (n_problems,)
    fixed, n_resamples, level, rng :
        As in `fit_curve`.

    Returns
    -------
    Fit
        AT_BOUND with the limit as values where the likelihood has no maximum, for example
        all counts zero, or problems that differ no more than one coin would.

    Raises
    ------
    ValueError
        If the law has no likelihood for counts, or a count is impossible.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> fit = fit_counts(LAWS["beta_failure"], 4, [2, 2, 2], n_resamples=0)  # like one coin
    >>> fit.status.name, round(float(fit.predict(2)), 6)
    ('AT_BOUND', 0.75)
    """
    if law.difficulty is None:
        raise ValueError(f"law {law.key!r} has no likelihood for counts")
    n, c = (np.atleast_1d(v) for v in _check.counts(n_samples, n_correct))
    n, c = np.broadcast_arrays(n, c)
    fixed = check_fixed(law, fixed)
    if n.size <= len(law.params) - len(fixed):
        raise ValueError(f"{n.size} problems cannot determine {len(law.params)} parameters")
    limit = law.difficulty.degenerate and not fixed and law.difficulty.degenerate(n, c)
    if limit:
        return _limit(law, n, limit)
    (dn, dc), times = np.unique(np.stack([n, c]), axis=1, return_counts=True)

    def residual(theta):
        terms = law.difficulty.log_pmf(dn, dc, *newton.to_values(law, theta))
        return np.sqrt(2 * times * np.maximum(_saturated(dn, dc) - terms, 0))

    starts = [start | fixed for start in law.difficulty.starts(n, c)]
    options = dict(xatol=1e-4, fatol=1e-6, maxfev=4000)
    fit = search(law, residual, starts, fixed, method="nelder", options=options, calc_covar=False)
    return _finish(law, fit, dn, dc, times, fixed, n_resamples, level, rng)


def fit_each(law, counts, *, progress=None, **options):
    """`fit_counts` for every configuration, with a progress bar: {name: fit}.

    Parameters
    ----------
    law : Law
    counts : mapping of name to (n_samples, n_correct)
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
        As in `fit_counts`, with the name of the configuration in front.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> fits = fit_each(LAWS["beta_failure"], {"easy": (4, [4, 3, 4]), "hard": (4, [0, 1, 0])})
    >>> fits["easy"].predict(1) > fits["hard"].predict(1)
    np.True_
    """
    hidden = None if progress is None else not progress
    fits = {}
    for name, (n, c) in tqdm(counts.items(), desc=law.title, disable=hidden):
        try:
            fits[name] = fit_counts(law, n, c, **options)
        except ValueError as error:
            raise ValueError(f"configuration {name!r}: {error}") from error
    return fits


def _finish(law, fit, n, c, times, fixed, n_resamples, level, rng):
    """Newton polish, status and errors from the curvature there, intervals."""
    theta, hessian = _polish(law, n, c, times, newton.to_theta(law, fit.values), fixed)
    values = newton.to_values(law, theta)
    vary = np.array([name not in fixed for name in law.names])
    stderr, status = None, Status.NO_COVARIANCE
    if np.any(at_bound(law, theta) & vary):
        status = Status.AT_BOUND
    elif newton.downward(hessian[None], vary[None])[0]:
        status, stderr = Status.CONVERGED, _curvature_errors(law, values, hessian, vary)
    resampling = resample_counts(law, n, c, times, theta, fixed, n_resamples, level, rng)
    return replace(
        fit, values=law.named(values), status=status, stderr=stderr, n_points=int(times.sum()),
        space="likelihood of counts", costs=tuple(0.5 * cost for cost in fit.costs),
        log_likelihood=float(times @ law.difficulty.log_pmf(n, c, *values)), resampling=resampling,
    )


def _polish(law, n, c, times, theta, fixed):
    """The maximum next to theta, and the Hessian there; simplex searches stop a little short."""
    terms = newton.count_terms(law, n, c, times[None, :].astype(float))
    better, _ = newton.maximise(terms, theta[None], *newton.box(law, fixed))
    return better[0], terms(better, np.array([0]))[2][0]


def _curvature_errors(law, values, hessian, vary):
    """Standard errors from the observed information, in the parameters themselves."""
    errors = np.zeros(len(values))
    errors[vary] = np.sqrt(np.diag(np.linalg.inv(-hessian[np.ix_(vary, vary)])))
    return law.named(errors * np.where([s.log for s in law.params], values, 1.0))


def _saturated(n, c):
    """Log-likelihood of each count at its own rate: an upper bound for every law."""
    choose = gammaln(n + 1) - gammaln(c + 1) - gammaln(n - c + 1)
    return choose + xlogy(c, c / n) + xlogy(n - c, 1 - c / n)


def _limit(law, n, limit):
    """Fit that reports a limit of the likelihood instead of a number that looks like a fit."""
    values, stand_in = limit
    return Fit(law, values, Status.AT_BOUND, None, "likelihood of counts", n.size, (), 0.0,
               resampling=no_resampling("the likelihood has no maximum"), stand_in=stand_in)
