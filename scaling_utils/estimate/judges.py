"""What is left of a rate, or of coverage, when the judge errs at rates known from an audit."""
from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .. import _check
from ..data.samples import Samples
from ._given import Rng, counts_and_k
from .coverage import pass_at_k
from .intervals import ALIKE, over_problems

Audit = tuple[int, int]  # samples whose truth is known, and how many of them the judge accepted


@dataclass(frozen=True, eq=False)
class Corrected:
    """A share corrected for the errors of its judge; arrays where it was asked for several k."""

    value: float | np.ndarray
    low: float | np.ndarray
    high: float | np.ndarray
    level: float
    reported: float | np.ndarray  # what the judge says
    false_positive_rate: float
    sensitivity: float  # share of the right samples that is accepted
    draws: np.ndarray = field(repr=False)

    @property
    def ends(self) -> np.ndarray:
        """Low and high end, shape (2,) + shape(value)."""
        return np.stack([self.low, self.high])


def corrected_rate(accepted: np.typing.ArrayLike, *, right: Audit, wrong: Audit,
                   level: float = 0.95, n_resamples: int = 4000, rng: Rng = 0) -> Corrected:
    """Success rate (u - f) / (s - f) behind a share u accepted by a judge that errs.

    Parameters
    ----------
    accepted : array_like, shape (n_problems,)
        Share of the samples of each problem that the judge accepts.
    right, wrong : (n_judged, n_accepted)
        An audit: of so many samples known to be right, or wrong, the judge accepted so many; their
        shares are its sensitivity s and its false-positive rate f.
    level, n_resamples, rng :
        Content of the interval, number of resamples, seed or generator.

    Returns
    -------
    Corrected
        The value is kept between 0 and 1; the interval holds the errors of problems and of audit.
        Where all problems agree its ends are those of `over_problems` at the ends of the audited
        rates, and NaN where these agree too.

    Raises
    ------
    ValueError
        If a share is outside 0 to 1, an audit is impossible, or the audit does not show, at the
        level asked for, that the judge accepts right samples more often than wrong ones.

    Notes
    -----
    The estimator of Rogan and Gladen (1978). Problems are resampled; an audited rate is drawn half
    from Beta(x, m - x + 1) and half from Beta(x + 1, m - x), whose outer quantiles are the limits
    of Clopper and Pearson (1934).

    Examples
    --------
    >>> found = corrected_rate([0.4, 0.6] * 50, right=(100, 90), wrong=(100, 10))
    >>> round(found.value, 3), found.low < 0.5 < found.high  # (0.5 - 0.1) / (0.9 - 0.1)
    (0.5, True)
    """
    rng = _check.generator(rng)
    _check.between("accepted", accepted, 0, 1)
    seen = over_problems(accepted, level=level, n_resamples=n_resamples, rng=rng)
    (s, s_draws), (f, f_draws) = (_audited(name, audit, n_resamples, rng)
                                  for name, audit in (("right", right), ("wrong", wrong)))
    if np.mean(s_draws <= f_draws) > (1 - level) / 2:
        raise ValueError(f"right = {right} and wrong = {wrong} do not show that the judge accepts "
                         "right samples more often than wrong ones: audit more of both")
    value, draws = _rate(seen.value, s, f), _rate(seen.draws, s_draws, f_draws)
    (s_low, s_high), (f_low, f_high) = _ends(s_draws, level), _ends(f_draws, level)
    low, high = map(float, _never_a_point(
        seen.draws, draws, level,
        (_rate(seen.low, s_high, f_high), _rate(seen.high, s_low, f_low))))
    return Corrected(float(value), low, high, level, seen.value, f, s, draws)


