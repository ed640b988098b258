"""Exact estimators from counts of correct samples."""
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from .. import _check
from ..data.samples import Samples
from ..numerics.special import LARGE, log_gamma_ratio, stirling_tail
from ._given import counts_and_k

BLOCK = 1 << 20  # numbers held at once where a mean is all that is wanted


def log_fail_at_k(n_samples: ArrayLike | Samples, n_correct: ArrayLike | None = None,
                  k: ArrayLike | None = None) -> np.ndarray:
    """log [C(n - c, k) / C(n, k)]: log chance that k of n samples, c of them correct, all fail.

    Parameters
    ----------
    n_samples, n_correct : array_like of int
        Samples and correct samples of each problem; they broadcast. Or `Samples` in place of both.
    k : array_like of int
        Samples drawn without replacement, at most the smallest n_samples.

    Returns
    -------
    ndarray, shape broadcast(n_samples, n_correct) + shape(k)
        0 where nothing is correct, -inf where k samples must include a correct one.

    Raises
    ------
    ValueError
        If a count is negative, fractional, masked, not a number or above 10^9, n_correct exceeds
        n_samples, or k exceeds n_samples; the message names argument and position. If the number
        of samples followed from their results, as where sampling stops at the first success.

    Notes
    -----
    A difference of Stirling series, arranged so that nothing cancels: relative error below 1e-13
    from one correct sample in a million to failures below e^-100000.

    Examples
    --------
    >>> round(float(np.exp(log_fail_at_k(4, 2, 1))), 12)
    0.5
    """
    return _spread(_log_fail, *counts_and_k("log_fail_at_k", n_samples, n_correct, k))


def _distinct(n_samples, n_correct, k):
    """Checked k, columns of distinct (n, c), index of each problem's pair, shape of the result."""
    n, c = _check.counts(n_samples, n_correct)
    k = _check.draws(k, n)
    top = int(n.max()) + 1
    code = n * top + c
    pairs, back = np.unique(code.ravel(), return_inverse=True)
    columns = np.divmod(pairs[:, None], top)
    return k.ravel().astype(float), [v.astype(float) for v in columns], back, code.shape + k.shape


def _spread(function, n_samples, n_correct, k):
    """function(n, c, k) of the distinct counts, given back to every problem."""
    k, (n, c), back, shape = _distinct(n_samples, n_correct, k)
    return function(n, c, k)[back].reshape(shape)[()]


def _log_fail(n, c, k):
    """log [C(n - c, k) / C(n, k)] for columns n and c and a row k of whole numbers."""
    n = n[:1] if (n == n[0]).all() else n  # then the terms in k alone are one row
    low, left = np.minimum(c, k), (n - c) - k
    e = np.maximum(left, LARGE)
    (log_c, rest_c, tail_c), (log_k, rest_k, tail_k) = _sides(n, c, k)
    total = np.where(c < k, rest_c, rest_k)
    total += (e + 0.5) * _log1p_minus(low / e)
    total += low * (0.5 / e - (np.abs(log_c - log_k) + 0.5 / n))
    total += (tail_c - stirling_tail(n)) + tail_k
    total -= stirling_tail(e)
    if left.min() < LARGE:
        total[left < 0] = -np.inf
        at = row, _ = np.nonzero((left >= 0) & (left < LARGE))
        if row.size:
            total[at] = _few_left(np.broadcast_to(n, c.shape)[row, 0], low[at], left[at])
    return total


def _sides(n, c, k):
    """Terms of c alone and of k alone, x for either: -log(1 - x/n), remainder, Stirling tail."""
    x = np.append(c, k)[None] if n.size == 1 else np.hstack([c, np.tile(k, (c.size, 1))])
    rest = np.maximum(n - x, LARGE)  # where fewer are left, `_few_left` decides
    terms = np.log1p(x / rest), (n + 0.5) * _log1p_minus(-(n - rest) / n), stirling_tail(rest)
    cut = x.shape[1] - k.size
    return [t[:, :cut].reshape(-1, 1) for t in terms], [t[:, cut:] for t in terms]


def _log1p_minus(x):
    """log(1 + x) - x for x > -1, without losing the digits of small x."""
    r = x / (2 + x)  # log(1 + x) = 2 artanh r
    y = r * r
    near = r * (y * (2 / 3 + y * (2 / 5 + y * (2 / 7))) - x)
    return np.where(np.abs(x) < 0.02, near, np.log1p(x) - x)


