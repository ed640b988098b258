"""Whether the data decide between the choice and the runner-up, and what would."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from .choosing import Pick, best
from .costs import ROUNDING

AGAIN = 4  # times that samples are drawn again within each problem
HOPELESS = 100  # times as many problems: nobody has them


@dataclass(frozen=True)
class Verdict:
    """How sure the choice is, and what would make it surer.

    `gap` is an accuracy: for a budget, of the choice minus the runner-up; for a target, of the
    choice minus what the runner-up reaches for the choice's cost, or minus the target if that
    buys nothing of the runner-up.
    """

    against: str  # what the gap is to, in words
    word: str  # "decided", "more samples", "more problems", "tie", "alone" or "unknown"
    gap: float
    gap_low: float
    gap_high: float
    regret: float  # accuracy that a wrong choice loses, on average over the draws
    from_samples: float  # share of the gap's variance that more samples of each problem take away
    n_problems: int
    problems_needed: float  # that would decide, if the gap is what it seems; NaN where unknown

    @property
    def text(self) -> str:
        """One or two sentences."""
        if self.word == "alone":
            return "Nothing else reaches it, so there is no runner-up."
        if self.word == "unknown":
            return "A fitted law without an interval takes part: no chance can be given."
        gap = (f"The choice is {self.gap:+.3f} ({self.gap_low:+.3f} to {self.gap_high:+.3f}) "
               f"ahead of {self.against}.")
        rounded = float(f"{self.problems_needed:.2g}")
        needed = f"about {rounded:,.0f} problems instead of {self.n_problems}"
        return gap + {
            "decided": " The data decide.",
            "tie": " A tie for all practical purposes: take the one that is easier to run.",
            "more problems": f" The data cannot decide; more samples of these problems would not "
                             f"help enough, more problems would: {needed}.",
            "more samples": f" The data cannot decide; more samples of each problem would, since "
                            f"{100 * self.from_samples:.0f} % of the doubt comes from them, or "
                            f"{needed}.",
        }[self.word]


def judge(choice: Pick, other: Pick | None, p: float, target: float | None, level: float,
          rng: np.random.Generator) -> Verdict:
    """The verdict on a choice, a runner-up and how often the latter is better.

    The gap d has variance S^2 = S_problems^2 + S_samples^2. It decides once S < d / z. More
    problems divide both parts, more samples of the same problems the second alone.
    """
    if other is None or np.isnan(p):
        word = "alone" if other is None else "unknown"
        return Verdict("", word, *[float("nan")] * 5, _problems(choice), float("nan"))
    against, rival = _rival(choice, other, target)
    gap, gaps = (choice.value - target, choice.draws - target) if rival is None else (
        choice.value - rival.value, choice.draws - rival.draws)
    total = float(gaps.var())
    samples = min(sum(_from_samples(x, rng) for x in (choice, rival) if x), total)
    tail = (1 - level) / 2
    allowed = (gap / norm.ppf(1 - tail)) ** 2
    if p <= tail:
        word = "decided"
    elif gap <= ROUNDING or total > HOPELESS * allowed:
        word = "tie"
    else:
        word = "more samples" if total - samples <= allowed else "more problems"
    low, high = np.quantile(gaps, [tail, 1 - tail])
    n_problems = _problems(choice)
    needed = n_problems * total / allowed if allowed > 0 and n_problems else float("nan")
    return Verdict(against, word, gap, float(low), float(high), float(np.maximum(-gaps, 0).mean()),
                   samples / total if total else 0.0, n_problems, float(np.ceil(needed)))


def _rival(choice, other, target):
    """What the choice has to beat, in words and as a place on a curve; None for the target."""
    if target is None:
        return "the runner-up", other
    same = best(other.curve, choice.cost)
    if same is None:
        return "the target (no sample of the runner-up can be had at this cost)", None
    return "the runner-up at the same cost", same


def _problems(pick):
    """Number of problems behind the choice; 0 if it is not known."""
    return 0 if pick.curve.problem is None else len(pick.curve.problem)


def _from_samples(pick, rng):
    """Variance of the mean accuracy that comes from few samples of each problem."""
    curve = pick.curve
    if curve.table is None:
        return float(pick.draws.var())  # a forecast or a law: what more samples would tell
    if curve.beyond[pick.at]:
        return float(curve.unsure[:, pick.at - np.argmax(curve.beyond)].var())
    if curve.source is None:
        return 0.0  # a search, measured once
    again = np.stack([curve.redrawn(pick.at, rng) for _ in range(AGAIN)])
    n = curve.source.n_samples
    spread = again.var(axis=0, ddof=1) * n / np.maximum(n - 1, 1)  # redrawn samples vary by less
    return float(spread.mean() / n.size)
