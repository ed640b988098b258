"""Laws on one data set: likelihood, AIC, and tests of one law against another."""
from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from .coordinates import NEAR
from .record import Fit, Status

NOTHING = 1e-6  # a gain of log-likelihood that is rounding


def compare(fits: Sequence[Fit] | Mapping[str, Fit], against: int | str = 0) -> pd.DataFrame:
    """Compare laws fitted to the same counts: AIC = 2 parameters - 2 log-likelihood.

    Parameters
    ----------
    fits : sequence of Fit, or mapping of names to Fit
        All of them fits of the same counts.
    against : int or str
        Position or name of the fit that the others are tested against.

    Returns
    -------
    DataFrame
        One row per fit, named by its law or its key: status, parameters (fitted ones),
        log_likelihood, AIC, delta (AIC above the smallest), test, statistic and p.
        The test is a likelihood ratio where one law contains the other: 2 times the gain, against
        a chi-square, or half of one where the smaller law sits on one bound of the larger (no
        impossible problems, a scale of one). Else it is Vuong's: the mean difference of the
        problems' log-likelihoods, less the difference in parameters, over its standard error;
        positive if the row's law is better, p two-sided.

    Raises
    ------
    ValueError
        If a fit is not one of counts, has failed, or was made of other counts.

    Notes
    -----
    Problems are the independent units. In a limit (status NO_MAXIMUM) the likelihood is the
    limit's, and there is no test.

    Examples
    --------
    >>> from scaling_utils import fit_counts
    >>> c = [0, 0, 0, 0, 1, 2, 3, 5, 8, 9]
    >>> laws = ["beta_failure", "zero_inflated_beta"]
    >>> table = compare([fit_counts(law, 9, c, n_resamples=0) for law in laws])
    >>> table.parameters.tolist(), table.test.tolist()
    ([2, 3], ['', 'ratio, half chi-square'])
    """
    named = fits if isinstance(fits, Mapping) else _named(fits)
    if not named:
        raise ValueError("no fits to compare")
    names = list(named)
    base = names[against] if isinstance(against, int) else against
    if base not in named:
        raise ValueError(f"against = {against!r} is none of {names}")
    for name, fit in named.items():
        _check(name, fit, named[base])
    table = pd.DataFrame({name: _row(fit) for name, fit in named.items()}).T
    table["delta"] = table.AIC - table.AIC.min()
    tests = {name: _test(fit, named[base]) if name != base else ("", np.nan, np.nan)
             for name, fit in named.items()}
    extra = pd.DataFrame(tests, index=["test", "statistic", "p"]).T
    numbers = {"parameters": int} | dict.fromkeys(
        ["log_likelihood", "AIC", "delta", "statistic", "p"], float)
    return table.join(extra).astype(numbers)


def _named(fits):
    """Fits by the key of their law, numbered where a law comes twice."""
    out = {}
    for fit in fits:
        key = fit.law.key + "".join(f", {k} = {v:g}" for k, v in fit.fixed.items())
        out[key if key not in out else f"{key} ({len(out) + 1})"] = fit
    return out


def _check(name, fit, base):
    """Refuse what has no likelihood of these counts."""
    if not isinstance(fit, Fit) or fit.counts is None:
        raise ValueError(f"{name}: only fits of counts can be compared, by their likelihood")
    if fit.status is Status.FAILED:
        raise ValueError(f"{name}: the fit failed")
    if not all(np.array_equal(getattr(fit.counts, part), getattr(base.counts, part))
               for part in ("n", "c", "times")):
        raise ValueError(f"{name} was fitted to other counts")


def _row(fit):
    """What a fit says by itself."""
    free = len(fit.law.params) - len(fit.fixed)
    return dict(status=fit.status.name, parameters=free, log_likelihood=fit.log_likelihood,
                AIC=2 * free - 2 * fit.log_likelihood)


def _test(fit, base):
    """Name, statistic and p of the test of a fit against another."""
    if Status.NO_MAXIMUM in (fit.status, base.status):
        return "none: a likelihood without maximum", np.nan, np.nan
    for large, small in ((fit, base), (base, fit)):
        held = _restriction(large, small)
        if held:
            return _ratio(large, small, held)
    return _vuong(fit, base)


def _restriction(large, small):
    """Values at which the large law is the small one, or None if it does not contain it."""
    inside = {small.law.key: {}} if large.law.key == small.law.key else {
        key: values for key, values in large.law.difficulty.contains.items()
        if key == small.law.key}
    if not inside:
        return None
    held = inside[small.law.key] | dict(small.fixed)
    if any(name not in held or held[name] != value for name, value in large.fixed.items()):
        return None
    return {name: value for name, value in held.items() if name not in large.fixed} or None


def _ratio(large, small, held):
    """Likelihood ratio: half a chi-square on one degree where the restriction is a bound."""
    gain = 2 * max(large.log_likelihood - small.log_likelihood, 0.0)
    bounds = {s.name: s.bounds for s in large.law.params}
    ends = [min(abs(v - end) for end in bounds[name]) < NEAR for name, v in held.items()]
    if len(held) == 1 and ends[0]:
        p = 0.5 * chi2.sf(gain, 1) if gain > NOTHING else 1.0
        return "ratio, half chi-square", gain, float(p)
    return f"ratio, chi-square on {len(held)}", gain, float(chi2.sf(gain, len(held)))


def _vuong(fit, base):
    """Vuong's test for laws that do not contain one another, less the difference in parameters."""
    times = fit.counts.times
    each = fit.log_likelihoods() - base.log_likelihoods()
    n, mean = times.sum(), times @ each / times.sum()
    spread = np.sqrt(times @ (each - mean) ** 2 / n)
    more = (len(fit.law.params) - len(fit.fixed)) - (len(base.law.params) - len(base.fixed))
    z = (n * mean - more) / (np.sqrt(n) * spread) if spread > 0 else 0.0
    return "Vuong", float(z), float(2 * norm.sf(abs(z)))