def corrected_coverage(n_samples: np.typing.ArrayLike | Samples,
                       n_correct: np.typing.ArrayLike | None = None,
                       k: np.typing.ArrayLike | None = None, *, wrong: Audit, level: float = 0.95,
                       n_resamples: int = 4000, rng: Rng = 0) -> Corrected:
    """Coverage 1 - L(k) / (1 - f)^k behind a reported share unsolved, L, of a judge that errs.

    Parameters
    ----------
    n_samples, n_correct : array_like of int, shape (n_problems,)
        Samples and accepted samples; or `Samples` in place of both.
    k : array_like of int
    wrong : (n_judged, n_accepted)
        Of so many samples known to be wrong the judge accepted so many. It is supposed to accept
        all right ones, and wrong ones of all problems at one rate f.
    level, n_resamples, rng :
        As in `corrected_rate`.

    Returns
    -------
    Corrected
        Kept between 0 and 1: at zero false positives alone explain all that is solved. Ends as in
        `corrected_rate`.

    Raises
    ------
    ValueError
        As in `pass_at_k` and `over_problems`, or if the audit is impossible.

    Examples
    --------
    >>> found = corrected_coverage(100, [0, 50] * 40, 10, wrong=(1000, 10))
    >>> round(float(found.reported), 3), round(float(found.value), 3)  # 1 - 0.5 / 0.99^10
    (0.5, 0.447)
    """
    n, c, k = counts_and_k("corrected_coverage", n_samples, n_correct, k)
    n, c = _check.problem_counts(n, c)
    rng = _check.generator(rng)
    seen = over_problems(pass_at_k(n, c, k), level=level, n_resamples=n_resamples, rng=rng)
    f, f_draws = _audited("wrong", wrong, n_resamples, rng)
    value, draws = _solved(seen.value, f, k), _solved(seen.draws, f_draws, k)
    f_low, f_high = _ends(f_draws, level)
    low, high = _never_a_point(
        seen.draws, draws, level, (_solved(seen.low, f_high, k), _solved(seen.high, f_low, k)))
    return Corrected(value[()], low[()], high[()], level, seen.value, f, 1.0, draws)


def _rate(accepted, s, f):
    """(u - f) / (s - f), kept between 0 and 1."""
    return np.clip((accepted - f) / np.maximum(s - f, 1e-12), 0, 1)


def _solved(reported, f, k):
    """1 - (1 - c) / (1 - f)^k, at least 0; f of shape () or (n_resamples,)."""
    with np.errstate(over="ignore"):  # nothing is left then
        swell = np.exp(-np.multiply.outer(np.log1p(-f), np.asarray(k, float)))
        return 1 - np.minimum((1 - reported) * swell, 1)


def _never_a_point(seen, draws, level, corners):
    """Percentiles; where all problems, or all resamples, agree, what the ends of both errors give.

    Where these agree too there is no interval, NaN.
    """
    low, high = _ends(draws, level)
    stuck = (np.ptp(seen, axis=0) < ALIKE) | (high - low < ALIKE)
    low, high = (np.where(stuck, corner, end)
                 for corner, end in zip(corners, (low, high), strict=True))
    none = ~(high - low > 0)
    return np.where(none, np.nan, low), np.where(none, np.nan, high)


def _audited(name, audit, size, rng):
    """Rate of an audit, and draws that carry its error."""
    try:
        judged, accepted = (int(_check.whole(name, number)) for number in audit)
    except TypeError:
        raise ValueError(f"{name} = {audit!r} must be two numbers: judged, accepted") from None
    if not 0 <= accepted <= judged or judged == 0:
        raise ValueError(f"{name} = {audit}: of {judged} judged samples {accepted} cannot have "
                         "been accepted; give (n_judged, n_accepted)")
    if name == "wrong" and accepted == judged:
        raise ValueError(f"wrong = {audit}: a judge that accepts every wrong sample says nothing")
    more = np.arange(size) % 2  # of the two betas, one draw each in turn
    a, b = accepted + more, judged - accepted + 1 - more
    inner = rng.beta(np.maximum(a, 1e-300), np.maximum(b, 1e-300))
    return accepted / judged, np.where(a == 0, 0.0, np.where(b == 0, 1.0, inner))


def _ends(draws, level):
    """Percentiles of the draws."""
    return np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
