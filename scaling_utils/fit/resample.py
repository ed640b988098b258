"""Intervals from resampling problems: the problem, not the point or the sample, is the unit."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..numerics import newton

LOST = 0.01  # share of resamples without a maximum that an interval tolerates


@dataclass(frozen=True)
class Resampling:
    """Refits to resampled problems, in fitting coordinates."""

    theta: np.ndarray | None  # converged refits, shape (n, n_params)
    n_resamples: int
    n_unconverged: int
    n_problems: int | None
    level: float
    why: str  # why there is no interval; empty if there is one

    @property
    def note(self):
        """One sentence for the table of a fit."""
        if self.why:
            return f"No interval: {self.why}."
        return (f"Interval from {self.n_resamples} resamples of {self.n_problems} problems, "
                f"{self.n_unconverged} of them without a maximum.")

    def _ends(self, draws):
        tail = (1 - self.level) / 2
        return np.quantile(draws, [tail, 1 - tail], axis=0)

    def intervals(self, law):
        """Interval of each parameter, or None."""
        if self.why:
            return None
        ends = self._ends(newton.to_values(law, self.theta)).T
        return {n: (float(a), float(b)) for n, (a, b) in zip(law.names, ends, strict=True)}

    def predict(self, law, *inputs):
        """Low and high end of the law at the inputs, or an error that says why there is none."""
        if self.why:
            raise ValueError(f"no interval: {self.why}")
        params = np.moveaxis(newton.to_values(law, self.theta), -1, 0)
        shape = (-1,) + (1,) * np.ndim(inputs[0])
        values = law.f(*(np.asarray(x, float) for x in inputs), *(p.reshape(shape) for p in params))
        return self._ends(values)


def no_resampling(why, level=0.95):
    """A `Resampling` without refits, and the reason."""
    return Resampling(None, 0, 0, None, level, why)


def resample_counts(law, n, c, times, theta, fixed, n_resamples, level, rng):
    """Refit a difficulty law to resampled problems; distinct counts with multinomial weights."""
    if not n_resamples:
        return no_resampling("no resamples were asked for", level)
    n_problems = int(times.sum())
    weights = np.random.default_rng(rng).multinomial(n_problems, times / n_problems, n_resamples)
    terms = newton.count_terms(law, n, c, weights.astype(float))
    rows = np.tile(theta, (n_resamples, 1))
    return _refit(law, terms, rows, fixed, n_problems, n_resamples, level)


def resample_curve(law, inputs, table, theta, transform, scale, fixed, n_resamples, level, rng):
    """Refit a curve to the coverage of resampled problems; `table` is (n_problems, n_points)."""
    if not n_resamples:
        return no_resampling("no resamples were asked for", level)
    n_problems = len(table)
    share = np.full(n_problems, 1 / n_problems)
    weights = np.random.default_rng(rng).multinomial(n_problems, share, n_resamples) / n_problems
    targets = transform(weights @ table)
    targets = targets[np.isfinite(targets).all(axis=1)]  # the others count as unconverged
    terms = newton.curve_terms(law, inputs, targets, 1 / scale, transform)
    rows = np.tile(theta, (len(targets), 1))
    return _refit(law, terms, rows, fixed, n_problems, n_resamples, level)


def _refit(law, terms, rows, fixed, n_problems, n_resamples, level):
    """Batched refits from the full-data fit; those without a maximum inside are counted."""
    good = rows[:0]
    if len(rows):
        theta, converged = newton.maximise(terms, rows, *newton.box(law, fixed))
        edge = np.where([s.log for s in law.params], newton.REACH - 1e-2, np.inf)
        good = theta[converged & (np.abs(theta) < edge).all(axis=1)]
    lost = n_resamples - len(good)
    why = f"{lost} of {n_resamples} resamples have no maximum" if lost > LOST * n_resamples else ""
    return Resampling(good, n_resamples, lost, n_problems, level, why)
