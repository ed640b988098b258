"""Votes among a random subset of the samples drawn: exact chances that the correct answer wins."""
from __future__ import annotations

from functools import cache
from itertools import chain, combinations

import numpy as np
from scipy.special import comb
from scipy.stats import binom

from .. import _check
from ..numerics import ballot

STEPS = 1024  # of the lattice for sums of weights, where these are not multiples of one number
UNITS = (1.0, 0.1, 0.01, 0.001)  # steps tried first
SUBSETS = 20_000  # so many are simply enumerated


def majority_at_k(answer_counts, k, n_abstain=0):
    """Chance that the correct answer wins a vote among k of the n samples, ties split evenly.

    Parameters
    ----------
    answer_counts : array_like of int, shape (n_problems, n_answers)
        Samples that gave each answer; column 0 is the correct one, short rows end in zeros.
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
    votes, abstain = _votes(answer_counts, n_abstain)
    k = _subset_size(k, votes.sum(axis=1) + abstain)
    wrong = -np.sort(-votes[:, 1:], axis=1)  # which wrong answer has which votes does not matter
    wrong = wrong[:, wrong.any(axis=0)]
    rows = np.column_stack([votes[:, 0], abstain, wrong])
    rows, back = np.unique(rows, axis=0, return_inverse=True)
    table = [[_majority(row[0], row[2:], row[1], size) for size in k.ravel()] for row in rows]
    return np.array(table)[back.ravel()].reshape(len(votes), *k.shape)


def weighted_majority_at_k(answers, weights, k):
    """Chance that the correct answer has the largest sum of weights among k of the n samples.

    Parameters
    ----------
    answers : array_like of int, shape (n_problems, n_samples)
        Answer of each sample: 0 is the correct one, 1, 2, ... are wrong, -1 abstains.
    weights : array_like of float, same shape
        Weight of each sample's vote, for instance a score; not negative.
    k : int or array_like of int
        Samples drawn without replacement from the n of a problem.

    Returns
    -------
    ndarray, shape (n_problems,) + shape(k)

    Raises
    ------
    ValueError
        If shapes differ, an answer is not a whole number from -1 on, a weight is negative or not
        a number, or k exceeds n; the message names the problem.

    Notes
    -----
    As in `majority_at_k`, with sums of weights in place of counts. Ties are split evenly, and a
    weight of 0 is an abstention. Exact where the weights are multiples of one step, at most 1024
    of which make the largest sum (equal weights, scores with two decimals in small votes), and
    where there are at most 20,000 subsets of size k, which are enumerated. Otherwise weights are
    rounded to such steps; a vote can change only where the winner leads by less than k steps, and
    the result was off by less than 0.002 wherever it was compared with all subsets.

    Examples
    --------
    >>> weighted_majority_at_k([[0, 1, 1]], [[0.9, 0.3, 0.3]], 3).tolist()  # 0.9 beats 0.6
    [1.0]
    """
    answers, weights = _weighted(answers, weights)
    k = _subset_size(k, np.full(len(answers), answers.shape[1]))
    rows = zip(answers, weights, strict=True)
    table = [[_weighted_majority(a, w, size) for size in k.ravel()] for a, w in rows]
    return np.array(table).reshape(len(answers), *k.shape)


def _majority(correct, wrong, abstain, k):
    """`majority_at_k` of one problem."""
    n, votes = correct + abstain + wrong.sum(), np.arange(min(k, correct) + 1)
    sizes, times = np.unique(wrong[wrong > 0], return_counts=True)
    chances = binom.pmf(votes, np.append(correct, sizes)[:, None], k / n)

    def masses(z):
        return chances[:, :, None] * z ** votes[:, None], (1 - k / n + k / n * z) ** abstain

    return ballot.win(masses, chances.shape, times, lambda g: k // g - 1, n=n, k=k)


def _weighted_majority(answers, weights, k):
    """`weighted_majority_at_k` of one problem."""
    n, voting = len(answers), (answers >= 0) & (weights > 0)
    groups = [weights[voting & (answers == a)] for a in (0, *np.unique(answers[answers > 0]))]
    unit, exact = _unit(weights[voting], k)
    if not exact and comb(n, k) <= SUBSETS:
        return _enumerated(answers, weights * voting, k)
    groups = [_steps(group, unit) for group in groups]
    most, limit = (int(np.sort(s)[-k:].sum()) for s in (np.concatenate(groups), groups[0]))
    shape = len(groups), limit + 1

    def masses(z):
        mass = np.stack([ballot.sums(group, shape[1], k / n, z) for group in groups])
        return mass, (1 - k / n + k / n * z) ** (n - voting.sum())

    def ties(g):  # where weights are rounded, three equal sums are too rare to matter
        return most // g - 1 if exact else np.ones_like(g)

    return ballot.win(masses, shape, np.ones(len(groups) - 1, int), ties, n=n, k=k)


def _enumerated(answers, weights, k):
    """The same from all subsets of size k."""
    own = answers[:, None] == np.append(0, np.unique(answers[answers > 0]))
    sums = _subsets(len(answers), k) @ (own * weights[:, None])
    best = sums.max(axis=1, keepdims=True)
    tied = (sums >= best * (1 - 1e-12)) & (best > 0)
    return float(np.mean(tied[:, 0] / np.maximum(tied.sum(axis=1), 1)))


@cache
def _subsets(n, k):
    """All subsets of size k of n samples, one row of zeros and ones each."""
    rows = np.zeros((comb(n, k, exact=True), n))
    chosen = np.fromiter(chain.from_iterable(combinations(range(n), k)), int)
    np.put_along_axis(rows, chosen.reshape(-1, k), 1.0, axis=1)
    return rows


def _unit(weights, k):
    """Step of which the positive weights are multiples, and whether exactly so."""
    largest = np.sort(weights)[-k:].sum()
    for unit in (weights.min(initial=largest), *UNITS):
        whole = np.allclose(np.rint(weights / unit) * unit, weights, rtol=1e-12, atol=0)
        if whole and largest <= STEPS * unit:
            return unit, True
    return largest / STEPS, False


def _steps(weights, unit):
    """Whole numbers of steps, at least one; rounded so that the sum keeps its size."""
    ends = np.rint(np.cumsum(np.sort(weights)) / unit)
    return np.maximum(np.diff(ends, prepend=0), 1).astype(int)


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


def _weighted(answers, weights):
    """Checked answers and weights, both (n_problems, n_samples)."""
    answers, weights = _check.whole("answers", answers, least=-1), _check.finite("weights", weights)
    if answers.ndim != 2 or answers.shape != weights.shape:
        raise ValueError(f"answers {answers.shape} and weights {weights.shape} must have one "
                         "shape, (n_problems, n_samples)")
    _check.refuse(weights < 0, "weights", weights, "is negative")
    return answers, weights


def _subset_size(k, n):
    """k as an array of whole numbers, none above the samples n of any problem."""
    k = _check.whole("k", k, least=1)
    if (n < k.max()).any():
        problem = int(np.argmax(n < k.max()))
        raise ValueError(f"k = {k.max()} exceeds the {n[problem]} samples of problem {problem}")
    return k
