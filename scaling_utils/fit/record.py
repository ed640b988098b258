"""What a fit is, what may be used of it, and the search from several starts."""
from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import lmfit
import numpy as np

from ..laws._record import Law
from ..numerics import newton
from .resample import Resampling, no_resampling

EXACT = 1e-28  # costs below are rounding alone: equal, and the run with errors comes first


class Status(Enum):
    """What may be used of a fit."""

    CONVERGED = "values and their errors"
    AT_BOUND = "values; errors only from resampling or a profile"
    NO_COVARIANCE = "values with care: a flat direction, the data do not fix every parameter"
    ROBUST_LOSS = "values; errors only from resampling"
    FAILED = "nothing"


@dataclass(frozen=True)
class Fit:
    """Outcome of `fit_curve` or `fit_counts`."""

    law: Law
    values: dict[str, float]
    status: Status
    stderr: dict[str, float] | None  # None unless CONVERGED and the points are independent
    space: str  # where the residuals live, and their weights
    n_points: int  # points of a curve, problems of counts
    costs: tuple[float, ...]  # from each start, best first
    spread: float  # distance, in fitting coordinates, between starts that reach the best cost
    log_likelihood: float | None = None
    resampling: Resampling = no_resampling("no counts per problem were given")
    stand_in: dict[str, float] | None = None  # finite values that predict like a limit

    @property
    def intervals(self):
        """Interval of each parameter from resampled problems, or None; the reason is in `why`."""
        return self.resampling.intervals(self.law)

    @property
    def why(self):
        """Why there is no interval; empty if there is one."""
        return self.resampling.why

    @property
    def level(self):
        """Probability content of the intervals."""
        return self.resampling.level

    @property
    def n_problems(self):
        """Independent units that were resampled, or None."""
        return self.resampling.n_problems

    def predict(self, *inputs):
        """Value of the fitted law at the inputs."""
        if self.status is Status.FAILED:
            raise ValueError(f"the fit of {self.law.key} failed: nothing can be predicted")
        return self.law(*inputs, **(self.stand_in or self.values))

    def predict_interval(self, *inputs):
        """Low and high end of the prediction over resampled problems, at `level`."""
        return self.resampling.predict(self.law, *inputs)

    def _repr_markdown_(self):
        rows = [
            f"| ${s.tex}$ | {_digits(self.values[s.name])} | {self._error(s.name)} "
            f"| {self._interval(s.name)} |"
            for s in self.law.params
        ]
        head = [
            f"| parameter | value | standard error | {100 * self.level:g} % interval |",
            "|---|---|---|---|",
        ]
        notes = [f"{self.law.title}; {self.space}; {self.n_points} points.",
                 f"Status {self.status.name}: use {self.status.value}.", self.resampling.note]
        return "\n".join([*head, *rows, "", *notes])

    def _error(self, name):
        return _digits(self.stderr[name], 2) if self.stderr else "-"

    def _interval(self, name):
        return "{} to {}".format(*map(_digits, self.intervals[name])) if self.intervals else "-"


def _digits(x, n=4):
    return f"{x:.{n}g}"


def search(law, residual, starts, fixed, **method):
    """Best of one lmfit run from each start: values, status, costs, and the spread over starts."""
    runs = [_run(law, residual, newton.to_theta(law, start), fixed, method) for start in starts]
    runs.sort(key=lambda run: (max(run.chisqr, EXACT), not getattr(run, "errorbars", False)))
    thetas = [np.array([*run.params.valuesdict().values()]) for run in runs]
    values = [newton.to_values(law, theta) for theta in thetas]
    good = [run.chisqr <= runs[0].chisqr * (1 + 1e-6) + 1e-12 for run in runs]
    away = np.abs(np.array(thetas)[good] - thetas[0])
    status, stderr = _status(law, runs[0], thetas[0], values[0])
    costs = tuple(float(run.chisqr) for run in runs)
    return Fit(law, law.named(values[0]), status, stderr, "", 0, costs, float(away.max()))


def _run(law, residual, theta, fixed, method):
    """One lmfit run in fitting coordinates; a start on a bound is moved inside."""
    params = lmfit.Parameters()
    inside = [np.clip(t, low + 1e-6, high - 1e-6)
              for t, low, high in zip(theta, *newton.box(law), strict=True)]
    for name, value, start in zip(law.names, theta, inside, strict=True):
        held = name in fixed
        params.add(name, value=float(value if held else start), vary=not held)
    for name, low, high in zip(law.names, *newton.box(law), strict=True):
        params[name].set(min=low, max=high)
    return lmfit.minimize(
        lambda p: residual(np.array([*p.valuesdict().values()])), params, **method
    )


def _status(law, run, theta, values):
    """Status of one lmfit run, and standard errors if it has any that mean something."""
    if not run.success or not np.isfinite(run.chisqr):
        return Status.FAILED, None
    vary = np.array([p.vary for p in run.params.values()])
    if np.any(at_bound(law, theta) & vary):
        return Status.AT_BOUND, None
    if not getattr(run, "errorbars", False):
        return Status.NO_COVARIANCE, None
    errors = np.array([p.stderr or 0.0 for p in run.params.values()])
    if np.any(errors > np.subtract(*newton.box(law)[::-1])):
        return Status.NO_COVARIANCE, None  # an error beyond the whole range of a parameter
    return Status.CONVERGED, law.named(errors * np.where([s.log for s in law.params], values, 1.0))


def at_bound(law, theta):
    """Which fitting coordinates sit on a bound; the box of a logarithm counts as one."""
    near = np.array([1e-2 if s.log else 1e-6 for s in law.params])
    lower, upper = newton.box(law)
    return (theta - lower < near) | (upper - theta < near)


def check_fixed(law, fixed):
    """Fixed parameters, all of them known to the law."""
    unknown = set(fixed or {}) - set(law.names)
    if unknown:
        raise ValueError(f"fixed names {sorted(unknown)}, but {law.key} has {list(law.names)}")
    return dict(fixed or {})
