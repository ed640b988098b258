"""What can be bought: a model with what is known of it, and its price."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..data.samples import Samples
from ..fit.record import Fit
from ..forecasting.record import Forecast
from .costs import Cost

# strategies that samples allow
BUILT_IN = ("single", "oracle", "first_success", "majority", "best_of_n")


@dataclass(frozen=True, eq=False)
class Search:
    """A search measured at some sizes: success of each problem, and what it cost.

    Parameters
    ----------
    name : str
        The strategy's name in the plan.
    k : array_like of int, shape (n_k,)
        Size of the search, as its solutions.
    correct : array_like, shape (n_problems, n_k)
        Chance that the answer chosen is right, 0 to 1.
    cost_per_problem : array_like, shape (n_k,)
        Mean cost, tokens of pruned branches and of scoring included, in the candidate's unit.
    problem : iterable, optional
        Names; left out, the problems are numbered from 0.

    Raises
    ------
    ValueError
        If shapes do not match, a chance is not between 0 and 1, or a cost is not positive.

    Examples
    --------
    >>> Search("beam", [4], [[1.0], [0.0]], [2e9]).correct.mean()
    np.float64(0.5)
    """

    name: str
    k: ArrayLike
    correct: ArrayLike
    cost_per_problem: ArrayLike
    problem: Iterable | None = None

    def __post_init__(self):
        k = np.atleast_1d(_check.whole("k", self.k, least=1))
        cost = np.atleast_1d(_check.amount("cost_per_problem", self.cost_per_problem, True))
        table = _check.finite("correct", self.correct)
        _check.between("correct", table, 0, 1)
        if table.ndim != 2 or table.shape[1:] != k.shape or cost.shape != k.shape:
            raise ValueError(f"search {self.name!r}: k {k.shape}, correct {table.shape} and "
                             f"cost_per_problem {cost.shape} must be (n_k,), (n_problems, n_k) "
                             "and (n_k,)")
        names = range(len(table)) if self.problem is None else self.problem
        names = np.array([str(name) for name in names])
        if len(set(names)) != len(table):
            raise ValueError(f"search {self.name!r}: problem must name each of the {len(table)} "
                             "rows once")
        for name, value in (("k", k), ("correct", table), ("cost_per_problem", cost),
                            ("problem", names)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True, eq=False)
class Candidate:
    """A model that could be bought: what is known of it, and the cost of its samples.

    Parameters
    ----------
    name : str
    data : Samples, (n_samples, n_correct), Forecast or Fit
        Samples with answers allow votes, with scores best of n. A forecast or a fitted law of
        coverage allows the oracle alone. Problems are the same where their names are; counts
        without names are numbered, so all candidates must give them in one order.
    cost : Cost
    scorer : Cost, optional
        What scoring adds for best of n; left out, scores are free.
    searches : sequence of Search
    history : sequence of samples
        Other models, for forecasts beyond the samples (see `forecast`).

    Raises
    ------
    ValueError
        If the data are of no known kind, a price is no `Cost`, or units are mixed.

    Examples
    --------
    >>> Candidate("small", (10, [0, 3, 7]), Cost("usd", 0.01)).samples.n_correct.tolist()
    [0, 3, 7]
    """

    name: str
    data: Any
    cost: Cost
    scorer: Cost | None = None
    searches: tuple[Search, ...] = ()
    history: tuple = field(default=(), repr=False)

    def __post_init__(self):
        object.__setattr__(self, "searches", tuple(self.searches))
        object.__setattr__(self, "history", tuple(self.history))
        if not isinstance(self.cost, Cost):
            raise ValueError(f"candidate {self.name!r}: cost = {self.cost!r} must be a Cost, as "
                             "Cost.of_tokens(...) or Cost.of_flops(...)")
        if not isinstance(self.data, (Samples, Forecast, Fit)):
            object.__setattr__(self, "data", _samples(self.name, self.data))
        if self.scorer is not None:
            self.cost.plus(self.scorer)
        taken = [*BUILT_IN, *(search.name for search in self.searches)]
        if len(set(taken)) < len(taken):
            raise ValueError(f"candidate {self.name!r}: searches need names of their own, "
                             f"each once, and not {', '.join(BUILT_IN)}")
        if isinstance(self.data, Fit):
            _covers(self.name, self.data)

    @property
    def samples(self) -> Samples | None:
        """The samples, if that is what is known."""
        return self.data if isinstance(self.data, Samples) else None


def _samples(name, data):
    """A pair of counts as `Samples`, or an error that names the candidate."""
    try:
        n, c = data
    except (TypeError, ValueError):
        raise ValueError(f"candidate {name!r}: data must be Samples, (n_samples, n_correct), a "
                         f"Forecast or a Fit, not {type(data).__name__}") from None
    return Samples.from_counts(n, c)


def _covers(name, fit):
    """Refuse a fit of something else than coverage over samples."""
    inputs = [s.name for s in fit.law.inputs]
    if inputs != ["k"] or fit.law.output.name != "c":
        raise ValueError(f"candidate {name!r}: {fit.law.key} gives {fit.law.output.name} of "
                         f"{', '.join(inputs)}; a plan needs coverage c of k samples")
