"""How a budget of samples is shared among the unfinished prefixes of one problem."""
from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from .. import _check


def one_each(scores: ArrayLike, budget: int) -> np.ndarray:
    """Every prefix goes on once: plain sampling.

    Examples
    --------
    >>> one_each([0.9, 0.1], 2).tolist()
    [1, 1]
    """
    return np.ones(np.size(scores), int)


def beam(scores: ArrayLike, budget: int, width: int) -> np.ndarray:
    """The budget // width best prefixes (at least one) share the budget; ties to the first.

    Parameters
    ----------
    scores : array_like of float, shape (n_nodes,)
    budget : int
        Next steps to draw.
    width : int
        Steps drawn from each prefix that is kept.

    Returns
    -------
    ndarray of int, shape (n_nodes,)

    Raises
    ------
    ValueError
        If a score is not a number, the budget is negative, or `width` is not positive.

    Examples
    --------
    >>> beam([0.1, 0.9, 0.5, 0.7], 4, width=2).tolist()
    [0, 2, 0, 2]
    """
    scores, budget = _scores(scores), _budget(budget)
    width = int(_check.whole("width", width, least=1))
    kept = np.argsort(-scores, kind="stable")[: max(1, budget // width)]
    shares = np.zeros(len(scores), int)
    shares[kept] = budget // len(kept)
    shares[kept[: budget % len(kept)]] += 1
    return shares


def rebase(scores: ArrayLike, budget: int, balance: float = 0.1) -> np.ndarray:
    """Round(B exp(R_j / T_b) / sum over k of exp(R_k / T_b)), as Wu et al. print it.

    Parameters
    ----------
    scores : array_like of float, shape (n_nodes,)
        Rewards R_j of the unfinished prefixes of one depth.
    budget : int
        Solutions B still to be found.
    balance : float
        Temperature T_b > 0; large shares evenly, small gives all to the best.

    Returns
    -------
    ndarray of int, shape (n_nodes,)
        Steps to draw after each prefix. Halves are rounded to the even number; the shares need
        not add up to the budget, and may all be zero.

    Raises
    ------
    ValueError
        If a score is not a number, the budget is negative, or `balance` is not positive.

    Examples
    --------
    >>> rebase([0.5, 0.5, 0.5, 0.5], 6).tolist()  # 1.5 each
    [2, 2, 2, 2]
    """
    return np.rint(_budget(budget) * _weights(scores, balance)).astype(int)


def rebase_sequential(scores: ArrayLike, budget: int, balance: float = 0.1) -> np.ndarray:
    """From the best score on, ceil(B w_j / sum of the w left), taken off the budget at once.

    Parameters
    ----------
    scores, budget, balance :
        As in `rebase`.

    Returns
    -------
    ndarray of int, shape (n_nodes,)
        Adds up to the budget exactly; the last in order may get nothing. Equal scores keep their
        order.

    Raises
    ------
    ValueError
        As in `rebase`.

    Notes
    -----
    The rule of the code that Wu et al. released.

    Examples
    --------
    >>> rebase_sequential([0.5, 0.5, 0.5, 0.5], 6).tolist()
    [2, 2, 1, 1]
    """
    weights, budget = _weights(scores, balance), _budget(budget)
    order = np.argsort(-weights, kind="stable")
    ranked, given = weights[order], []
    left = np.cumsum(ranked[::-1])[::-1]  # sum of this weight and the later ones
    for weight, rest in zip(ranked.tolist(), left.tolist(), strict=True):  # floats, for speed
        given.append(math.ceil(budget * weight / rest - 1e-9) if rest > 0 else budget)
        budget -= given[-1]
    shares = np.zeros(len(weights), int)
    shares[order] = given
    return shares


def _weights(scores, balance):
    """Softmax of the scores at the balance temperature."""
    if not balance > 0:
        raise ValueError(f"balance = {balance} must be positive")
    scaled = _scores(scores) / balance
    weights = np.exp(scaled - scaled.max())  # scipy's softmax is slow where prefixes are few
    return weights / weights.sum()


def _scores(scores):
    """Scores as a flat array of numbers."""
    scores = _check.finite("scores", scores)
    if scores.ndim != 1 or not scores.size:
        raise ValueError(f"scores {scores.shape} must be a flat array with an entry per prefix")
    return scores


def _budget(budget):
    """The budget as a whole number."""
    return int(_check.whole("budget", budget))
