"""A plan as a record: the choice, the runner-up, how sure it is, and a table with units."""
from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .choosing import Pick
from .costs import Cost
from .curves import Curve
from .verdicts import Verdict

UNITS = {"flops": "FLOPs", "card_seconds": "card seconds"}


@dataclass(frozen=True)
class Option:
    """One thing to buy: a model, a strategy and a number of samples."""

    model: str
    strategy: str
    needs: str  # of whoever uses it
    k: int  # samples per problem
    cost_per_problem: float  # in the plan's unit
    tokens_per_sample: float | None
    accuracy: float
    low: float
    high: float
    beyond_samples: bool  # whether the accuracy is a forecast

    @classmethod
    def of(cls, pick: Pick) -> Option:
        """The option at a place of a curve."""
        c, at = pick.curve, pick.at
        return cls(c.model, c.strategy, c.needs, int(c.k[at]), float(c.cost[at]),
                   c.unit.tokens_per_sample, float(c.value[at]), float(c.low[at]),
                   float(c.high[at]), bool(c.beyond[at]))


@dataclass(frozen=True, eq=False)
class Plan:
    """Which model, strategy and number of samples to buy, and how sure that is.

    Examples
    --------
    >>> from scaling_utils import Candidate, plan
    >>> model = Candidate("one", (20, [0, 1, 2, 9] * 20), Cost("usd", 0.001))
    >>> plan([model], budget=0.005).choice.k  # five samples at a tenth of a cent
    5
    """

    target: float | None
    budget: float | None  # per problem, in `unit`
    unit: str  # "flops", "card_seconds" or a currency
    level: float  # of all intervals
    choice: Option
    runner_up: Option | None
    p_runner_up_better: float  # share of resamples; NaN without a runner-up, or an interval
    p_target: float  # share of resamples in which the choice reaches the target; NaN without one
    doubt: Verdict = field(repr=False)
    price_of_cap: tuple[float, float, float]  # accuracy lost to the budget: value, low, high
    options: tuple[Option, ...] = field(repr=False)  # the best of each model and strategy
    assumes: tuple[str, ...] = field(repr=False)
    curves: tuple[Curve, ...] = field(default=(), repr=False)

    @property
    def column(self) -> str:
        """Name of the column of costs, with the unit in it."""
        return Cost(self.unit, 1.0).column

    @property
    def verdict(self) -> str:
        """In words: what to buy, what it reaches, and whether the data decide."""
        c = self.choice
        asked = (f"To reach {self.target:g}" if self.target is not None
                 else f"Within {self.money(self.budget)} per problem")
        reach = (f"{c.accuracy:.3f} ({c.low:.3f} to {c.high:.3f}; {100 * self.level:g} % interval)"
                 if np.isfinite(c.low) else f"{c.accuracy:.3f}")
        head = (f"{asked}: {c.model}, {c.strategy}, {c.k:,} samples, "
                f"{self.money(c.cost_per_problem)} per problem, accuracy {reach}.")
        if np.isfinite(self.p_target):
            head += f" It reaches the target in {100 * self.p_target:.0f} % of the resamples."
        if self.runner_up is not None:
            other, p = self.runner_up, self.p_runner_up_better
            chance = f"; better in {100 * p:.0f} % of the resamples" if np.isfinite(p) else ""
            head += (f" Runner-up: {other.model}, {other.strategy}, {other.k:,} samples, "
                     f"{self.money(other.cost_per_problem)}{chance}.")
        return f"{head} {self.doubt.text}"

    def money(self, amount: float) -> str:
        """An amount with its unit."""
        return f"{amount:.3g} {UNITS.get(self.unit, self.unit.upper())}"

    def table(self) -> pd.DataFrame:
        """A row for the best of each model and strategy: units stand in the names of columns."""
        rows = [asdict(option) for option in self.options]
        return pd.DataFrame(rows).rename(columns={"cost_per_problem": self.column}).assign(
            is_choice=[option == self.choice for option in self.options])

    def curve_table(self) -> pd.DataFrame:
        """A row for every model, strategy and k that was compared."""
        parts = [pd.DataFrame({"model": c.model, "strategy": c.strategy, "k": c.k,
                               self.column: c.cost, "accuracy": c.value, "low": c.low,
                               "high": c.high, "beyond_samples": c.beyond}) for c in self.curves]
        return pd.concat(parts, ignore_index=True)

    def to_dict(self) -> dict:
        """Plain numbers and text, ready for JSON; what is not a number is None."""
        doubt = asdict(self.doubt)
        return _plain({
            "target": self.target, "budget": self.budget, "unit": self.unit, "level": self.level,
            "cost_column": self.column, "choice": asdict(self.choice),
            "runner_up": self.runner_up and asdict(self.runner_up),
            "p_runner_up_better": self.p_runner_up_better, "p_target": self.p_target,
            "price_of_cap": dict(zip(("value", "low", "high"), self.price_of_cap, strict=True)),
            "doubt": doubt, "options": [asdict(option) for option in self.options],
            "assumes": list(self.assumes), "verdict": self.verdict})

    def plot(self, ax: Any) -> Any:
        """Accuracy against cost per problem of every curve on a matplotlib Axes, choice marked."""
        for c in self.curves:
            line = ax.plot(c.cost, c.value, label=f"{c.model}, {c.strategy}")[0]
            if np.isfinite(c.low).all():
                ax.fill_between(c.cost, c.low, c.high, color=line.get_color(), alpha=0.15, lw=0)
        ax.plot(self.choice.cost_per_problem, self.choice.accuracy, "ko", mfc="none", ms=9,
                label="choice")
        if self.target is not None:
            ax.axhline(self.target, ls="--", lw=1, color="0.5")
        if self.budget is not None:
            ax.axvline(self.budget, ls="--", lw=1, color="0.5")
        unit = UNITS.get(self.unit, self.unit.upper())
        ax.set(xscale="log", xlabel=f"{unit} per problem", ylabel="accuracy")
        return ax

    def _repr_markdown_(self):
        head = (f"| | model | strategy | k | {self.column} | accuracy | "
                f"{100 * self.level:g} % interval |")
        rows = [_row(option, self._mark(option)) for option in self.options]
        notes = [f"- {note}" for note in self.assumes]
        return "\n".join([head, "|---|---|---|---|---|---|---|", *rows, "", self.verdict, "",
                          *notes])

    def __str__(self):
        kept = self.table().drop(columns=["needs", "is_choice"])
        return "\n".join([kept.to_string(index=False, float_format="{:.4g}".format), "",
                          self.verdict, *(f"* {note}" for note in self.assumes)])

    def _mark(self, option):
        return "choice" if option == self.choice else (
            "runner-up" if option == self.runner_up else "")


def _row(option, mark):
    """One row of the Markdown table."""
    forecast = " (forecast)" if option.beyond_samples else ""
    ends = f"{option.low:.3f} to {option.high:.3f}" if np.isfinite(option.low) else "-"
    return (f"| {mark} | {option.model} | {option.strategy} | {option.k:,} | "
            f"{option.cost_per_problem:.3g} | {option.accuracy:.3f}{forecast} | {ends} |")


def _plain(x):
    """Nested dicts and lists with None for what is not a finite number."""
    if isinstance(x, dict):
        return {name: _plain(value) for name, value in x.items()}
    if isinstance(x, list):
        return [_plain(value) for value in x]
    return None if isinstance(x, float) and not np.isfinite(x) else x
