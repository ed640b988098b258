"""`forecast`: coverage at more samples than were drawn, and how sure one can be."""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..data.samples import Samples
from . import bank as banks
from . import designs, line, methods, predictive, record
from . import history as histories
from .joint import joint_draws
from .record import Forecast
from .seal import fingerprint

METHODS = ("average", "bank")
MOVED = 600  # laws made from those of other models
MOST = 5000  # problems whose order is used
PULLED, WITHOUT = 0.1, 0.1  # of the draws with other models: to each line, and without them


def forecast(samples: Samples | tuple, k: ArrayLike, *, history: Sequence | None = None,
             method: str = "average", level: float = 0.9, question: str = "these",
             rng: int | np.random.Generator = 0) -> Forecast:
    """Coverage at k samples: 1 - mean over problems of E[(1 - p)^k | counts], many laws averaged.

    Parameters
    ----------
    samples : Samples or (n_samples, n_correct)
        Counts per problem.
    k : array_like of int, shape (n_k,)
        Samples per problem, up to 10^9. As far as the samples go (the smallest n) it is the exact
        estimator, with the interval for k fresh samples.
    history : sequence of samples, optional
        Other models, sampled longer. On the same problems (by name, else in the same order) both
        their laws of difficulty and the order of the problems are used; on others the laws alone.
    method : str
        "average" (half of the draws from the bank of laws; a quarter each moved, with their spread,
        to one of two straight lines in log(-log coverage), see `line.targets`), "bank" (the laws
        alone), "log_log" (the line as published), "brown" (the same by least squares of coverage
        itself), or the key of a coverage law with a likelihood, for example "beta_failure": its
        interval is a bootstrap of problems, and knows of no other law.
    level : float
        Content of the interval, between 0 and 1.
    question : str
        "these" (sampling goes on, solved stays solved), "fresh" (k new samples of each of these
        problems) or "new set" (as many other problems of the same kind).
    rng : int or numpy.random.Generator

    Returns
    -------
    Forecast

    Raises
    ------
    ValueError
        If a count is impossible, the counts contradict the design, or an option is unknown.

    Examples
    --------
    >>> f = forecast((100, [0] * 30 + [1, 2, 5, 9, 14, 30, 70]), 1000)
    >>> bool(f.seen < f.low[0] + 0.01), bool(f.low[0] < f.median[0] < f.high[0])
    (True, True)
    """
    evidence = designs.read(samples)
    k = np.atleast_1d(_check.whole("k", k, least=1)).ravel()
    level = float(level)
    _options(method, question, level)
    rng = np.random.default_rng(rng)
    if history is not None:
        if method != "average":
            raise ValueError(f"method {method!r} takes no history: method='average' does")
        draws = _with_history(samples, history, evidence, k, question, rng)
        return _record(evidence, k, question, method, level, draws, (), len(history))
    draws, shares = _average(evidence, k, question, rng, pulled=method == "average")
    beyond = k > evidence.horizon
    if method not in METHODS and beyond.any():
        alone = methods.draws(method, evidence, k[beyond], question, rng)
        index = rng.integers(alone.shape[1], size=draws.shape[1])
        draws[beyond], shares = alone[:, index], ()
    return _record(evidence, k, question, method, level, draws, shares)


def _options(method, question, level):
    """Refuse options that mean nothing."""
    if question not in predictive.QUESTIONS:
        raise ValueError(f"question {question!r} is unknown: {', '.join(predictive.QUESTIONS)}")
    known = (*METHODS, *methods.names())
    if method not in known:
        raise ValueError(f"method {method!r} is unknown: {', '.join(known)}")
    if not 0 < level < 1:
        raise ValueError(f"level = {level:g} must be between 0 and 1")


def _average(evidence, k, question, rng, pulled):
    """Draws of coverage from the bank at each k, shape (n_k, n_draws), and shares of variance."""
    bank = banks.bank()
    like = predictive.log_likelihood(bank, evidence.n, evidence.c, evidence.times)
    index = predictive.choose(predictive.weights(bank, like))
    draws, shares = from_laws(bank, index, evidence, k, question, rng)
    if not pulled:
        return draws, shares
    moved = pull(draws, evidence, k, question, rng)
    return moved, tuple(_with_lines(*row) for row in zip(shares, draws, moved, strict=True))


