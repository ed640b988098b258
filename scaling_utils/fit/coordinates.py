"""Fitting coordinates: the logarithms of positive parameters, the others as they are; their box."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..laws._record import Law

REACH = 23.0  # a logarithmic coordinate is kept within exp(-23) and exp(23)
NEAR_LOG, NEAR = 1e-2, 1e-6  # closer than this is on the edge of the box, or on a bound
OPEN = 16.0  # a likelihood that still rises there has no maximum: shown as zero or infinity


@dataclass(frozen=True)
class Coordinates:
    """Where a law is fitted: log p for a parameter marked `log`, else p; some of them held.

    Raises
    ------
    ValueError
        If `fixed` names an unknown parameter, or a value outside its bounds.

    Examples
    --------
    >>> from scaling_utils import LAWS
    >>> place = Coordinates(LAWS["beta_failure"], {"beta": 1.0})
    >>> place.to_theta({"alpha": 1.0, "beta": 7.0}).tolist()  # log 1, and what is held
    [0.0, 0.0]
    >>> place.free.tolist()
    [True, False]
    """

    law: Law
    fixed: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self):
        unknown = set(self.fixed) - set(self.law.names)
        if unknown:
            raise ValueError(f"fixed names {sorted(unknown)}, but {self.law.key} has "
                             f"{list(self.law.names)}")
        for s in self.law.params:
            if s.name in self.fixed:
                _check_held(s, self.fixed[s.name])

    @cached_property
    def logs(self) -> np.ndarray:
        """Which parameters are fitted as their logarithm."""
        return np.array([s.log for s in self.law.params])

    @cached_property
    def free(self) -> np.ndarray:
        """Which parameters are fitted at all."""
        return np.array([name not in self.fixed for name in self.law.names])

    @cached_property
    def box(self) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper bounds of all coordinates, held or not."""
        ends = [(-REACH, REACH) if s.log else s.bounds for s in self.law.params]
        return tuple(np.array(ends, float).T)

    @cached_property
    def lower(self) -> np.ndarray:
        """Lower bounds; what is held has no room."""
        return np.where(self.free, self.box[0], self._held)

    @cached_property
    def upper(self) -> np.ndarray:
        """Upper bounds; what is held has no room."""
        return np.where(self.free, self.box[1], self._held)

    @cached_property
    def _held(self):
        values = [float(self.fixed.get(name, 1.0)) for name in self.law.names]
        return np.array([np.log(v) if log else v for v, log in zip(values, self.logs, strict=True)])

    def to_values(self, theta: np.ndarray) -> np.ndarray:
        """Parameters from coordinates, along the last axis."""
        return np.where(self.logs, np.exp(np.where(self.logs, theta, 0.0)), theta)

    def to_theta(self, values: Mapping[str, float]) -> np.ndarray:
        """Coordinates of a dict of parameters, inside the box; what is held is held."""
        pairs = list(zip(self.law.params, self.logs, strict=True))
        with np.errstate(divide="ignore"):  # a parameter at zero is moved to the edge of the box
            theta = [np.log(values[s.name]) if log else values[s.name] for s, log in pairs]
        return np.clip(theta, self.lower, self.upper)

    def named(self, theta: np.ndarray) -> dict[str, float]:
        """Parameters by name; a logarithm that ran away is zero or infinity."""
        values, far = self.to_values(theta), self.ran_away(theta)
        return self.law.named(np.where(far, np.where(theta > 0, np.inf, 0.0), values))

    def ran_away(self, theta: np.ndarray) -> np.ndarray:
        """Which free logarithms a climb of a likelihood carried beyond any scale of the data."""
        return self.free & self.logs & (np.abs(theta) > OPEN)

    def at_edge(self, theta: np.ndarray) -> np.ndarray:
        """Which free logarithms ended on the edge of the box: nothing stopped them before."""
        return self.free & self.logs & (np.abs(theta) > REACH - NEAR_LOG)

    def at_bound(self, theta: np.ndarray) -> np.ndarray:
        """Which free coordinates sit on a bound; the edge of the box counts as one."""
        near = np.where(self.logs, NEAR_LOG, NEAR)
        return self.free & ((theta - self.box[0] < near) | (self.box[1] - theta < near))

    def errors(self, theta: np.ndarray, deviations: np.ndarray) -> dict[str, float]:
        """Standard errors of the parameters from those of the coordinates."""
        return self.law.named(deviations * np.where(self.logs, self.to_values(theta), 1.0))

    def uncertain(self, deviations: np.ndarray) -> list[str]:
        """Positive parameters known to less than a factor e: their error exceeds their value."""
        bad = self.free & self.logs & (deviations > 1)
        return [name for name, flag in zip(self.law.names, bad, strict=True) if flag]


def _check_held(symbol, value):
    """A held value inside the bounds of its parameter."""
    low, high = symbol.bounds
    try:
        value = float(value)
    except (TypeError, ValueError):
        raise ValueError(f"fixed {symbol.name} = {value!r} is not a number") from None
    if not np.isfinite(value):
        raise ValueError(f"fixed {symbol.name} = {value} is not a finite number")
    if symbol.log and value <= 0:
        raise ValueError(f"fixed {symbol.name} = {value:g} must be positive")
    if value < low and low == 0:
        raise ValueError(f"fixed {symbol.name} = {value:g} is negative")
    if not low <= value <= high:
        raise ValueError(f"fixed {symbol.name} = {value:g} is outside {low:g} to {high:g}")
