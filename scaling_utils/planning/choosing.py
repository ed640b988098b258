"""The choice among curves: cheapest that reaches a target, or best that a budget pays for."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .costs import ROUNDING
from .curves import Curve

DIGITS = 9  # accuracies that agree to so many are equal: sums of fractions are rounded


@dataclass(frozen=True)
class Pick:
    """A curve and the place on it that would be bought; `rank` sorts, the smallest is best."""

    curve: Curve
    at: int
    rank: tuple

    @property
    def value(self) -> float:
        """Accuracy."""
        return float(self.curve.value[self.at])

    @property
    def cost(self) -> float:
        """Cost per problem."""
        return float(self.curve.cost[self.at])

    @property
    def draws(self) -> np.ndarray | None:
        """Draws of the accuracy."""
        return None if self.curve.draws is None else self.curve.draws[:, self.at]


def within(curve: Curve, budget: float | None) -> np.ndarray:
    """Places on the curve that can be paid and have a value."""
    paid = np.ones(curve.k.size, bool) if budget is None else (
        curve.cost <= budget * (1 + ROUNDING))
    return np.flatnonzero(paid & np.isfinite(curve.value))


def best(curve: Curve, budget: float | None) -> Pick | None:
    """The most accurate place within a budget, the cheaper of equals; None if nothing is paid."""
    places = within(curve, budget)
    if not places.size:
        return None
    at = int(places[np.argmax(np.round(curve.value[places], DIGITS))])
    return Pick(curve, at, (-round(float(curve.value[at]), DIGITS), curve.cost[at]))


def cheapest(curve: Curve, target: float, budget: float | None,
             confidence: float | None) -> Pick | None:
    """The cheapest place that reaches the target; None if none does.

    Without a confidence the value has to reach it, with one that share of the draws.
    """
    places = within(curve, budget)
    places = places[reached(curve, target, confidence)[places]]
    if not places.size:
        return None
    at = int(places[np.argmin(curve.cost[places])])
    return Pick(curve, at, (curve.cost[at], -curve.value[at]))


def distinct(picks: list[Pick]) -> list[Pick]:
    """In the order of rank; of one model's single samples the first, whatever their strategy."""
    kept, single = [], set()
    for pick in sorted(picks, key=lambda p: p.rank):
        alone = pick.curve.k[pick.at] == 1
        if not (alone and pick.curve.model in single):
            kept.append(pick)
        if alone:
            single.add(pick.curve.model)
    return kept


def reached(curve: Curve, target: float, confidence: float | None) -> np.ndarray:
    """Whether each place reaches the target."""
    if confidence is None:
        return curve.value >= target - ROUNDING
    if curve.draws is None:
        raise ValueError(f"confidence = {confidence:g} needs intervals, and {curve.model!r} is a "
                         "fitted law without: leave confidence out")
    return (curve.draws >= target - ROUNDING).mean(axis=0) >= confidence


def p_better(choice: Pick, other: Pick, target: float | None, budget: float | None) -> float:
    """Share of draws in which the other is better, ties as halves; NaN without draws.

    For a budget: more accurate, each at its own k. For a target: cheaper, each at the least k
    that reaches the target in that draw; who never reaches it costs infinitely much.
    """
    if choice.draws is None or other.draws is None:
        return float("nan")
    mine, others = (p.draws if target is None else -least_cost(p.curve, target, budget)
                    for p in (choice, other))
    with np.errstate(invalid="ignore"):  # two that never reach it
        alike = (others == mine) | (np.abs(others - mine) <= ROUNDING * np.abs(mine))
    return float(np.mean((others > mine) & ~alike) + alike.mean() / 2)


def least_cost(curve: Curve, target: float, budget: float | None) -> np.ndarray:
    """Cost at which each draw reaches the target; infinite where it does not."""
    places = within(curve, budget)
    paid = curve.cost if curve.cost_draws is None else curve.cost_draws
    cost = np.where(curve.draws[:, places] >= target - ROUNDING, paid[..., places], np.inf)
    return cost.min(axis=1, initial=np.inf)