def _with_lines(shares, draws, moved):
    """Shares of variance when the lines are among the laws to choose from."""
    added = max(1 - draws.var() / moved.var(), 0) if moved.var() else 0
    shares = {name: share * (1 - added) for name, share in shares.items()}
    return shares | {"choice of law": shares["choice of law"] + added}


def _with_history(samples, others, evidence, k, question, rng):
    """Draws with other models: their laws as a prior, and on the same problems the joint law."""
    bank, pairs = banks.bank(), histories.align(samples, others)
    n, c = designs.arrays(samples)
    like = predictive.log_likelihood(bank, evidence.n, evidence.c, evidence.times)
    index = predictive.choose(predictive.weights(bank, like, histories.prior(pairs, bank)))
    draws, _ = from_laws(bank, index, evidence, k, question, rng)
    if question == "new set" or n.size > MOST or any(pair[0].size != n.size for pair in pairs):
        return draws
    known = histories.read(pairs, bank, MOVED, rng)
    asked = ["fresh" if at <= evidence.horizon and question == "these" else question for at in k]
    joint = joint_draws(n, c, known, bank, k, asked, rng)
    alone, _ = _average(evidence, k, question, rng, pulled=True)
    return guard(mixed(joint, draws, 0.5, rng), alone, evidence, k, question, rng)


def mixed(draws, others, share, rng):
    """Draws of which a share comes from other draws."""
    pick = rng.permutation(draws.shape[1]) < share * draws.shape[1]
    return np.where(pick, others[:, rng.integers(others.shape[1], size=pick.size)], draws)


def guard(draws, alone, evidence, k, question, rng):
    """Draws with other models, a tenth moved to each line, a tenth drawn without the others.

    Other models narrow a forecast by more than they deserve where difficulty has several humps.
    """
    return mixed(pull(draws, evidence, k, question, rng, PULLED), alone, WITHOUT, rng)


def from_laws(bank, index, evidence, k, question, rng):
    """The same for laws already chosen: one draw for each entry of `index`, nothing moved."""
    rows, back = np.unique(index, return_inverse=True)
    laws = bank.laws[rows]
    out, shares, places = np.empty((k.size, len(index))), [], predictive.luck(len(index), rng)
    for i, at in enumerate(k):
        asked = "fresh" if at <= evidence.horizon and question == "these" else question
        mean, spread = (v[back] for v in predictive.moments(laws, evidence, at, asked))
        out[i] = predictive.draws(mean, spread, evidence, asked, places)
        shares.append(predictive.shares(bank, index, mean, spread))
    return out, tuple(shares)


def pull(draws, evidence, k, question, rng, share=0.25):
    """For each straight line a share of the draws moved so that their median is on it."""
    beyond, moved = k > evidence.horizon, draws.copy()
    least = evidence.seen if question == "these" else 0.0
    middle, place = np.median(draws, axis=1), rng.permutation(draws.shape[1]) / draws.shape[1]
    for i, target in enumerate(line.targets(evidence, k)):
        pick = np.ix_(beyond, (i * share <= place) & (place < (i + 1) * share))
        moved[pick] = np.clip(draws[pick] + (target - middle)[beyond, None], least, 1)
    return moved


def _record(evidence, k, question, method, level, draws, shares, history=0):
    """The record: median or the exact estimator, and interval out to whole problems."""
    inside = k <= evidence.horizon
    counted = (~inside & (question == "these")) | (question == "new set")
    low, high = record.ends(draws, level, counted * evidence.n_problems)
    median = np.median(draws, axis=1)
    if inside.any() and evidence.design != "adaptive":
        median[inside] = designs.curve(evidence, k[inside])
        low, high = np.minimum(low, median), np.maximum(high, median)
    if evidence.n_solved < record.FEW:
        median = np.where(inside, median, np.nan)
    return Forecast(k, question, method, level, evidence.seen, median, low, high, shares,
                    evidence.n_problems, evidence.n_solved,
                    (int(evidence.n.min()), int(evidence.n.max())), history,
                    fingerprint(evidence), inside, counted, draws)
