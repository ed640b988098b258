"""Who wins among k samples drawn from n, by independent binomials and roots of unity.

Draw each sample with chance k / n on its own. Then the sums W_a of the votes (or weights) of
different answers are independent, and given that k samples are drawn in all, they are those of a
random subset of size k. With a factor z for each sample drawn, M_a(g) = E[z^count; W_a = g] keeps
track of the number drawn, and

    f(z) = sum over g of M_0(g) * integral over y in [0, 1] of prod_a [M_a(< g) + y M_a(g)]

is the chance that the correct answer wins with g votes, where t answers tied with it give y^t and
so 1 / (t + 1). The mean of f(z) z^(-k) over the roots of unity picks k drawn.
"""
from functools import lru_cache

import numpy as np

EXPONENT = 36.0  # e^-36 is the chance of a number drawn that cannot be told from k
NEGLIGIBLE = 1e-19  # chance of a sum of the correct answer that is left out
BLOCK = 1 << 20  # complex numbers held at once


def win(masses, shape, times, ties, n, k):
    """Chance that answer 0 has the largest sum; ties split evenly.

    Parameters
    ----------
    masses : callable
        z, shape (n_points,) -> M_a(g), shape (n_answers, n_sums, n_points), and the factor of the
        samples that do not vote, shape (n_points,).
    shape : (n_answers, n_sums)
        Sums g = 0, ..., n_sums - 1 reach the largest of answer 0.
    times : ndarray of int, shape (n_answers - 1,)
        How many wrong answers are alike.
    ties : callable
        Sums g -> how many wrong answers at most may tie with answer 0 at g.
    n, k : int
        Samples, and how many of them are drawn.

    Examples
    --------
    >>> def masses(z):  # one sample for each of two answers, one of the two drawn
    ...     half = np.full_like(z, 0.5)
    ...     return np.stack([[half, half * z]] * 2), np.ones_like(z)
    >>> round(win(masses, (2, 2), np.array([1]), ties=np.zeros_like, n=2, k=1), 12)
    0.5
    """
    if shape[1] == 1:
        return 0.0  # answer 0 has no votes
    z, share = _roots(n, k)
    total, drawn = 0.0, ((1 - k / n + k / n * z) ** n @ share).real
    blocks = max(1, z.size * shape[0] * shape[1] // BLOCK)
    for part, weight in zip(*(np.array_split(x, blocks) for x in (z, share)), strict=True):
        mass, rest = masses(part)
        total += ((_wins(mass, times, ties) * rest) @ weight).real
    return float(np.clip(total / drawn, 0, 1))


def sums(steps, n_sums, chance, z):
    """M(g) of one answer whose samples add the given whole numbers, shape (n_sums, n_points)."""
    mass, filled = np.zeros((n_sums, z.size), complex), 1
    mass[0] = 1
    for step in steps:
        drawn = chance * z * mass[: min(filled, n_sums - step)] if step < n_sums else mass[:0]
        mass[:filled] *= 1 - chance
        mass[step : step + len(drawn)] += drawn
        filled = min(filled + step, n_sums)
    return mass


@lru_cache(maxsize=64)
def _roots(n, k):
    """Upper half of the roots of unity, and the weights whose real sum picks z^k.

    By Bernstein's inequality the number drawn is farther than their number from k with a chance
    below e^-36.
    """
    spread = k * (1 - k / n)
    third = EXPONENT / 3
    n_points = min(n + 1, int(np.ceil(third + np.sqrt(third**2 + 2 * EXPONENT * spread))))
    half = np.arange(n_points // 2 + 1)
    z = np.exp(2j * np.pi * half / n_points)
    twice = np.where((half == 0) | (2 * half == n_points), 1, 2)
    return z, twice / n_points * np.exp(-2j * np.pi * (half * k % n_points) / n_points)


def _wins(mass, times, ties):
    """f(z) for each point."""
    below = np.cumsum(mass[1:], axis=1) - mass[1:]
    g = np.flatnonzero(np.abs(mass[0]).max(axis=1) > NEGLIGIBLE)
    g = g[g > 0]
    nodes = np.minimum(ties(g), times.sum()) // 2 + 1  # exact to the degree 2 nodes - 1 in y
    total = np.zeros(mass.shape[2], complex)
    for number in np.unique(nodes):
        at = g[nodes == number]
        for y, w in zip(*_nodes(number), strict=True):
            wins = w * mass[0, at]
            for low, level, power in zip(below, mass[1:], times, strict=True):
                alike = low[at] + y * level[at]
                wins *= alike if power == 1 else alike**power
            total += wins.sum(axis=0)
    return total


@lru_cache(maxsize=256)
def _nodes(n):
    """Points and weights of Gauss and Legendre on [0, 1]."""
    y, weight = np.polynomial.legendre.leggauss(n)
    return (1 + y) / 2, weight / 2
