"""Accuracy against k of every candidate and strategy, with draws that share their problems."""
from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ..data.samples import Samples
from ..estimate import intervals
from ..estimate.coverage import pass_at_k
from ..estimate.selection import best_of_n
from ..estimate.votes import majority_at_k
from ..forecasting import bank, designs, grid, predictive
from ..forecasting.forecast import forecast
from ..forecasting.record import Forecast
from .candidates import Candidate
from .costs import Cost

NEEDS = {
    "single": "nothing: the one sample is the answer",
    "oracle": "a verifier that knows a right answer when it sees one",
    "first_success": "such a verifier, and samples drawn one after the other until it agrees",
    "majority": "answers that can be compared",
    "best_of_n": "a score of each sample",
}
_TABLE = {"single": pass_at_k, "oracle": pass_at_k, "first_success": pass_at_k,
          "majority": majority_at_k, "best_of_n": best_of_n}
PER_OCTAVE = {"oracle": 8, "first_success": 8}  # points of k; two for what takes longer to compute
DECADE_BEYOND = 8  # points of k per decade beyond the samples


@dataclass(frozen=True, eq=False)
class Curve:
    """Accuracy of one candidate by one strategy at each k, and what each k costs."""

    model: str
    strategy: str
    needs: str
    unit: Cost  # its column and its tokens; prices are in `cost`
    k: np.ndarray  # (n_k,) increasing
    cost: np.ndarray  # (n_k,) per problem; a mean where sampling ends at the first success
    value: np.ndarray  # (n_k,) accuracy; NaN where the forecast gives no median
    beyond: np.ndarray  # (n_k,) whether k exceeds the samples
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    draws: np.ndarray | None = field(default=None, repr=False)  # (n_draws, n_k)
    table: np.ndarray | None = field(default=None, repr=False)  # (n_problems, n_k)
    problem: np.ndarray | None = field(default=None, repr=False)
    cost_draws: np.ndarray | None = field(default=None, repr=False)  # where costs follow accuracy
    unsure: np.ndarray | None = field(default=None, repr=False)  # of forecasts: (n_draws, n_beyond)
    source: Samples | None = field(default=None, repr=False)

    @property
    def name(self) -> tuple[str, str]:
        """Model and strategy."""
        return self.model, self.strategy

    def redrawn(self, at: int, rng: np.random.Generator) -> np.ndarray:
        """Table at one k from samples drawn again within each problem, shape (n_problems,)."""
        samples = self.source
        if samples.rows is None:
            c = rng.binomial(samples.n_samples, samples.n_correct / samples.n_samples)
            return pass_at_k(samples.n_samples, c, self.k[at])
        ends = np.cumsum(samples.n_samples)
        picks = [rng.integers(end - size, end, size)
                 for end, size in zip(ends, samples.n_samples, strict=True)]
        rows = samples.rows.take(np.concatenate(picks))
        c = np.add.reduceat(rows.correct, ends - samples.n_samples)
        again = replace(samples, n_correct=c.astype(int), rows=rows)
        return _TABLE[self.strategy](again, int(self.k[at]))


def available(candidate: Candidate) -> dict[str, str]:
    """Strategies that the candidate's data allow, and for the others what is missing.

    Examples
    --------
    >>> from .costs import Cost
    >>> found = available(Candidate("a", (4, [1, 2]), Cost("usd", 1.0)))
    >>> [name for name, missing in found.items() if not missing]
    ['single', 'oracle', 'first_success']
    """
    samples = candidate.samples
    columns = samples.rows.columns if samples is not None and samples.rows else {}
    without = "its samples hold no" if samples is not None else "a forecast or a fit holds no"
    found = {"single": "", "oracle": "",
             "first_success": "" if samples is not None else "a forecast or a fit has no curve"}
    for strategy, column in (("majority", "answer"), ("best_of_n", "score")):
        found[strategy] = "" if column in columns else f"{without} {column}"
    return found | {search.name: "" for search in candidate.searches}


