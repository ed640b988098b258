"""Best of n: exact accuracy of the highest score among a random subset of scored samples."""
from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..data.samples import Samples
from ._given import fixed, only_k
from .coverage import log_fail_at_k


def best_of_n(scores: ArrayLike | Samples, correct: ArrayLike | None = None,
              n: ArrayLike | None = None) -> np.ndarray:
    """Sum over ranks r of y_r C(N - r, n - 1) / C(N, n): accuracy of the best scored of n samples.

    Parameters
    ----------
    scores : array_like of float, shape (n_problems, n_samples)
        Higher is better, minus infinity the worst; a single row is one problem. Or `Samples` with
        scores in place of scores and correct.
    correct : array_like of bool or 0/1, same shape
    n : int or array_like of int
        Samples drawn without replacement from the n_samples = N of a problem.

    Returns
    -------
    ndarray, shape (n_problems,) + shape(n)
        Chance that the highest score among n random samples belongs to a correct one.

    Raises
    ------
    ValueError
        If shapes differ, a score is not a number or plus infinity, a label is neither 0 nor 1, or
        n exceeds n_samples; the message names the problem.

    Notes
    -----
    Rank 1 is the highest score. y_r is the share of correct samples among all of a problem with
    the same score, since any of them is as likely to be drawn and chosen: ties are averaged.

    Examples
    --------
    >>> best_of_n([[0.9, 0.5]], [[0, 1]], [1, 2]).tolist()  # the better score is wrong
    [[0.5, 0.0]]
    """
    if isinstance(scores, Samples):
        samples, n = fixed("best_of_n", scores), only_k("best_of_n", correct, n)
        n = _check.draws(n, samples.counts()[0], name="n")
        cuts = np.cumsum(samples.n_samples)[:-1]
        rows = (np.split(x, cuts) for x in (samples.column("score"), samples.rows.correct))
        return np.concatenate([_best_of_n(*row, n) for row in zip(*rows, strict=True)])
    return _best_of_n(scores, correct, n)


def _best_of_n(scores, correct, n):
    """`best_of_n` of problems with one number of samples."""
    scores, correct = _labelled(scores, correct)
    n_samples = scores.shape[-1]
    n = _check.draws(n, np.array([n_samples]), name="n")
    missed = np.exp(log_fail_at_k(n_samples, np.arange(n_samples + 1), n))  # none of the r best
    first = (missed[:-1] - missed[1:]).reshape(n_samples, -1)  # rank r is the best drawn
    by_rank = np.stack([_by_rank(*row) for row in zip(scores, correct, strict=True)])
    return np.clip(by_rank @ first, 0, 1).reshape(len(scores), *n.shape)


def _by_rank(scores, correct):
    """Share of correct samples at the score of each rank, highest first."""
    _, level, times = np.unique(-scores, return_inverse=True, return_counts=True)
    return np.repeat(np.bincount(level, correct) / times, times)


def _labelled(scores, correct):
    """Both as float arrays (n_problems, n_samples), or an error that names problem and sample."""
    scores, correct = _check.real("scores", scores), _check.finite("correct", correct)
    if scores.ndim == correct.ndim == 1:
        scores, correct = scores[None], correct[None]
    if scores.shape != correct.shape or scores.ndim != 2 or not scores.size:
        raise ValueError(f"scores {scores.shape} and correct {correct.shape} must have one shape, "
                         "(n_problems, n_samples), and hold a sample")
    _check.refuse(np.isnan(scores), "scores", scores, "is not a number")
    _check.refuse(scores == np.inf, "scores", scores, "is infinite")
    _check.refuse((correct != 0) & (correct != 1), "correct", correct, "is neither 0 nor 1")
    return scores, correct
