"""`plan`: which model, strategy and number of samples to buy, and how sure one can be."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from .. import _check
from . import curves as _curves
from .candidates import Candidate
from .choosing import best, cheapest, distinct, p_better
from .record import Option, Plan
from .verdicts import judge

NEED_NAMING = ("single", "oracle", "first_success")  # compared when they are asked for


def plan(models: Iterable[Candidate], *, target: float | None = None, budget: float | None = None,
         strategies: Iterable[str] | None = None, k_max: int | None = None,
         confidence: float | None = None, level: float = 0.9, n_draws: int = 1000,
         rng: int | np.random.Generator = 0) -> Plan:
    """The (model, strategy, k) of least cost with accuracy >= target, or best with cost <= budget.

    Parameters
    ----------
    models : sequence of Candidate
    target : float
        Accuracy to reach, between 0 and 1.
    budget : float
        Most that a problem may cost, in the one unit of all candidates. With a target it is a cap.
    strategies : sequence of str, optional
        Of "oracle" (a verifier knows a right answer), "first_success" (the same, samples drawn
        until it agrees, at most k: their mean number is paid), "majority", "best_of_n", "single"
        and the names of the candidates' searches. Left out, all that the data of a candidate allow;
        the oracle only where no candidate allows anything else, since few have a verifier.
    k_max : int, optional
        Most samples of a problem. Beyond the samples the oracle is forecast (see `forecast`), other
        strategies end with the samples; left out, nothing is forecast.
    confidence : float, optional
        Share of resamples that must reach the target; left out, the estimate must reach it.
    level : float
        Content of intervals. The data decide if the runner-up is better in at most (1 - level) / 2
        of the resamples.
    n_draws : int
        Resamples of the problems.
    rng : int or numpy.random.Generator

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        If neither target nor budget is given, units are mixed, a strategy lacks its data, or the
        target or the budget cannot be met; the argument is named, with the best that can be had.

    Notes
    -----
    Problems are resampled, those that candidates share (by name) together. Beyond the samples a
    draw is the resampled mean of each problem's posterior coverage, moved by a draw of what the
    forecast does not know. `p_runner_up_better` is a chance if any difference is as likely as any
    other, and too small where many candidates are alike: the choice was the luckiest. The choice is
    the best by estimates; k comes from a grid of eight per octave for the oracle and two for
    others, and from the budget.

    Examples
    --------
    >>> from scaling_utils.planning.costs import Cost
    >>> small = Candidate("small", (20, [0, 1, 2, 9] * 20), Cost("usd", 0.001))
    >>> large = Candidate("large", (20, [0, 4, 15, 20] * 20), Cost("usd", 0.01))
    >>> p = plan([small, large], budget=0.01)
    >>> p.choice.model, p.choice.k, p.choice.cost_per_problem
    ('small', 10, 0.01)
    """
    models, target, budget = _asked(models, target, budget, confidence)
    n_draws, level = _check.resampling(n_draws, level)
    rng = _check.generator(rng)
    chosen, notes = _strategies(models, strategies)
    k_max = None if k_max is None else int(_check.whole("k_max", k_max, least=1))
    found = [_curves.curve(model, name, budget, k_max, rng) for model, name in chosen]
    found = _curves.joined(found, level, n_draws, rng)
    picks = [best(c, budget) if target is None else cheapest(c, target, budget, confidence)
             for c in found]
    picks = distinct([p for p in picks if p is not None])
    if not picks:
        raise ValueError(_out_of_reach(found, target, budget, confidence, k_max, models[0].cost))
    choice, other = picks[0], picks[1] if len(picks) > 1 else None
    p = float("nan") if other is None else p_better(choice, other, target, budget)
    return Plan(
        target, budget, models[0].cost.unit, level, Option.of(choice), other and Option.of(other),
        p, _p_target(choice, target), judge(choice, other, p, target, level, rng),
        _price_of_cap(choice, found, budget, level), tuple(Option.of(p) for p in picks),
        (*notes, *_notes(choice, found, k_max)), tuple(found))


def _asked(models, target, budget, confidence):
    """Candidates, target and budget, checked."""
    models = list(models)
    if not models:
        raise ValueError("models is empty: give at least one Candidate")
    for i, model in enumerate(models):
        if not isinstance(model, Candidate):
            raise ValueError(f"models[{i}] is a {type(model).__name__}: give a Candidate, with its "
                             "cost")
        if model.cost.unit != models[0].cost.unit:
            raise ValueError(f"models[{i}]: {model.name!r} is paid in {model.cost.unit} and "
                             f"{models[0].name!r} in {models[0].cost.unit}: one unit for all")
    names = [model.name for model in models]
    if len(set(names)) < len(names):
        raise ValueError(f"models: names must differ, not {', '.join(map(repr, names))}")
    if target is None and budget is None:
        raise ValueError("target and budget are both missing: give one, or both")
    if target is not None:
        target = _check.between("target", target, 0, 1, inside=True)
    if budget is not None:
        budget = float(_check.amount("budget", budget, positive=True))
    if confidence is not None:
        _check.between("confidence", confidence, 0, 1, inside=True)
        if target is None:
            raise ValueError(f"confidence = {confidence:g} is of a target, and there is none")
    return models, target, budget


def _strategies(models, asked):
    """Pairs (candidate, strategy) to compare, and notes on what is left out."""
    found = [_curves.available(model) for model in models]
    known = list(dict.fromkeys(name for each in found for name in each))
    if asked is not None:
        asked = [asked] if isinstance(asked, str) else list(dict.fromkeys(asked))
        for name in asked:
            if name not in known:
                raise ValueError(f"strategies: {name!r} is none of {', '.join(known)}")
        for model, each in zip(models, found, strict=True):
            for name in asked:
                if each.get(name):
                    raise ValueError(f"strategies: {name!r} is not to be had for {model.name!r}: "
                                     f"{each[name]}")
        return [(model, name) for model, each in zip(models, found, strict=True)
                for name in asked if name in each], ()
    rest = [(model, name) for model, each in zip(models, found, strict=True)
            for name, missing in each.items() if not missing and name not in NEED_NAMING]
    if not rest:
        return [(model, "oracle") for model in models], (
            "The oracle: " + _curves.NEEDS["oracle"] + " is there when the plan is used.",)
    missing = tuple(f"{model.name}, {name}: left out, {why}."
                    for model, each in zip(models, found, strict=True)
                    for name, why in each.items() if why and name not in NEED_NAMING)
    return rest, ("The oracle is left out, since answers or scores are there: name it in "
                  "strategies if a verifier is.", *missing)


def _out_of_reach(found, target, budget, confidence, k_max, cost):
    """What to say where nothing meets target and budget."""
    capped = [p for p in (best(c, budget) for c in found) if p is not None]
    unit = cost.unit
    if not capped:
        least = min(found, key=lambda c: c.cost[0])
        return (f"budget = {budget:g} {unit} per problem buys nothing: the cheapest is "
                f"{least.model} ({least.strategy}) at {least.cost[0]:.4g}")
    top = min(capped, key=lambda p: p.rank)
    sure = "" if confidence is None else f" with confidence {confidence:g}"
    text = (f"target = {target:g} is not reached{sure}: the most is {top.value:.4g}, "
            f"{top.curve.model} ({top.curve.strategy}, k = {top.curve.k[top.at]}) at "
            f"{top.cost:.4g} {unit} per problem")
    free = [p for p in (cheapest(c, target, None, confidence) for c in found) if p is not None]
    if budget is not None and free:
        first = min(free, key=lambda p: p.rank)
        return (f"{text}, within budget = {budget:g}; {first.curve.model} "
                f"({first.curve.strategy}) reaches it for {first.cost:.4g}")
    return text + ("; a larger k_max looks further by forecasts" if any(
        c.strategy in _curves.PER_OCTAVE for c in found) and k_max is None else "")


def _p_target(choice, target):
    """Share of draws in which the choice reaches the target."""
    if target is None or choice.draws is None:
        return float("nan")
    return float((choice.draws >= target).mean())


def _price_of_cap(choice, found, budget, level):
    """Accuracy that the best without a cap has over the choice: value, low, high."""
    if budget is None:
        return (float("nan"),) * 3
    top = min((p for p in (best(c, None) for c in found) if p is not None), key=lambda p: p.rank)
    if top.draws is None or choice.draws is None or top.curve is choice.curve and (
            top.at == choice.at):
        return top.value - choice.value, float("nan"), float("nan")
    tail = (1 - level) / 2
    low, high = np.quantile(top.draws - choice.draws, [tail, 1 - tail])
    return top.value - choice.value, float(low), float(high)


def _notes(choice, found, k_max):
    """What the numbers rest on."""
    notes = []
    if len({tuple(c.problem) for c in found if c.problem is not None}) > 1:
        notes.append("Candidates differ in their problems: only those in common are paired.")
    if any(c.table is None for c in found):
        notes.append("A forecast or a fitted law takes part: it is not paired by problem.")
    if choice.curve.k[choice.at] == choice.curve.k.max() and choice.curve.strategy != "single":
        notes.append("The choice lies at the last k that was looked at"
                     + ("." if k_max else ": k_max would look further."))
    if any(c.beyond.any() and np.isnan(c.value).any() for c in found):
        notes.append("Fewer than five problems of a candidate are solved: no forecast of it.")
    return notes