def curve(candidate: Candidate, strategy: str, budget: float | None, k_max: int | None,
          rng: np.random.Generator) -> Curve:
    """The curve of one candidate by one strategy, without its draws."""
    found = [search for search in candidate.searches if search.name == strategy]
    if found:
        search, cost = found[0], candidate.cost
        order = np.argsort(search.cost_per_problem, kind="stable")
        table = search.correct[:, order]
        return Curve(candidate.name, strategy, "the search at each problem", cost, search.k[order],
                     search.cost_per_problem[order], table.mean(axis=0),
                     np.zeros(len(order), bool), table=table, problem=search.problem)
    cost = candidate.cost
    if strategy == "best_of_n" and candidate.scorer is not None:
        cost = cost.plus(candidate.scorer)
    if candidate.samples is None:
        return _known(candidate, strategy, cost, budget, k_max, rng)
    return _sampled(candidate, strategy, cost, budget, k_max, rng)


def _sampled(candidate, strategy, cost, budget, k_max, rng):
    """From samples: the unbiased estimator as far as they go, forecasts of coverage beyond."""
    samples = candidate.samples
    n, most = int(samples.n_samples.min()), 1 if strategy == "single" else k_max
    k = _grid(strategy, min(n, most or n), cost, budget)
    try:
        table = _TABLE[strategy](samples, k)
    except ValueError as error:
        raise ValueError(f"candidate {candidate.name!r}, strategy {strategy!r}: {error}") from None
    value, unsure = table.mean(axis=0), None
    if strategy in PER_OCTAVE and k_max is not None and k_max > n:
        far = _far(n, k_max, cost, budget)
        seen = forecast(samples, far, question="fresh", history=candidate.history or None, rng=rng)
        k, value = np.append(k, far), np.append(value, seen.median)
        table = np.hstack([table, _posterior(samples, far)])
        unsure = (seen.draws - np.median(seen.draws, axis=1)[:, None]).T
    used = until_success(k, value) if strategy == "first_success" else k
    return Curve(candidate.name, strategy, NEEDS[strategy], cost, k, cost.of(used), value, k > n,
                 table=table, problem=samples.problem, unsure=unsure, source=samples)


def until_success(k: np.ndarray, coverage: np.ndarray) -> np.ndarray:
    """Mean samples until the first success, at most k: the sum over j < k of 1 - c(j).

    Between the points of k the summand is taken as linear; consecutive k give the exact sum.

    Examples
    --------
    >>> until_success(np.array([1, 2, 3]), np.array([0.5, 0.75, 0.875])).tolist()
    [1.0, 1.5, 1.75]
    """
    k = np.append(0, k)
    lost = np.concatenate([np.ones((*np.shape(coverage)[:-1], 1)), 1 - coverage], axis=-1)
    steps, first, last = np.diff(k), lost[..., :-1], lost[..., 1:]
    return np.cumsum(steps * (first + last) / 2 + (first - last) / 2, axis=-1)


def _known(candidate, strategy, cost, budget, k_max, rng):
    """From a forecast at its own k, or from a fitted law at every k up to k_max."""
    data = candidate.data
    if isinstance(data, Forecast):
        order = np.argsort(data.k)
        order = order[data.k[order] == 1] if strategy == "single" else order
        k, value, draws = data.k[order], data.median[order], data.draws[order].T
        beyond = ~data.inside[order]
        if not order.size:
            raise ValueError(f"strategies: 'single' needs k = 1, which the forecast of "
                             f"{candidate.name!r} does not have")
    else:
        if strategy == "oracle" and k_max is None:
            raise ValueError(f"k_max is missing: candidate {candidate.name!r} is a fitted law, "
                             "which has no last k of its own")
        k = _grid(strategy, 1 if strategy == "single" else k_max, cost, budget)
        value = data.predict(k)
        seen = data.counts.k_max if data.counts is not None else 0
        draws = None if data.why else data.resampling.curves(data.place, (k,))
        beyond = k > seen
    return Curve(candidate.name, strategy, NEEDS[strategy], cost, k, cost.of(k), value, beyond,
                 draws=draws)


