"""What counts alone say beyond the samples drawn: bounds, series, and nonparametric laws."""
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize
from scipy.special import gammaln
from scipy.stats import binom

from .. import _check
from . import designs, grid

EM_STEPS = 400


def _fixed(samples):
    """Evidence with one n for all, or a refusal."""
    evidence = designs.read(samples)
    if evidence.n.min() < evidence.n.max():
        raise ValueError("n_samples differ between problems: these bounds need one n for all")
    return evidence, int(evidence.n[0])


def identified_bounds(samples, k: ArrayLike) -> np.ndarray:
    """Bounds on coverage at k > n without a law: seen, and 1 - L(n) (L(n) / L(n - 1))^(k - n).

    L(k) = E[(1 - p)^k] is log-convex in k for every law of difficulty, so it lies above its
    tangent; below it no law helps, since what is unsolved may be impossible. L(n) and L(n - 1)
    are the unbiased estimates; their sampling error is not in the bounds.

    Parameters
    ----------
    samples : Samples or (n_samples, n_correct)
        One n for all problems.
    k : array_like of int, shape (n_k,)

    Returns
    -------
    ndarray, shape (2, n_k)

    Raises
    ------
    ValueError
        If n differs between problems, or a k is below n.

    Examples
    --------
    >>> identified_bounds((2, [0, 0, 1, 2]), [2, 3]).round(3).tolist()
    [[0.5, 0.5], [0.5, 0.6]]
    """
    evidence, n = _fixed(samples)
    k = np.atleast_1d(_check.whole("k", k, least=n)).astype(float)
    lost = 1 - evidence.seen
    ones = evidence.times[evidence.c == 1].sum() / evidence.n_problems
    if lost == 0:
        return np.ones((2, k.size))
    ratio = lost / (lost + ones / n)
    return np.stack([np.full(k.size, evidence.seen), 1 - lost * ratio ** (k - n)])


def good_toulmin(samples, k: ArrayLike, *, smooth: bool = False) -> np.ndarray:
    """Coverage at k > n: 1 - sum_j (-1)^j C(k - n + j - 1, j) / C(n, j) f_j / P.

    f_j problems have j correct samples. The binomial form of the series of Good and Toulmin: no
    law is assumed. It converges where rates are below 1/2, and beyond k = 2n its noise explodes.

    Parameters
    ----------
    samples : Samples or (n_samples, n_correct)
        One n for all problems.
    k : array_like of int, shape (n_k,)
    smooth : bool
        Cut the series off at a random place: the binomial smoothing of Orlitsky, Suresh and Wu,
        with t = k / n - 1 and as many terms as their rule gives.

    Returns
    -------
    ndarray, shape (n_k,)
        Not clipped: values outside 0 to 1 say that the series has nothing to say.

    Raises
    ------
    ValueError
        As in `identified_bounds`.

    Examples
    --------
    >>> good_toulmin((10, [0, 0, 1, 2]), [10, 12]).round(3).tolist()
    [0.5, 0.533]
    """
    evidence, n = _fixed(samples)
    k = np.atleast_1d(_check.whole("k", k, least=n)).astype(float)
    j, share = evidence.c.astype(float), evidence.times / evidence.n_problems
    more = k[:, None] - n
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        size = np.exp(gammaln(more + j) - gammaln(more) - gammaln(n + 1) + gammaln(n - j + 1))
        terms = np.where(j == 0, 1.0, np.where(more == 0, 0.0, (-1.0) ** j * size))
        if smooth:
            terms = np.where(j == 0, 1.0, _tail(k / n - 1, j, evidence) * terms)
        terms = np.nan_to_num(terms, posinf=1e300, neginf=-1e300)
    return 1 - terms @ share


def _tail(t, j, evidence):
    """P(L >= j) for the random end L of the series."""
    total = float(evidence.c @ evidence.times)
    over = np.maximum(t, 1 + 1e-9)
    size = np.floor(0.5 * np.log2(np.maximum(total * over**2 / (over - 1), 1))).clip(1, 60)
    tail = binom.sf(j[None] - 1, size[:, None], (2 / (2 + over))[:, None])
    return np.where(t[:, None] > 1, tail, 1.0)


def floor(lost_now: ArrayLike, lost_then: ArrayLike, n_problems: ArrayLike) -> np.ndarray:
    """Mean absolute error of who knows the law: sqrt(2 / pi L(k) (1 - L(k) / L(n)) / P).

    Of P problems P L(n) are unsolved, and each stays so with chance L(k) / L(n): the number
    newly solved is binomial whatever is known. Falls as P^(-1/2); no sample of a solved problem
    lowers it.

    Parameters
    ----------
    lost_now, lost_then : array_like
        L(n) and L(k), shares unsolved under the law.
    n_problems : array_like of int

    Returns
    -------
    ndarray

    Examples
    --------
    >>> float(floor(0.5, 0.25, 128).round(4))
    0.0249
    """
    now, then = (np.asarray(v, float) for v in (lost_now, lost_then))
    return np.sqrt(2 / np.pi * then * (1 - then / now) / np.asarray(n_problems))


