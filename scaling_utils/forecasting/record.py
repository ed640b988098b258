"""A forecast as a record: numbers, interval, words, picture, and a seal."""
from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FEW = 5  # solved problems below which there is an interval and no median


@dataclass(frozen=True, eq=False)
class Forecast:
    """Coverage at each k: what is seen, median, interval, and what the data cannot know.

    Examples
    --------
    >>> from scaling_utils import forecast
    >>> found = forecast((100, [0, 1, 4, 10, 20, 30, 60]), k=[1000])
    >>> bool(found.seen <= found.low[0] <= found.median[0] <= found.high[0] <= 1)
    True
    """

    k: np.ndarray  # (n_k,) samples per problem
    question: str  # "these", "fresh" or "new set"
    method: str
    level: float
    seen: float  # coverage with the samples there are
    median: np.ndarray  # (n_k,) not a number with fewer than five solved problems
    low: np.ndarray
    high: np.ndarray
    shares: tuple[dict, ...]  # of the variance at each k; empty where the method gives none
    n_problems: int
    n_solved: int
    n_samples: tuple[int, int]  # smallest and largest
    history: int = 0  # other models that were used
    data: str = ""  # hash of the counts
    inside: np.ndarray = field(default=None, repr=False)  # (n_k,) k within the samples
    counted: np.ndarray = field(default=None, repr=False)  # (n_k,) a number of problems, no average
    draws: np.ndarray = field(default=None, repr=False)  # (n_k, n_draws)

    def interval(self, level: float) -> np.ndarray:
        """Low and high end at another level, shape (2, n_k)."""
        return ends(self.draws, level, self.counted * self.n_problems)

    @property
    def verdict(self) -> str:
        """In words: the forecast at the largest k, and where its width comes from."""
        i = int(np.argmax(self.k))
        low, high = (_per_cent(v[i]) for v in (self.low, self.high))
        inside = self.inside[i]
        if self.seen == 1 and self.question == "these" and not inside:
            return "Every problem is solved: nothing is left to forecast."
        head = (f"At {self.k[i]:,} samples {low} to {high} of {self.n_problems} problems "
                f"({100 * self.level:g} % interval; {_per_cent(self.seen)} seen).")
        if self.n_solved < FEW and not inside:
            head += (f" {_problems(self.n_solved)} solved: too few for a median, "
                     "read the interval alone.")
        if inside:
            return head + " Within the samples drawn: the exact estimator."
        parts = sorted(self.shares[i].items(), key=lambda p: -p[1]) if self.shares else []
        told = ", ".join(f"{_per_cent(share)} {name}" for name, share in parts)
        return head + (f" Variance of the forecast: {told}." if told else "")

    def seal(self, path: str | os.PathLike) -> Path:
        """Write the forecast to a new file, to be scored by `open_seal` when the long run exists.

        Parameters
        ----------
        path : path-like

        Returns
        -------
        pathlib.Path
        """
        from .seal import seal

        return seal(self, path)

    def table(self) -> pd.DataFrame:
        """One row per k: seen, median, low, high."""
        return pd.DataFrame({
            "k": self.k, "seen": self.seen, "median": self.median, "low": self.low,
            "high": self.high,
        })

    def to_dict(self) -> dict:
        """Plain numbers and text; what `seal` writes."""
        lists = {name: [None if np.isnan(v) else round(float(v), 6) for v in getattr(self, name)]
                 for name in ("median", "low", "high")}
        return {"k": [int(k) for k in self.k], "question": self.question, "method": self.method,
                "level": self.level, "seen": round(self.seen, 6), **lists,
                "n_problems": self.n_problems, "n_solved": self.n_solved,
                "n_samples": list(self.n_samples), "history": self.history,
                "data": self.data, "verdict": self.verdict}

    def plot(self, ax: Any) -> Any:
        """Median and interval against k on a matplotlib Axes; what is seen as a dashed line.

        Parameters
        ----------
        ax : matplotlib.axes.Axes

        Returns
        -------
        matplotlib.axes.Axes
        """
        order = np.argsort(self.k)
        k, low, high, mid = (v[order] for v in (self.k, self.low, self.high, self.median))
        if k.size == 1:
            ax.errorbar(k, (low + high) / 2, (high - low) / 2, fmt="none", capsize=4,
                        label=f"{100 * self.level:g} % interval")
        else:
            ax.fill_between(k, low, high, alpha=0.25, lw=0,
                            label=f"{100 * self.level:g} % interval")
        if np.isfinite(mid).any():
            ax.plot(k, mid, marker="o" if k.size == 1 else None, label=f"median ({self.method})")
        ax.axhline(self.seen, ls="--", lw=1, color="0.5", label="seen")
        ax.set(xscale="log", xlabel="samples per problem $k$", ylabel="coverage")
        return ax

    def _repr_markdown_(self):
        head = f"| k | seen | median | {100 * self.level:g} % interval |"
        rows = [f"| {k:,} | {self.seen:.3f} | {'-' if np.isnan(m) else f'{m:.3f}'} "
                f"| {a:.3f} to {b:.3f} |"
                for k, m, a, b in zip(self.k, self.median, self.low, self.high, strict=True)]
        return "\n".join([head, "|---|---|---|---|", *rows, "", self.verdict])


def ends(draws: np.ndarray, level: float, n_problems) -> np.ndarray:
    """Quantiles (1 - level) / 2 and (1 + level) / 2 along the last axis, out to whole problems.

    `n_problems` may differ by row; 0 leaves the quantiles as they are.

    Examples
    --------
    >>> ends(np.array([0.31, 0.32, 0.33]), 0.9, 10).tolist()
    [0.3, 0.4]
    """
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=-1)
    size = np.where(np.asarray(n_problems) > 0, n_problems, 1)
    out = np.stack([np.floor(low * size + 1e-6), np.ceil(high * size - 1e-6)]) / size
    return np.clip(np.where(np.asarray(n_problems) > 0, out, [low, high]), 0, 1)


def _per_cent(share):
    """A share as a whole number of per cent."""
    return f"{100 * share:.0f} %"


def _problems(n):
    """A number of problems in words."""
    return "No problem is" if n == 0 else "One problem is" if n == 1 else f"{n} problems are"
