"""Beta-binomial likelihood of counts, its derivatives, and where it has no maximum."""
import numpy as np
from scipy.special import betaln
from scipy.stats import beta as beta_distribution

from ..numerics.special import LARGE, log_gamma_family, log_gamma_ratio


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


def degenerate(n_samples, n_correct):
    """Limit of a likelihood without a maximum, and finite values that predict like it, or None."""
    n, c = np.asarray(n_samples, float), np.asarray(n_correct, float)
    m, huge = c.sum() / n.sum(), 1e9
    if m == 0:
        return {"alpha": np.nan, "beta": 0.0}, {"alpha": 1.0, "beta": 0.0}
    if m == 1:
        return {"alpha": 0.0, "beta": np.nan}, {"alpha": 1 / huge, "beta": 1.0}
    if np.all((c == 0) | (c == n)):
        return {"alpha": 0.0, "beta": 0.0}, {"alpha": (1 - m) / huge, "beta": m / huge}
    overdispersion = np.sum(c * (c - 1) / m + (n - c) * (n - c - 1) / (1 - m) - n * (n - 1))
    if overdispersion > 0:
        return None
    return {"alpha": np.inf, "beta": np.inf}, {"alpha": (1 - m) * huge, "beta": m * huge}


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
