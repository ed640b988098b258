"""When to stop asking: rules that end a vote early, replayed on answers in the order they came."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc, betaln

from .. import _check


@dataclass(frozen=True)
class Tally:
    """A vote after each answer, arrays of shape (n_votes, n_max).

    `leader` has the most answers so far, among equals the one that got there first; it is -1 while
    nothing could be read.
    """

    answers: np.ndarray
    leader: np.ndarray
    first: np.ndarray  # answers for the leader
    second: np.ndarray  # answers for the best of the others

    @property
    def left(self) -> np.ndarray:
        """Answers still to come, shape (n_max,)."""
        return np.arange(self.answers.shape[1])[::-1]


@dataclass(frozen=True)
class Stopped:
    """Where each vote ended, arrays of shape (n_votes,)."""

    n_drawn: np.ndarray
    answer: np.ndarray


def tally(answers: ArrayLike) -> Tally:
    """Leader and runner-up of each vote after every answer.

    Parameters
    ----------
    answers : array_like of int, shape (n_votes, n_max)
        Codes of the answers in the order in which they came; -1 could not be read and is no vote.

    Raises
    ------
    ValueError
        If the array is not of two dimensions, or a code is fractional or below -1.

    Examples
    --------
    >>> vote = tally([[7, 3, 3, -1]])
    >>> vote.leader.tolist(), vote.first.tolist(), vote.second.tolist()
    ([[7, 7, 3, 3]], [[1, 1, 2, 2]], [[0, 1, 1, 1]])
    """
    answers = _check.whole("answers", answers, least=-1)
    if answers.ndim != 2 or not answers.size:
        raise ValueError(f"answers {answers.shape} must be (n_votes, n_max)")
    rows, codes = np.arange(len(answers)), np.unique(answers)
    place = np.searchsorted(codes, answers)
    counts = np.zeros((len(answers), len(codes)), int)
    leader, (first, second) = np.full(len(answers), -1), np.zeros((2, len(answers)), int)
    out = np.empty((3, *answers.shape), int)
    for t, answer in enumerate(answers.T):
        read = answer >= 0
        counts[rows, place[:, t]] += read
        count = counts[rows, place[:, t]] * read
        passed = (count > first) & (answer != leader)
        second = np.where(passed, first, np.where(answer == leader, second,
                                                  np.maximum(second, count)))
        leader, first = np.where(passed, answer, leader), np.maximum(first, count)
        out[:, :, t] = leader, first, second
    return Tally(answers, *out)


def posterior(vote: Tally, level: float = 0.95) -> np.ndarray:
    """P(theta > 1/2) >= level, theta ~ Beta(first + 1, second + 1): leader against runner-up alone.

    The rule of Aggarwal et al. (2023), adaptive consistency.

    Examples
    --------
    >>> posterior(tally([[5, 5, 5, 5]])).tolist()  # 1 - 1/2^(v + 1) after v equal answers
    [[False, False, False, True]]
    """
    level = _share("level", level)
    return betainc(vote.second + 1.0, vote.first + 1.0, 0.5) >= level


def certified(vote: Tally, error: float = 0.05) -> np.ndarray:
    """E >= 1 / error, E the mean of (2 theta)^first (2 - 2 theta)^second over theta in (1/2, 1).

    For each answer that is no more frequent than another, E against that other is a martingale or
    falls, so at any number of looks it reaches 1 / error with chance `error` at most: with two
    answers the chance to stop with the rarer one, with more of them that for each rival.

    Examples
    --------
    >>> certified(tally([[4] * 8])).tolist()[0]
    [False, False, False, False, False, False, True, True]
    """
    if not 0 < error < 1:
        raise ValueError(f"error = {error} must lie between 0 and 1")
    a, b = vote.first + 1.0, vote.second + 1.0
    log_mean = (a + b - 1) * np.log(2) + betaln(a, b)
    return log_mean + np.log(betainc(b, a, 0.5)) >= -np.log(error)


def window(vote: Tally, size: int = 5) -> np.ndarray:
    """The last `size` answers agree, looked at after every `size`-th: early-stopping windows.

    The rule of Li et al. (2024). An answer that could not be read agrees with nothing.

    Examples
    --------
    >>> window(tally([[1, 2, 2, 2]]), 2).tolist()
    [[False, False, False, True]]
    """
    size = int(_check.whole("size", size, least=2))
    answers = vote.answers
    stop = np.zeros(answers.shape, bool)
    for end in range(size, answers.shape[1] + 1, size):
        part = answers[:, end - size:end]
        stop[:, end - 1] = (part >= 0).all(axis=1) & (part == part[:, :1]).all(axis=1)
    return stop


def lead(vote: Tally, margin: int = 3) -> np.ndarray:
    """first - second >= margin: a sequential likelihood-ratio test of two nearly equal shares.

    With p0 = 1/2 and p1 = 1/2 + d the log-likelihood ratio of Lee et al. (2025) is 2 d times the
    lead up to terms in d^2, and with the thresholds of their code that is a lead of three.

    Examples
    --------
    >>> lead(tally([[4, 4, 1, 4, 4]])).tolist()
    [[False, False, False, False, True]]
    """
    return vote.first - vote.second >= int(_check.whole("margin", margin, least=1))


def share(vote: Tally, level: float = 0.8) -> np.ndarray:
    """first / drawn >= level after two answers or more: a fixed share of the votes.

    One of the rules that Aggarwal et al. (2023) compare theirs with.

    Examples
    --------
    >>> share(tally([[4, 1, 4, 4, 4]])).tolist()
    [[False, False, False, False, True]]
    """
    level = _share("level", level)
    drawn = np.arange(1, vote.answers.shape[1] + 1)
    return (vote.first >= level * drawn - 1e-9) & (drawn > 1)


def decided(vote: Tally) -> np.ndarray:
    """first - second > answers left: nothing to come can change the leader, so nothing is lost.

    Examples
    --------
    >>> decided(tally([[4, 4, 4, 1, 1]])).tolist()  # three against at most two
    [[False, False, True, True, True]]
    """
    return vote.first - vote.second > vote.left


def stop_vote(vote: Tally, rule: Callable[[Tally], np.ndarray]) -> Stopped:
    """Answers drawn until the rule says stop, or all of them, and the leader at that time.

    Parameters
    ----------
    vote : Tally
    rule : callable
        Of this module, or any function of a `Tally` to booleans of shape (n_votes, n_max).

    Examples
    --------
    >>> stopped = stop_vote(tally([[4, 4, 4, 1, 1], [1, 4, 1, 4, 4]]), lead)
    >>> stopped.n_drawn.tolist(), stopped.answer.tolist()
    ([3, 5], [4, 4])
    """
    stop = np.asarray(rule(vote), bool)
    if stop.shape != vote.answers.shape:
        raise ValueError(f"rule gave {stop.shape}, not one boolean per answer, "
                         f"{vote.answers.shape}")
    last = np.where(stop.any(axis=1), stop.argmax(axis=1), stop.shape[1] - 1)
    return Stopped(last + 1, vote.leader[np.arange(len(last)), last])


def _share(name, value):
    """A level between one half and one."""
    if not 0.5 < value < 1:
        raise ValueError(f"{name} = {value} must lie between 1/2 and 1")
    return value
