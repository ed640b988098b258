"""Counts from assumed worlds; every function takes a seed or its generator."""
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _check

Rng = int | np.random.Generator


def draw_counts(rates: ArrayLike, n_samples: ArrayLike, rng: Rng) -> np.ndarray:
    """Number correct among n independent samples, c ~ Binomial(n, q), one per rate.

    Parameters
    ----------
    rates : array_like, shape (n_problems,)
        Success rate of each problem, between 0 and 1.
    n_samples : int or array_like of int, shape (n_problems,)
    rng : int or Generator

    Returns
    -------
    ndarray of int, shape (n_problems,)

    Raises
    ------
    ValueError
        If a rate is not between 0 and 1; the message names its position.

    Examples
    --------
    >>> draw_counts([0.0, 1.0], 5, np.random.default_rng(1)).tolist()
    [0, 5]
    """
    rates = _check.between("rates", rates, 0, 1)
    n_samples = _check.whole("n_samples", n_samples, least=1)
    return _check.generator(rng).binomial(n_samples, rates)


def beta_counts(n_problems: int, n_samples: ArrayLike, alpha: float, beta: float,
                rng: Rng) -> np.ndarray:
    """Counts of problems whose failure probability is Beta(alpha, beta).

    Parameters
    ----------
    n_problems, n_samples : int
    alpha, beta : float
        Shapes of the failure probability, so the success rate is Beta(beta, alpha).
    rng : int or Generator

    Returns
    -------
    ndarray of int, shape (n_problems,)

    Raises
    ------
    ValueError
        If a shape is not a positive number or a count not a whole one.

    Examples
    --------
    >>> beta_counts(3, 10, 1e-9, 1.0, np.random.default_rng(1)).tolist()  # nothing ever fails
    [10, 10, 10]
    """
    for name, value in (("alpha", alpha), ("beta", beta)):
        if not 0 < value < np.inf:
            raise ValueError(f"{name} = {value} is not a positive number")
    rng = _check.generator(rng)
    rates = rng.beta(beta, alpha, _check.whole("n_problems", n_problems, least=1))
    return draw_counts(rates, n_samples, rng)


def thin_counts(n_samples: ArrayLike, n_correct: ArrayLike, m: int, rng: Rng) -> np.ndarray:
    """Number correct among m of the n samples, drawn without replacement.

    Parameters
    ----------
    n_samples, n_correct : array_like of int, shape (n_problems,)
    m : int
        Samples kept for each problem, at most the smallest n_samples.
    rng : int or Generator

    Returns
    -------
    ndarray of int, shape (n_problems,)

    Raises
    ------
    ValueError
        If a count is impossible or m exceeds n_samples.

    Examples
    --------
    >>> thin_counts(10, [0, 10], 4, np.random.default_rng(1)).tolist()
    [0, 4]
    """
    n, c = _check.counts(n_samples, n_correct)
    m = _check.draws(m, n, name="m")
    return _check.generator(rng).hypergeometric(c, n - c, m)
