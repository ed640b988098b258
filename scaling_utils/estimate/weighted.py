"""Weighted votes among a random subset of the samples drawn."""
from __future__ import annotations

from functools import lru_cache, partial
from itertools import chain, combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import comb

from .. import _check
from ..data.samples import Samples
from ..numerics import ballot
from ._given import Rng, fixed, only_k
from .votes import plain_vote

STEPS = 1024  # of the lattice for sums of weights
UNITS = (1.0, 0.1, 0.01, 0.001)  # steps tried first
SUBSETS = 20_000  # so many are simply enumerated
BLOCK = 1 << 20  # numbers drawn at once
TIE = 1 - 1e-12  # sums that differ by less are equal


def weighted_majority_at_k(answers: ArrayLike | Samples, weights: ArrayLike | None = None,
                           k: ArrayLike | None = None, *, return_error: bool = False,
                           max_error: float = 1e-3, rng: Rng = 0
                           ) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
    """Chance that the correct answer has the largest sum of weights among k of the n samples.

    Parameters
    ----------
    answers : array_like of int, shape (n_problems, n_samples)
        Answer of each sample: 0 is the correct one, 1, 2, ... are wrong, -1 abstains. Or `Samples`
        with answers and scores in place of answers and weights.
    weights : array_like of float, same shape
        Weight of each sample's vote, for instance a score; not negative. Weights of samples that
        abstain are not looked at, so that the outcome of a search can be passed as it is.
    k : int or array_like of int
        Samples drawn without replacement from the n of a problem.
    return_error : bool
        Whether the standard error of each chance comes with it.
    max_error : float
        Largest standard error of a chance that is not exact.
    rng : int or Generator
        Of the subsets drawn where no exact way is short enough.

    Returns
    -------
    ndarray, shape (n_problems,) + shape(k)
        With `return_error` a second one of the same shape: 0 where the chance is exact, elsewhere
        at most `max_error`.

    Raises
    ------
    ValueError
        If shapes differ, an answer is not a whole number from -1 on, a weight is negative or not
        a number, or k exceeds n; the message names the problem.

    Notes
    -----
    Ties are split evenly, sums that differ by less than one part in 10^12 are tied, and a weight
    of 0 is an abstention. Samples that outweigh any k - 1 lighter ones decide whenever they are
    drawn; they are taken out one by one, exactly. What is left is exact where all weights are
    equal, where they are multiples of one step, at most 1024 of which make the largest sum, and
    where at most 20,000 subsets of size k can be enumerated. Otherwise random subsets are drawn,
    and the chance for weights rounded to 1024 steps, which is known exactly, serves as a control
    variate; drawing ends at a standard error of `max_error`, never with fewer subsets than its
    inverse.

    Examples
    --------
    >>> weighted_majority_at_k([[0, 1, 1]], [[0.9, 0.3, 0.3]], 3).tolist()  # 0.9 beats 0.6
    [1.0]
    """
    rows, k = _rows(answers, weights, k)
    how = _check.between("max_error", max_error, 0, 1, inside=True), _check.generator(rng)
    found = np.array([[_one(*row, int(size), *how) for size in k.ravel()] for row in rows])
    value, error = np.moveaxis(found, -1, 0).reshape(2, len(rows), *k.shape)
    return (value, error) if return_error else value


def _rows(answers, weights, k):
    """Checked answers and weights of each problem, and k."""
    if isinstance(answers, Samples):
        name = "weighted_majority_at_k"
        samples, k = fixed(name, answers), only_k(name, weights, k)
        answers, weights = samples.ballots(), samples.column("score")
        sizes = samples.n_samples
    else:
        answers, weights = _table(answers, weights)
        sizes = np.full(len(answers), answers.shape[1])
    weights = np.where(answers < 0, 0.0, weights)
    _check.refuse(~np.isfinite(weights), "weights", weights, "is not a finite number")
    _check.refuse(weights < 0, "weights", weights, "is negative")
    k, ends = _check.draws(k, sizes), np.cumsum(sizes)[:-1]
    rows = (np.split(x.ravel(), ends) for x in (answers, weights))
    return list(zip(*rows, strict=True)), k


def _table(answers, weights):
    """Both as arrays of one shape, (n_problems, n_samples)."""
    answers, weights = _check.whole("answers", answers, least=-1), _check.real("weights", weights)
    if answers.ndim != 2 or answers.shape != weights.shape:
        raise ValueError(f"answers {answers.shape} and weights {weights.shape} must have one "
                         "shape, (n_problems, n_samples)")
    return answers, weights


def _one(answers, weights, k, max_error, rng):
    """Chance and its standard error for one problem: samples that decide alone, then the rest."""
    order = np.argsort(-weights, kind="stable")
    answers, weights, n = answers[order], weights[order], len(order)
    value, left = 0.0, 1.0  # chance that no sample so far was drawn
    for i in range(n):
        lighter = weights[i + 1 : i + k]
        if weights[i] == 0 or left < 1e-18:
            return value, 0.0
        if (lighter / weights[i]).sum() >= TIE:
            break
        drawn = k / (n - i)
        value += left * drawn * (answers[i] == 0)
        left *= 1 - drawn
    else:
        return value, 0.0
    rest = np.maximum(weights[i:] / weights[i], np.finfo(float).tiny) * (weights[i:] > 0)
    chance, error = _undecided(answers[i:], rest, k, max_error / left, rng)
    return value + left * chance, left * error


