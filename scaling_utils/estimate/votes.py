"""Votes among a random subset of the samples drawn: the chance that the correct answer wins."""
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import binom

from .. import _check
from ..data.samples import Samples
from ..numerics import ballot
from ._given import fixed


def majority_at_k(answer_counts: ArrayLike | Samples, k: ArrayLike,
                  n_abstain: ArrayLike = 0) -> np.ndarray:
    """Chance that the correct answer wins a vote among k of the n samples, ties split evenly.

    Parameters
    ----------
    answer_counts : array_like of int, shape (n_problems, n_answers)
        Samples that gave each answer; column 0 is the correct one, short rows end in zeros. Or
        `Samples` with answers, which are merged as in `Samples.votes`.
    k : int or array_like of int
        Samples drawn without replacement from the n of a problem.
    n_abstain : int or array_like of int, shape (n_problems,)
        Samples without a readable answer. They are drawn, but do not vote; if all drawn abstain
        the vote is wrong.

    Returns
    -------
    ndarray, shape (n_problems,) + shape(k)

    Raises
    ------
    ValueError
        If a count is negative, fractional or not a number, a problem has no samples, or k exceeds
        its samples; the message names the problem.

    Notes
    -----
    In a random subset of k the counts of the answers are independent binomials (m_a, k / n), given
    that they add up to k; see `ballot`. Exact up to rounding, below 1e-12.

    Examples
    --------
    >>> majority_at_k([[2, 1]], [1, 3]).round(12).tolist()  # two of three samples are correct
    [[0.666666666667, 1.0]]
    """
    if isinstance(answer_counts, Samples):
        answer_counts, n_abstain = fixed("majority_at_k", answer_counts).votes()
    votes, abstain = _votes(answer_counts, n_abstain)
    k = _check.draws(k, votes.sum(axis=1) + abstain)
    wrong = -np.sort(-votes[:, 1:], axis=1)  # which wrong answer has which votes does not matter
    wrong = wrong[:, wrong.any(axis=0)]
    rows = np.column_stack([votes[:, 0], abstain, wrong])
    rows, back = np.unique(rows, axis=0, return_inverse=True)
    table = [[plain_vote(row[0], row[2:], row[1], size) for size in k.ravel()] for row in rows]
    return np.array(table)[back.ravel()].reshape(len(votes), *k.shape)


def plain_vote(correct, wrong, abstain, k):
    """`majority_at_k` of one problem."""
    n, votes = correct + abstain + wrong.sum(), np.arange(min(k, correct) + 1)
    sizes, times = np.unique(wrong[wrong > 0], return_counts=True)
    chances = binom.pmf(votes, np.append(correct, sizes)[:, None], k / n)

    def masses(z):
        return chances[:, :, None] * z ** votes[:, None], (1 - k / n + k / n * z) ** abstain

    return ballot.win(masses, chances.shape, times, lambda g: k // g - 1, n=n, k=k)


def _votes(answer_counts, n_abstain):
    """Checked tables of votes, (n_problems, n_answers), and of abstentions, (n_problems,)."""
    votes = _check.whole("answer_counts", answer_counts)
    abstain = _check.whole("n_abstain", n_abstain)
    if votes.ndim != 2:
        raise ValueError(f"answer_counts {votes.shape} must be (n_problems, n_answers)")
    if abstain.shape not in ((), (len(votes),)):
        raise ValueError(f"n_abstain {abstain.shape} must be one number or one for each of the "
                         f"{len(votes)} problems")
    return votes, np.broadcast_to(abstain, len(votes))
