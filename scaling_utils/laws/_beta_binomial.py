"""Beta-binomial likelihood of counts, its derivatives, and where it has no maximum."""
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaln, gammaln, xlogy
from scipy.stats import beta as beta_distribution

from ..numerics.special import LARGE, log_gamma_family, log_gamma_ratio


@dataclass(frozen=True)
class Edge:
    """A limit of the likelihood that no parameters reach: the success rate takes few values."""

    values: dict[str, float]  # zero, infinite, or not a number where the limit leaves them open
    rates: dict[float, float]  # success rate: share of the problems that have it
    log_likelihood: float
    reason: str
    sure: bool = True  # whether no parameters can do better, whatever a search finds
    unique: bool = True  # whether the counts say which limit beyond the samples drawn

    def coverage(self, k):
        """Coverage at k in the limit."""
        with np.errstate(divide="ignore"):
            log_fail = np.log1p(-np.array([*self.rates]))
        return 0.0 - np.expm1(np.multiply.outer(k, log_fail)) @ [*self.rates.values()]

    def open(self, *names):
        """The same limit of a law with more parameters, which the limit leaves open."""
        return replace(self, values=self.values | dict.fromkeys(names, np.nan))


def log_pmf(n_samples, n_correct, alpha, beta):
    """Beta-binomial log-likelihood of n_correct successes, success rate ~ Beta(beta, alpha).

    C(n, c) B(c + beta, n - c + alpha) / B(beta, alpha), in ratios that are small to begin with.
    """
    n, c = np.asarray(n_samples, float), np.asarray(n_correct, float)
    ratio = _near(c, beta) + _near(n - c, alpha) - _near(n, alpha + beta)
    return ratio - betaln(beta, alpha)


def _near(m, shape):
    """log Gamma(m + shape) - log Gamma(m + 1) for m >= 0."""
    return log_gamma_ratio(m + 1, shape) - np.log(m + shape)


def density(q, alpha, beta):
    """Density of the success rate q = 1 - p of p ~ Beta(alpha, beta)."""
    return beta_distribution.pdf(q, beta, alpha)


def starts(n_samples, n_correct):
    """Method of moments, and two starts around it."""
    q = n_correct / n_samples
    m, n = np.clip(q.mean(), 1e-6, 1 - 1e-6), np.mean(n_samples)
    rho = np.clip((q.var() / (m * (1 - m)) - 1 / n) / max(1 - 1 / n, 1e-9), 1e-3, 0.98)
    return tuple(
        {"alpha": (1 - m) * t * size, "beta": m * t * size}
        for t in [1 / rho - 1] for size in (1.0, 0.3, 3.0)
    )


def edge(n_samples, n_correct, times):
    """Best limit of the likelihood outside the shapes: no spread, or nothing but spread.

    Parameters
    ----------
    n_samples, n_correct, times : array_like, shape (n_counts,)
        Distinct counts, and how many problems have each.

    Returns
    -------
    Edge or None
        Problems solved always or never (the share of solved problems), or one coin for all of
        them, unless a little spread is likelier; then a point inside can still beat the coin.

    Examples
    --------
    >>> edge([100, 10], [100, 0], [1, 9]).values  # one of ten problems solved
    {'alpha': 0.0, 'beta': 0.0}
    >>> float(edge([100, 10], [100, 0], [1, 9]).coverage(1).round(6))
    0.1
    """
    n, c, times = (np.asarray(v, float) for v in (n_samples, n_correct, times))
    if np.all((c == 0) | (c == n)):
        return _all_or_nothing(n, c, times)
    m = times @ c / (times @ n)
    if times @ (c * (c - 1) / m + (n - c) * (n - c - 1) / (1 - m) - n * (n - 1)) > 0:
        return None  # a little spread beats one coin
    choose = gammaln(n + 1) - gammaln(c + 1) - gammaln(n - c + 1)
    likelihood = float(times @ (choose + xlogy(c, m) + xlogy(n - c, 1 - m)))
    return Edge(dict(alpha=np.inf, beta=np.inf), {float(m): 1.0}, likelihood,
                "the problems differ no more than one coin would make them", sure=False)


def _all_or_nothing(n, c, times):
    """Every problem solved by all of its samples or by none: each counts once."""
    share = float(times[c > 0].sum() / times.sum())
    likelihood = float(times.sum() * (xlogy(share, share) + xlogy(1 - share, 1 - share)))
    rates = {0.0: 1 - share, 1.0: share}
    if share == 0:
        return Edge(dict(alpha=np.nan, beta=0.0), rates, 0.0, "no sample is correct")
    if share == 1:
        return Edge(dict(alpha=0.0, beta=np.nan), rates, 0.0, "every sample is correct")
    if n.max() == 1:
        return Edge(dict(alpha=np.nan, beta=np.nan), rates, likelihood,
                    "one sample per problem fixes the mean alone", unique=False)
    return Edge(dict(alpha=0.0, beta=0.0), rates, likelihood,
                "every problem is solved by all of its samples or by none")


def derivatives(n, c, log_alpha, log_beta):
    """log_pmf up to a constant, its gradient (a, b) and Hessian (aa, ab, bb) in the logarithms."""
    alpha, beta = np.exp(log_alpha), np.exp(log_beta)
    fails, solves, draws = _counted(n - c, alpha), _counted(c, beta), _counted(n, alpha + beta)
    at_alpha, at_beta, at_both = (
        log_gamma_family(shape, large=False) for shape in (alpha, beta, alpha + beta)
    )
    value, both, curve = (z - t for z, t in zip(at_both, draws, strict=True))
    value = value + fails[0] - at_alpha[0] + solves[0] - at_beta[0]
    g_a, g_b = alpha * (fails[1] - at_alpha[1] + both), beta * (solves[1] - at_beta[1] + both)
    h_aa = g_a + alpha**2 * (fails[2] - at_alpha[2] + curve)
    h_bb = g_b + beta**2 * (solves[2] - at_beta[2] + curve)
    return value, (g_a, g_b), (h_aa, alpha * beta * curve, h_bb)


def _counted(count, shape):
    """log Gamma, digamma, trigamma of count + shape; the series for the columns from 16 on."""
    if np.all(count == count[0]):
        return log_gamma_family(count[:1] + shape, large=count[0] >= LARGE)
    out = np.empty((3, len(shape), len(count)))
    for large in (False, True):
        pick = (count >= LARGE) == large
        if pick.any():
            out[..., pick] = log_gamma_family(count[pick] + shape, large)
    return out