def _few_left(n, low, left):
    """The same where fewer than 16 wrong samples would be left: two ratios of factorials."""
    above = gammaln(left + low + 1) - gammaln(left + 1)
    return above - log_gamma_ratio(n - low + 1, low)


def _pass(n, c, k):
    """1 - C(n - c, k) / C(n, k) for columns n and c and a row k."""
    return 0.0 - np.expm1(_log_fail(n, c, k))  # and not minus zero


def pass_at_k(n_samples: ArrayLike | Samples, n_correct: ArrayLike | None = None,
              k: ArrayLike | None = None) -> np.ndarray:
    """1 - C(n - c, k) / C(n, k): unbiased chance that k samples contain a correct one.

    Parameters
    ----------
    n_samples, n_correct, k
        As in `log_fail_at_k`.

    Returns
    -------
    ndarray, shape broadcast(n_samples, n_correct) + shape(k)
        Between 0 and 1.

    Raises
    ------
    ValueError
        As in `log_fail_at_k`; in particular if k exceeds n_samples.

    Notes
    -----
    The estimator of Chen et al. (2021), as minus expm1 of the log failure.

    Examples
    --------
    >>> round(float(pass_at_k(n_samples=10, n_correct=3, k=1)), 12)
    0.3
    """
    return _spread(_pass, *counts_and_k("pass_at_k", n_samples, n_correct, k))


def log_all_at_k(n_samples: ArrayLike | Samples, n_correct: ArrayLike | None = None,
                 k: ArrayLike | None = None) -> np.ndarray:
    """log [C(c, k) / C(n, k)]: log chance that k of n samples, c of them correct, all succeed.

    Parameters, errors and accuracy are those of `log_fail_at_k`, with failures for successes.

    Returns
    -------
    ndarray, shape broadcast(n_samples, n_correct) + shape(k)
        0 where all are correct, -inf where k samples must include a wrong one.

    Examples
    --------
    >>> round(float(np.exp(log_all_at_k(4, 3, 2))), 12)
    0.5
    """
    n, c, k = counts_and_k("log_all_at_k", n_samples, n_correct, k)
    n, c = _check.counts(n, c)
    return _spread(_log_fail, n, n - c, k)


def all_at_k(n_samples: ArrayLike | Samples, n_correct: ArrayLike | None = None,
             k: ArrayLike | None = None) -> np.ndarray:
    """C(c, k) / C(n, k): unbiased chance that k samples are all correct, also written pass^k.

    Parameters
    ----------
    n_samples, n_correct, k
        As in `log_fail_at_k`.

    Returns
    -------
    ndarray, shape broadcast(n_samples, n_correct) + shape(k)
        Between 0 and 1.

    Raises
    ------
    ValueError
        As in `log_fail_at_k`; in particular if k exceeds n_samples.

    Notes
    -----
    The estimator of Yao et al. (2024). A plug-in, (c / n)^k, is too high on average.

    Examples
    --------
    >>> round(float(all_at_k(n_samples=4, n_correct=2, k=2)), 12)  # one pair of six
    0.166666666667
    """
    return np.exp(log_all_at_k(*counts_and_k("all_at_k", n_samples, n_correct, k)))


def coverage(n_samples: ArrayLike | Samples, n_correct: ArrayLike | None = None,
             k: ArrayLike | None = None) -> np.ndarray:
    """Mean of `pass_at_k` over all problems: the expected share solved with k samples each.

    Parameters
    ----------
    n_samples, n_correct : array_like of int, shape (n_problems,)
        Samples and correct samples of each problem; n_samples may be one number. Or `Samples` in
        place of both.
    k : array_like of int
        Samples drawn without replacement, at most the smallest n_samples.

    Returns
    -------
    ndarray, shape of k

    Raises
    ------
    ValueError
        As in `log_fail_at_k`; and if counts are a table, for instance of 0/1 outcomes.

    Examples
    --------
    >>> float(coverage(n_samples=2, n_correct=[0, 2], k=1))
    0.5
    """
    n, c, k = counts_and_k("coverage", n_samples, n_correct, k)
    _check.problem_counts(n, c)
    k_row, (n, c), back, _ = _distinct(n, c, k)
    share, size = np.bincount(back) / back.size, max(1, BLOCK // k_row.size)
    parts = (slice(i, i + size) for i in range(0, share.size, size))
    total = sum(share[at] @ _pass(n[at], c[at], k_row) for at in parts)
    return total.reshape(np.shape(k))[()]