def npmle(samples, steps: int = EM_STEPS) -> np.ndarray:
    """Nonparametric maximum likelihood law of difficulty on the grid, by EM.

    Parameters
    ----------
    samples : Samples or (n_samples, n_correct)
    steps : int

    Returns
    -------
    ndarray, shape (n_nodes,)
        Probabilities of the nodes. What the mass below 1 / n does is not determined.

    Examples
    --------
    >>> law = npmle((100, [50] * 20), steps=2000)
    >>> round(float(law @ grid.P), 3)
    0.5
    """
    evidence = designs.read(samples)
    return _climb(_rows(evidence), evidence.times, np.zeros(grid.N_NODES), steps)


def npmle_bracket(samples, k: ArrayLike, *, drop: float = 1.35) -> np.ndarray:
    """Least and largest coverage at k over all laws within `drop` of the largest log-likelihood.

    The set of such laws is convex and coverage is linear in the law, so each end is found from
    log-likelihood + lambda coverage, and lambda by bisection.

    Parameters
    ----------
    samples : Samples or (n_samples, n_correct)
    k : array_like of int, shape (n_k,)
    drop : float
        1.35 is a profile-likelihood interval of 90 % where the usual theory holds.

    Returns
    -------
    ndarray, shape (2, n_k)

    Raises
    ------
    ValueError
        If drop is not positive.

    Examples
    --------
    >>> low, high = npmle_bracket((20, [0] * 30 + [1, 2, 5, 20]), [20, 2000])
    >>> bool((low < high).all()), bool(high[1] > 0.9)
    (True, True)
    """
    if not drop > 0:
        raise ValueError(f"drop = {drop:g} must be positive")
    evidence = designs.read(samples)
    rows, times = _rows(evidence), evidence.times
    top = _climb(rows, times, np.zeros(grid.N_NODES), 4 * EM_STEPS)
    least = times @ np.log(rows @ top) - drop
    ends = [[_end(rows, times, top, sign * (1 - grid.fail(m)), least) for m in
             np.atleast_1d(_check.whole("k", k, least=1))] for sign in (-1, 1)]
    return np.abs(np.array(ends))


def _end(rows, times, law, value, least):
    """Largest mean of `value` over laws with log-likelihood at least `least`."""
    low, high, best = 0.0, float(times.sum()), law @ value
    for _ in range(14):
        push = (low + high) / 2
        moved = _climb(rows, times, push * value, EM_STEPS // 4, law)
        if times @ np.log(rows @ moved) >= least:
            low, best = push, max(best, moved @ value)
        else:
            high = push
    return best


def _rows(evidence):
    """Likelihood of each distinct count at the nodes."""
    return grid.kernel(evidence.n, evidence.c)


def _climb(rows, times, bonus, steps, law=None):
    """EM for sum times log(rows @ law) + bonus @ law over the simplex."""
    law = np.full(rows.shape[1], 1 / rows.shape[1]) if law is None else law
    for _ in range(steps):
        mass = law * ((times / (rows @ law)) @ rows)
        law = _share(mass, bonus) if bonus.any() else mass / mass.sum()
    return law


def _share(mass, bonus):
    """mass / (mu - bonus), with mu such that the shares sum to one."""
    top = bonus.max()
    total = mass.sum()
    mu = brentq(lambda mu: (mass / (mu - bonus)).sum() - 1, top + 1e-9 * total,
                top + total + np.ptp(bonus) + 1)
    law = mass / (mu - bonus)
    return law / law.sum()


def g_model(samples, *, degree: int = 5, ridge: float = 1.0) -> np.ndarray:
    """Efron's g-modelling: log of the law is a polynomial in t, by penalised likelihood.

    Parameters
    ----------
    samples : Samples or (n_samples, n_correct)
    degree : int
        Degree of the polynomial in t = log(p / (1 - p)), scaled to the grid.
    ridge : float
        Weight of the norm of the coefficients.

    Returns
    -------
    ndarray, shape (n_nodes,)

    Examples
    --------
    >>> law = g_model((50, [0] * 20 + [1, 2, 3, 5, 8, 20]))
    >>> round(float(law.sum()), 6)
    1.0
    """
    evidence = designs.read(samples)
    rows, times = _rows(evidence), evidence.times
    x = np.clip(grid.MIDDLE / 12, -2, 1)
    basis = np.polynomial.legendre.legvander(np.concatenate([x[:1], x, x[-1:]]), degree)[:, 1:]

    def loss(a):
        law = _soft(basis @ a)
        likely = rows @ law
        mass = law * ((times / likely) @ rows)
        gradient = (mass - times.sum() * law) @ basis
        norm = np.sqrt(a @ a + 1e-12)
        return ridge * norm - times @ np.log(likely), ridge * a / norm - gradient

    found = minimize(loss, np.zeros(degree), jac=True, method="BFGS", options={"gtol": 1e-3})
    return _soft(basis @ found.x)


def _soft(x):
    """Exponentials that sum to one."""
    e = np.exp(x - x.max())
    return e / e.sum()
