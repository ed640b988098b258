"""What a fit is, and what may be used of it."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .. import _check
from ..laws._beta_binomial import Edge
from ..laws._record import Law
from . import show
from .coordinates import Coordinates
from .exact import share_interval
from .inputs import asked, bind
from .objective import Counts
from .profile import Profile, profile
from .resample import Resampling, no_resampling


class Status(Enum):
    """What may be used of a fit.

    Examples
    --------
    >>> Status.NO_MAXIMUM.value
    'nothing beyond the samples drawn'
    """

    CONVERGED = "values and their errors"
    AT_BOUND = "values; errors only from resampling or a profile"
    NO_COVARIANCE = "values with care: a flat direction, the data do not fix every parameter"
    NO_MAXIMUM = "nothing beyond the samples drawn"
    ROBUST_LOSS = "values; errors only from resampling"
    FAILED = "nothing"


class Quantity(NamedTuple):
    """A number and the ends of its interval; NaN where there is no interval."""

    value: float | np.ndarray
    low: float | np.ndarray
    high: float | np.ndarray


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """Outcome of `fit_curve` or `fit_counts`."""

    law: Law
    values: dict[str, float]
    status: Status
    stderr: dict[str, float] | None  # None unless CONVERGED and the points are independent
    n_points: int  # points of a curve, problems of counts
    space: str  # where the residuals live
    reason: str = ""  # why the status is not CONVERGED; empty if it is
    weights: str = ""  # of the points of a curve: equal, or given
    loss: str = ""
    fixed: Mapping[str, float] = field(default_factory=dict)  # parameters that were held
    costs: tuple[float, ...] = ()  # from each start, best first
    spread: float = 0.0  # distance, in fitting coordinates, between starts with the best cost
    log_likelihood: float | None = None
    resampling: Resampling = no_resampling("no counts per problem were given")
    edge: Edge | None = None  # the limit, where no parameters reach the largest likelihood
    counts: Counts | None = None  # what was fitted, for profiles and comparisons

    @cached_property
    def place(self) -> Coordinates:
        """Fitting coordinates."""
        return Coordinates(self.law, self.fixed)

    @cached_property
    def intervals(self) -> dict[str, tuple[float, float]] | None:
        """Interval of each parameter, or None; the reason is in `why`.

        From resampled problems; from the profile of the likelihood for a parameter that sits on
        its bound, or whose resamples all agree. A held parameter has none.
        """
        ends = self.resampling.intervals(self.place)
        if ends is None:
            return None
        ends = {name: pair for name, pair in ends.items() if name not in self.fixed}
        if self.counts is None:
            return ends
        bound = dict(zip(self.law.names, self.place.at_bound(self._theta), strict=True))
        return {name: self.profile(name)[1:3] if bound[name] or low == high else (low, high)
                for name, (low, high) in ends.items()}

    @property
    def why(self) -> str:
        """Why there is no interval; empty if there is one."""
        return self.resampling.why

    @property
    def level(self) -> float:
        """Probability content of the intervals."""
        return self.resampling.level

    @property
    def n_problems(self) -> int | None:
        """Independent units that were resampled, or None."""
        return self.resampling.n_problems

    @property
    def note(self) -> str:
        """What the intervals are, and how often such intervals hold the truth."""
        return show.note(self)

    @cached_property
    def _theta(self):
        return self.place.to_theta(self.values)

    def predict(self, *inputs: ArrayLike, limit: bool = False, **named: ArrayLike) -> np.ndarray:
        """Value of the fitted law at the inputs, by position or by name.

        Parameters
        ----------
        limit : bool
            Of a fit of status NO_MAXIMUM, whether to give the limit of the law beyond the
            samples drawn.

        Raises
        ------
        ValueError
            If the fit failed, an input is missing or outside its range, or k exceeds the samples
            drawn where the counts say nothing beyond them.

        Examples
        --------
        >>> from scaling_utils import LAWS, fit_counts
        >>> fit = fit_counts(LAWS["beta_failure"], 4, [2, 2, 2, 2], n_resamples=0)  # one coin
        >>> float(fit.predict(2).round(6)), float(fit.predict(20, limit=True).round(6))
        (0.75, 0.999999)
        """
        inputs = bind(self.law, inputs, named)
        self._refuse_beyond(inputs, limit)
        return self.edge.coverage(*inputs) if self.edge else self.law(*inputs, **self.values)

    def predict_interval(self, *inputs: ArrayLike, level: float | None = None,
                         **named: ArrayLike) -> np.ndarray:
        """Low and high end of the prediction, at `level`: over resampled problems.

        Where every problem is solved by all of its samples or by none, the exact interval of
        Clopper and Pearson for the share of solved problems, one-sided if that is none or all.

        Raises
        ------
        ValueError
            As in `predict`, or if there is no interval.
        """
        inputs = bind(self.law, inputs, named)
        level = self._level(level)
        if self.edge is not None and self.edge.sure and self.edge.unique:
            self._refuse_beyond(inputs, False)
            return share_interval(self.counts, inputs[0], level)
        if self.why:
            raise ValueError(f"no interval: {self.why}")
        return self.resampling.ends(self.resampling.curves(self.place, inputs), level)

    def quantity(self, function: Callable, level: float | None = None) -> Quantity:
        """A number that follows from the parameters, with its interval over resampled problems.

        Parameters
        ----------
        function : callable
            Takes parameters by name, all of them or some.
        level : float, optional
            Content of the interval; left out, the fit's own.

        Returns
        -------
        Quantity
            value, low, high; low and high are NaN where the fit has no interval (see `why`).

        Raises
        ------
        ValueError
            If the function asks for a name that the law does not have, or the fit has no
            parameters to use.

        Examples
        --------
        >>> from scaling_utils import LAWS, fit_counts
        >>> fit = fit_counts(LAWS["beta_failure"], 9, [0, 1, 2, 3, 5, 8], n_resamples=0)
        >>> mean = fit.quantity(lambda alpha, beta: beta / (alpha + beta))
        >>> abs(mean.value - fit.predict(1)) < 1e-9
        np.True_
        """
        if self.status in (Status.FAILED, Status.NO_MAXIMUM):
            raise ValueError(f"{self.law.key}: no parameters to use: {self.reason}")
        level = self._level(level)
        value = function(**asked(function, self.values))
        if self.why:
            nothing = np.full(np.shape(value), np.nan)[()]
            return Quantity(value, nothing, nothing)
        return Quantity(value, *self.resampling.ends(self.draws(function), level))

    def draws(self, function: Callable) -> np.ndarray:
        """The function of the parameters for each resample of problems, along the first axis."""
        if self.why:
            raise ValueError(f"no resamples: {self.why}")
        names = list(asked(function, self.values))  # the same of every resample
        rows = self.place.to_values(self.resampling.theta)
        rows = rows[:, [self.law.names.index(name) for name in names]].tolist()
        return np.array([function(**dict(zip(names, row, strict=True))) for row in rows])

    def profile(self, name: str, level: float | None = None) -> Profile:
        """Profile of the likelihood of one parameter: interval (value, low, high) and curve.

        Raises
        ------
        ValueError
            If the parameter is unknown or held, or nothing but a curve was fitted, whose points
            share their problems.

        Examples
        --------
        >>> from scaling_utils import LAWS, fit_counts
        >>> fit = fit_counts(LAWS["beta_failure"], 9, [0, 1, 2, 3, 5, 8], n_resamples=0)
        >>> of = fit.profile("beta")
        >>> of.low < fit.values["beta"] < of.high
        True
        """
        if self.counts is None:
            raise ValueError("a curve has no profile: its points share their problems; resample")
        if self.status in (Status.FAILED, Status.NO_MAXIMUM):
            raise ValueError(f"{self.law.key}: no profile: {self.reason}")
        return profile(self.place, self.counts, self.values, name, self._level(level))

    def log_likelihoods(self) -> np.ndarray:
        """Log-likelihood of each distinct count, in the order of `counts`."""
        if self.counts is None:
            raise ValueError("a curve has no likelihood of counts")
        return self.law.difficulty.log_pmf(self.counts.n, self.counts.c, *self.values.values())

    def to_dict(self) -> dict:
        """The fit as plain numbers, words and dicts, ready for JSON."""
        return show.to_dict(self)

    def _level(self, level):
        return self.level if level is None else _check.between("level", level, 0, 1, inside=True)

    def _refuse_beyond(self, inputs, limit):
        """Refuse what the status does not allow."""
        if self.status is Status.FAILED:
            raise ValueError(f"the fit of {self.law.key} failed: nothing can be predicted")
        if self.status is not Status.NO_MAXIMUM:
            return
        drawn, known = self.counts.k_max, self.edge is None or self.edge.unique
        if (not limit or not known) and np.max(inputs[0]) > drawn:
            more = "predict(k, limit=True) gives the limit" if known else "no limit is singled out"
            raise ValueError(f"{self.law.inputs[0].name} = {np.max(inputs[0]):g} is beyond the "
                             f"{drawn:,} samples drawn, and {self.reason}; {more}")

    def __eq__(self, other):
        if not isinstance(other, Fit):
            return NotImplemented
        mine, others = self.resampling.theta, other.resampling.theta
        same = (mine is None) == (others is None) and (
            mine is None or np.array_equal(mine, others, equal_nan=True))
        return same and self._words() == other._words()

    def __hash__(self):
        return hash(self._words())

    def _words(self):
        return json.dumps(self.to_dict() | {"costs": self.costs, "spread": self.spread})

    def __repr__(self):
        values = ", ".join(f"{name}={value:.4g}" for name, value in self.values.items())
        return f"Fit({self.law.key}, {self.status.name}, {values})"

    def __str__(self):
        return show.text(self)

    def _repr_markdown_(self):
        return show.markdown(self)