def _undecided(answers, weights, k, max_error, rng):
    """The same where no single sample decides; the largest weight is 1."""
    n, voting = len(answers), weights > 0
    if not (answers[voting] == 0).any():
        return 0.0, 0.0
    names, codes = np.unique(np.append(0, answers[voting]), return_inverse=True)
    own = codes[1:]
    if (weights[voting] == 1).all():
        counts = np.bincount(own, minlength=len(names))
        return plain_vote(counts[0], counts[1:], n - counts.sum(), k), 0.0
    unit, exact = _unit(weights[voting], k)
    codes = np.zeros(n, int)
    codes[voting] = own
    if not exact and comb(n, k) <= min(SUBSETS, (1 << 25) / n):
        return _enumerated(codes, weights, len(names), k), 0.0
    steps = _steps(codes, weights, len(names), unit)
    known = _lattice(codes, steps, len(names), voting, k)
    if exact:
        return known, 0.0
    draw = partial(_drawn_wins, codes, (weights, steps), len(names), k, rng)
    return _sampled(draw, known, n // k, max_error)


def _unit(weights, k):
    """Step of which the positive weights are multiples, and whether exactly so."""
    largest = np.sort(weights)[-k:].sum()
    for unit in (weights.min(), *UNITS):
        if largest <= STEPS * unit and np.allclose(np.rint(weights / unit) * unit, weights,
                                                   rtol=1e-12, atol=0):
            return unit, True
    return largest / STEPS, False


def _steps(codes, weights, n_answers, unit):
    """Whole numbers of steps, rounded so that the sum of an answer's samples keeps its size."""
    steps = np.zeros(len(weights), int)
    for answer in range(n_answers):
        own = np.flatnonzero(codes == answer)
        own = own[np.argsort(weights[own], kind="stable")]
        steps[own] = np.diff(np.rint(np.cumsum(weights[own]) / unit), prepend=0).astype(int)
    return steps


def _lattice(codes, steps, n_answers, voting, k):
    """Exact chance for whole numbers of steps."""
    n = len(codes)
    groups = [steps[voting & (codes == a)] for a in range(n_answers)]
    most, limit = (int(np.sort(s)[-k:].sum()) for s in (np.concatenate(groups), groups[0]))

    def masses(z):
        mass = np.stack([ballot.sums(group, limit + 1, k / n, z) for group in groups])
        return mass, (1 - k / n + k / n * z) ** (n - voting.sum())

    return ballot.win(masses, (n_answers, limit + 1), np.ones(n_answers - 1, int),
                      lambda g: most // g - 1, n=n, k=k)


def _wins(sums):
    """Whether answer 0 has the largest sum of each row, ties split evenly; no sum is no win."""
    best = sums.max(axis=1, keepdims=True)
    tied = (sums >= best * TIE) & (best > 0)
    return tied[:, 0] / np.maximum(tied.sum(axis=1), 1)


def _enumerated(codes, weights, n_answers, k):
    """The mean over all subsets of size k."""
    columns = np.zeros((len(codes), n_answers))
    columns[np.arange(len(codes)), codes] = weights
    subsets = _subsets(len(codes), k)
    parts = np.array_split(subsets, 1 + subsets.size // BLOCK)
    return float(np.mean(np.concatenate([_wins(part @ columns) for part in parts])))


@lru_cache(maxsize=2)
def _subsets(n, k):
    """All subsets of size k of n samples, one row of flags each; at most 32 MB."""
    fewer = min(k, n - k)
    chosen = np.fromiter(chain.from_iterable(combinations(range(n), fewer)), int)
    chosen = chosen.reshape(comb(n, k, exact=True), fewer)
    rows = np.full((len(chosen), n), fewer < k, float if len(chosen) * n <= BLOCK else bool)
    np.put_along_axis(rows, chosen, fewer == k, axis=1)
    return rows


def _sampled(draw, known, each, max_error):
    """Mean over random subsets, with the vote by steps, of known chance, as control variate."""
    pairs, needed = np.zeros((2, 0)), int(1 / (each * max_error)) + 2
    while True:
        pairs = np.hstack([pairs, draw(needed - pairs.shape[1])])
        if pairs.shape[1] < needed:
            continue
        mean, error = _controlled(*pairs, known, 1 / (pairs.shape[1] * each))
        if error <= max_error:
            return float(np.clip(mean, 0, 1)), error
        needed = int(1.05 * pairs.shape[1] * (error / max_error) ** 2) + 1


def _drawn_wins(codes, weights, n_answers, k, rng, size):
    """Wins by each of the weights in random subsets of k, as means over those of one order."""
    n, size = len(codes), min(size, max(1, BLOCK // len(codes)))
    orders = rng.permuted(np.tile(np.arange(n), (size, 1)), axis=1)
    chosen = orders[:, : n // k * k].reshape(-1, k)  # disjoint subsets of each order
    at = (np.arange(len(chosen))[:, None] * n_answers + codes[chosen]).ravel()
    sums = [np.bincount(at, w[chosen].ravel(), len(chosen) * n_answers) for w in weights]
    wins = [_wins(x.reshape(-1, n_answers)) for x in sums]
    return np.reshape(wins, (2, size, -1)).mean(axis=2)


def _controlled(wins, control, known, least):
    """Mean of wins corrected by what the control misses of its known mean, and standard error."""
    spread = control.var()
    slope = np.mean((wins - wins.mean()) * (control - control.mean())) / spread if spread else 0.0
    rest = wins - slope * (control - known)
    return rest.mean(), max(rest.std() / np.sqrt(len(rest)), least)
