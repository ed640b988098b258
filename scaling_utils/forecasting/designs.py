"""How samples were drawn: distinct counts, the design they fit, the coverage they show."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..estimate.coverage import pass_at_k

STOPPED = 5  # problems that all stopped once solved: no accident


@dataclass(frozen=True)
class Evidence:
    """Distinct counts of a set of problems, and the design that made them."""

    n: np.ndarray  # (n_counts,) samples
    c: np.ndarray  # (n_counts,) of them correct
    times: np.ndarray  # (n_counts,) problems with this count
    design: str = "fixed"  # or "first_success", "adaptive"
    batch: int = 1  # samples between two looks, first success alone

    @property
    def n_problems(self) -> int:
        """Number of problems."""
        return int(self.times.sum())

    @property
    def n_solved(self) -> int:
        """Number of problems with a correct sample."""
        return int(self.times[self.c > 0].sum())

    @property
    def horizon(self) -> int:
        """Largest k up to which the samples themselves show coverage.

        The smallest n; where sampling stopped at a success, the first problem still open.
        """
        if self.design == "first_success":
            return int(min(self.n[self.c == 0], default=self.n.max()))
        return int(self.n.min())

    @property
    def seen(self) -> float:
        """Share of problems with a correct sample."""
        return self.n_solved / self.n_problems


def read(samples) -> Evidence:
    """Evidence from a `Samples` record, or from a pair (n_samples, n_correct).

    Parameters
    ----------
    samples : Samples or (array_like of int, array_like of int)
        A pair is taken as drawn by a fixed plan: n was not chosen for what came out.

    Returns
    -------
    Evidence

    Raises
    ------
    ValueError
        If a count is impossible or the counts contradict the design; the message names the design.

    Examples
    --------
    >>> read((10, [0, 3, 3])).times.tolist()
    [1, 2]
    """
    if isinstance(samples, Evidence):
        return samples
    design, batch = getattr(samples, "design", None) or "fixed", getattr(samples, "batch", None)
    n, c = arrays(samples)
    _design(n, c, design, int(batch or 1), getattr(samples, "cap", None))
    top = int(n.max()) + 1
    codes, times = np.unique(n * top + c, return_counts=True)
    return Evidence(*np.divmod(codes, top), times, design, int(batch or 1))


def arrays(samples) -> tuple[np.ndarray, np.ndarray]:
    """Checked (n_samples, n_correct), one entry per problem in the order given."""
    pair = samples.counts() if hasattr(samples, "counts") else samples
    try:
        n, c = pair
    except (TypeError, ValueError):
        raise ValueError("samples must be a Samples record or a pair (n_samples, n_correct)") \
            from None
    n, c = (np.atleast_1d(v) for v in np.broadcast_arrays(*_check.counts(n, c)))
    if n.ndim > 1:
        raise ValueError(f"n_correct is {n.shape}: give one count per problem; "
                         "of 0/1 outcomes take .sum(axis=1)")
    return n, c


def _design(n, c, design, batch, cap):
    """Refuse counts that the design cannot give."""
    if design not in ("fixed", "first_success", "adaptive"):
        raise ValueError(f"design {design!r} is unknown: fixed, first_success or adaptive")
    if design == "first_success":
        cap = np.inf if cap is None else int(cap)
        name = "design 'first_success':"
        _check.refuse(n > cap, f"{name} n_samples", n, f"is above the cap {cap}")
        _check.refuse((n % batch != 0) & (n != cap), f"{name} n_samples", n,
                      f"is no whole number of batches of {batch}")
        last = np.where(n % batch == 0, batch, n % batch)
        _check.refuse(c > last, f"{name} n_correct", c,
                      "exceeds the last batch: sampling stops after a batch with a success")
        _check.refuse((c == 0) & (n < cap) & np.isfinite(cap), f"{name} n_samples", n,
                      f"ends without a success below the cap {cap}: sampling would have gone on")
    if design == "fixed":
        refuse_stopped(n, c)


def refuse_stopped(n_samples: ArrayLike, n_correct: ArrayLike) -> None:
    """Refuse counts of a fixed plan in which every problem that ended early is solved.

    Parameters
    ----------
    n_samples, n_correct : array_like of int, shape (n_problems,)

    Raises
    ------
    ValueError
        If at least five problems have fewer samples than the rest, all of them are solved, and
        some problem is not: averages over such counts are no coverage.

    Examples
    --------
    >>> refuse_stopped([10, 10, 4], [0, 2, 0])  # one ended early, unsolved: no sign of a rule
    """
    n, c = np.asarray(n_samples), np.asarray(n_correct)
    early = n < n.max()
    if early.sum() >= STOPPED and c[early].all() and (c == 0).any():
        raise ValueError(
            f"design 'fixed': all {int(early.sum())} problems with fewer than {n.max()} samples "
            "are solved, as if sampling stopped at a success; give Samples.from_counts(..., "
            "design='first_success', batch=...) or design='adaptive', on the command line "
            "--design first-success --batch ... or --design adaptive"
        )


def curve(evidence: Evidence, k: ArrayLike) -> np.ndarray:
    """Coverage seen at k samples: unbiased pass@k, or the share solved by k under first success.

    Parameters
    ----------
    evidence : Evidence
    k : array_like of int, shape (n_points,)
        At most the smallest n for a fixed plan; for first success whole batches, or within the
        first one.

    Returns
    -------
    ndarray, shape (n_points,)

    Raises
    ------
    ValueError
        If k exceeds the samples, or the design is adaptive: then no average is unbiased.

    Examples
    --------
    >>> curve(read((2, [0, 1])), [1, 2]).tolist()
    [0.25, 0.5]
    """
    k, share = np.atleast_1d(k), evidence.times / evidence.n_problems
    if evidence.design == "adaptive":
        raise ValueError("design 'adaptive': who was sampled on depends on what came out, "
                         "so no average of counts is unbiased")
    if evidence.design == "fixed":
        return share @ pass_at_k(evidence.n, evidence.c, k)
    solved = (evidence.c > 0)[:, None] & (evidence.n[:, None] <= k)
    first = np.where(evidence.n <= evidence.batch, evidence.c, 0)
    inside = np.minimum(k, evidence.batch)
    within = pass_at_k(np.minimum(evidence.n, evidence.batch), first, inside)
    return share @ np.where(k <= evidence.batch, within, solved)