def joined(curves: list[Curve], level: float, n_draws: int, rng) -> list[Curve]:
    """The curves with draws and intervals; those with problems in common share the resamples."""
    with_tables = [c for c in curves if c.table is not None]
    mean = iter(_shared(with_tables, n_draws, rng))
    return [_with_ends(c, next(mean) if c.table is not None else _some(c.draws, n_draws, rng),
                       level, rng) for c in curves]


def _shared(curves, n_draws, rng):
    """Mean of each table over the same resampled problems, shape (n_draws, n_k) each."""
    if not curves:
        return []
    names = list(dict.fromkeys(str(p) for c in curves for p in c.problem))
    place = {name: i for i, name in enumerate(names)}
    out, sets = [], {}
    for c in curves:
        at = np.array([place[str(p)] for p in c.problem])
        table = np.zeros((len(names), c.k.size + 1))
        table[at, :-1], table[at, -1] = c.table, 1.0
        sets[c.name] = table
    found = intervals.over_problems(np.hstack(list(sets.values())), n_resamples=n_draws, rng=rng)
    for part in np.split(found.draws, np.cumsum([t.shape[1] for t in sets.values()])[:-1], axis=1):
        out.append(part[:, :-1] / np.maximum(part[:, -1:], 1e-12))
    return out


def _with_ends(c, draws, level, rng):
    """Draws moved by what a forecast does not know, and the ends of the interval."""
    if draws is None:
        nothing = np.full(c.k.size, np.nan)
        return replace(c, low=nothing, high=nothing)
    tail, far = (1 - level) / 2, c.beyond if c.unsure is not None else np.zeros(c.k.size, bool)
    if far.any():
        draws = draws.copy()
        moved = c.value[far] + draws[:, far] - c.table[:, far].mean(axis=0)
        draws[:, far] = np.clip(moved + _some(c.unsure, len(draws), rng), 0, 1)
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    if c.table is not None and not far.all():
        near = intervals.over_problems(c.table[:, ~far], level=level, n_resamples=len(draws),
                                       rng=rng)
        low[~far], high[~far] = near.low, near.high
    again = c.unit.of(until_success(c.k, draws)) if c.strategy == "first_success" else None
    return replace(c, draws=draws, low=low, high=high, cost_draws=again)


def _some(draws, n_draws, rng):
    """That many of the draws, in random order."""
    if draws is None:
        return None
    return draws[np.resize(rng.permutation(len(draws)), n_draws)]  # laws stand in order


def _posterior(samples, k):
    """E[1 - (1 - p)^k | counts] of each problem under the mean law, shape (n_problems, n_k)."""
    evidence, laws = designs.read(samples), bank.bank()
    like = predictive.log_likelihood(laws, evidence.n, evidence.c, evidence.times)
    law = (predictive.weights(laws, like) @ laws.laws).astype(float)
    weight = grid.kernel(*designs.arrays(samples)) * law
    weight /= weight.sum(axis=1, keepdims=True)
    return 1 - weight @ np.stack([grid.fail(at) for at in k], axis=1)


def _grid(strategy, most, cost, budget):
    """Whole k from 1 to most, spaced evenly in log k, and the k that a budget pays for."""
    points = 1 + int(np.ceil(np.log2(most) * PER_OCTAVE.get(strategy, 2)))
    k = np.unique(np.rint(np.geomspace(1, most, points)).astype(int))
    return _with_budget(k, 1, most, cost, budget)


def _far(n, k_max, cost, budget):
    """The same beyond the samples."""
    points = 1 + int(np.ceil(np.log10(k_max / n) * DECADE_BEYOND))
    k = np.unique(np.rint(np.geomspace(n, k_max, points + 1)).astype(int)[1:])
    return _with_budget(k[k > n], n + 1, k_max, cost, budget)


def _with_budget(k, least, most, cost, budget):
    paid = 0 if budget is None else min(cost.samples(budget), most)
    return np.unique(np.append(k, paid)) if paid >= least else k
