"""Runs on the same problems: differences of coverage at each k, and where curves may cross."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .. import _check
from ..data.samples import Samples
from ._given import Rng
from .coverage import pass_at_k
from .intervals import over_problems


@dataclass(frozen=True, eq=False)
class PairedCoverage:
    """Coverage of the first run minus that of the second, at each k, with a band."""

    first: str
    second: str
    k: np.ndarray  # (n_k,) samples per problem
    coverage: np.ndarray  # (2, n_k), of the first and of the second
    difference: np.ndarray  # (n_k,)
    low: np.ndarray  # ends of the band, which holds all k of all pairs at once
    high: np.ndarray
    level: float
    n_problems: int
    note: str  # how the band was made

    @property
    def ahead(self) -> np.ndarray:
        """1 where the first is ahead for sure, -1 where the second is, 0 where neither."""
        return (self.low > 0).astype(int) - (self.high < 0)

    @property
    def may_cross(self) -> np.ndarray:
        """The k at which the curves may cross: the band holds no difference."""
        return self.k[self.ahead == 0]

    @property
    def tied(self) -> bool:
        """Whether neither run is ahead at any k."""
        return not self.ahead.any()

    def table(self) -> pd.DataFrame:
        """One row per k: both coverages, difference, band, and who is ahead."""
        who = np.array([self.second, "neither", self.first], object)[self.ahead + 1]
        return pd.DataFrame({
            "first": self.first, "second": self.second, "k": self.k,
            "coverage_first": self.coverage[0], "coverage_second": self.coverage[1],
            "difference": self.difference, "low": self.low, "high": self.high, "ahead": who})


def paired_coverage(runs: Mapping[str, Samples], k: ArrayLike | None = None, *,
                    level: float = 0.95, n_resamples: int = 1000,
                    rng: Rng = 0) -> tuple[PairedCoverage, ...]:
    """Mean over problems of pass@k of one run minus pass@k of another, for each pair of runs.

    Parameters
    ----------
    runs : mapping of name to Samples
        Two or more, of the same problems by name, in any order; see `shared` where they differ.
    k : array_like of int, optional
        Samples per problem, at most the smallest n of all runs; left out, 1, 2, 5, 10, ... up to
        it.
    level, n_resamples, rng :
        Of the band, see `over_problems`: problems are drawn again, for all runs alike.

    Returns
    -------
    tuple of PairedCoverage
        In the order of the runs: first and second, first and third, ..., second and third.

    Raises
    ------
    ValueError
        If there are fewer than two runs, their problems differ, k exceeds an n, or samples were
        not drawn by a fixed design.

    Notes
    -----
    One band holds all differences at all k at once. Where it holds zero the data do not say which
    run is ahead; curves cross, if at all, at such k.

    Examples
    --------
    >>> weak = Samples.from_counts(2, [0, 0, 1, 1])
    >>> strong = Samples.from_counts(2, [1, 1, 2, 2])
    >>> (pair,) = paired_coverage({"strong": strong, "weak": weak}, [1, 2])
    >>> pair.difference.tolist()
    [0.5, 0.5]
    """
    runs = _aligned(runs)
    least = min(int(samples.n_samples.min()) for samples in runs.values())
    k = usual_k(least) if k is None else np.atleast_1d(_check.whole("k", k, least=1)).ravel()
    tables = {name: pass_at_k(samples, k) for name, samples in runs.items()}
    pairs = list(combinations(runs, 2))
    first, second = (np.stack([tables[pair[i]] for pair in pairs], axis=1) for i in (0, 1))
    band = over_problems(first, paired=second, level=level, n_resamples=n_resamples, rng=rng,
                         simultaneous=True)
    low, high = np.clip(band.low, -1, 1), np.clip(band.high, -1, 1)
    return tuple(
        PairedCoverage(*pair, k, np.stack([tables[name].mean(axis=0) for name in pair]),
                       band.value[i], low[i], high[i], level, band.n_problems, band.note)
        for i, pair in enumerate(pairs))


def shared(runs: Mapping[str, Samples]) -> dict[str, Samples]:
    """The problems that all runs have, in the order of the first.

    Parameters
    ----------
    runs : mapping of name to Samples

    Returns
    -------
    dict of Samples

    Raises
    ------
    ValueError
        If fewer than two problems are in all runs.

    Examples
    --------
    >>> one = Samples.from_counts(2, [0, 1, 2], problem=["a", "b", "c"])
    >>> two = Samples.from_counts(2, [2, 2, 0], problem=["c", "a", "d"])
    >>> [samples.n_correct.tolist() for samples in shared({"one": one, "two": two}).values()]
    [[0, 2], [2, 2]]
    """
    sets = [set(samples.problem) for samples in runs.values()]
    common = set.intersection(*sets) if sets else set()
    if len(common) < 2:
        raise ValueError(f"{len(common)} problems are in all of the {len(sets)} runs, by name: "
                         "give runs on the same problems")
    order = [name for name in next(iter(runs.values())).problem if name in common]
    return {name: _ordered(samples, order) for name, samples in runs.items()}


def usual_k(most: int) -> np.ndarray:
    """1, 2, 5, 10, 20, 50, ... up to `most`, and `most`.

    Examples
    --------
    >>> usual_k(25).tolist()
    [1, 2, 5, 10, 20, 25]
    """
    steps = (np.array([1, 2, 5]) * 10 ** np.arange(10)[:, None]).ravel()
    return np.append(steps[steps < most], most)


def _ordered(samples, order):
    """The problems of these names in this order."""
    place = {name: i for i, name in enumerate(samples.problem)}
    return samples.take(np.array([place[name] for name in order]))


def _aligned(runs):
    """The runs with their problems in one order, or an error that names what differs."""
    if len(runs) < 2:
        raise ValueError(f"{len(runs)} run cannot be compared: give two or more")
    first, *others = runs
    names = list(runs[first].problem)
    for other in others:
        differ = set(names) ^ set(runs[other].problem)
        if differ:
            one = next(name for name in (*names, *runs[other].problem) if name in differ)
            raise ValueError(f"runs {first!r} and {other!r} differ in {len(differ)} problems, for "
                             f"instance {one!r}: take those that all have, shared(runs)")
    return {name: _ordered(samples, names) for name, samples in runs.items()}
