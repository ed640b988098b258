"""Gamma-function differences that keep their digits."""
import numpy as np
from scipy.special import gammaln, psi, zeta

LARGE = 16.0  # the asymptotic series below are good to rounding from here on
HALF_LOG_2PI = 0.5 * np.log(2 * np.pi)


def log_gamma_ratio(x, d):
    """log Gamma(x + d) - log Gamma(x) for x > 0, d >= 0, broadcast.

    Notes
    -----
    From x = 16 on a differenced Stirling series; two large logarithms would lose the digits.

    Examples
    --------
    >>> round(float(np.exp(log_gamma_ratio(3.0, 2.0))), 12)  # Gamma(5) / Gamma(3) = 24 / 2
    12.0
    """
    x, d = np.broadcast_arrays(np.asarray(x, float), np.asarray(d, float))
    big = np.maximum(x, LARGE)
    tails = stirling_tail(big + d) - stirling_tail(big)
    series = (big - 0.5) * np.log1p(d / big) + d * np.log(big + d) - d + tails
    small = np.minimum(x, LARGE)
    return np.where(x >= LARGE, series, gammaln(small + d) - gammaln(small))


def stirling_tail(x):
    """log Gamma(x) beyond Stirling: 1/(12 x) - 1/(360 x^3) + ... + 1/(1188 x^9), for x >= 16."""
    y = 1 / (x * x)
    return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x


def log_gamma_family(x, large):
    """log Gamma, digamma, trigamma; `large` promises x >= 16 and takes the asymptotic series."""
    if not large:
        return gammaln(x), psi(x), zeta(2, x)
    r, log_x = 1 / x, np.log(x)
    y = r * r
    log_gamma = (x - 0.5) * log_x - x + HALF_LOG_2PI + stirling_tail(x)
    digamma = log_x - r / 2 - y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y / 240)))
    trigamma = r + y / 2 + r * y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - 5 * y / 66))))
    return log_gamma, digamma, trigamma
