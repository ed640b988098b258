"""Plans: brute force over the grid, systems whose right choice is known, intervals, refusals."""
import json
from fractions import Fraction
from itertools import combinations
from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.special import betaln

from scaling_utils import LAWS, Candidate, Cost, Model, Samples, Search, fit_counts, forecast, load
from scaling_utils import plan as make_plan
from scaling_utils.data.datasets import names
from scaling_utils.planning.choosing import least_cost
from scaling_utils.planning.curves import available
from scaling_utils.resources import flops

PRICES = {"small": 1.0, "middle": 2.33, "large": 7.11}


def counts(rng, n, n_problems=24):
    """Three models on the same problems; the dearer the better on average, seldom by far."""
    hard = rng.normal(size=n_problems)
    rates = {name: 1 / (1 + np.exp(hard - shift))
             for name, shift in zip(PRICES, (-0.6, 0.2, 1.0), strict=True)}
    return {name: rng.binomial(n, p) for name, p in rates.items()}


def candidates(drawn, n):
    return [Candidate(name, (n, c), Cost("usd", PRICES[name], per_problem=0.5))
            for name, c in drawn.items()]


def exact(n, c, k):
    """pass@k of a set of problems in exact fractions."""
    return sum(1 - Fraction(comb(n - int(x), k), comb(n, k)) for x in c) / len(c)


@pytest.mark.parametrize("seed", range(6))
def test_the_best_within_a_budget_is_that_of_brute_force(seed):
    rng, n, budget = np.random.default_rng(seed), 11, 16.0
    drawn = counts(rng, n)
    grid = {(name, k): exact(n, c, k) for name, c in drawn.items() for k in range(1, n + 1)
            if 0.5 + PRICES[name] * k <= budget}
    best = {name: max((value, -k) for (at, k), value in grid.items() if at == name)
            for name in drawn}
    order = sorted(best, key=lambda name: (-best[name][0], -PRICES[name] * best[name][1]))
    found = make_plan(candidates(drawn, n), budget=budget, n_draws=50)
    assert (found.choice.model, found.choice.k) == (order[0], -best[order[0]][1])
    assert (found.runner_up.model, found.runner_up.k) == (order[1], -best[order[1]][1])
    assert np.isclose(found.choice.accuracy, float(best[order[0]][0]), atol=1e-12)
    assert np.isclose(found.choice.cost_per_problem, 0.5 + PRICES[order[0]] * found.choice.k)


@pytest.mark.parametrize("seed", range(6))
def test_the_cheapest_that_reaches_a_target_is_that_of_brute_force(seed):
    rng, n, target = np.random.default_rng(100 + seed), 11, 0.75
    drawn = counts(rng, n)
    least = {}
    for name, c in drawn.items():
        reach = [k for k in range(1, n + 1) if exact(n, c, k) >= target]
        if reach:
            least[name] = 0.5 + PRICES[name] * reach[0]
    found = make_plan(candidates(drawn, n), target=target, n_draws=50)
    order = sorted(least, key=least.get)
    assert [option.model for option in found.options] == order
    assert np.allclose([option.cost_per_problem for option in found.options],
                       [least[name] for name in order])
    assert found.choice.accuracy >= target


def answered(rng, right, n, n_problems=9):
    """Samples with answers of three kinds and scores that help a little."""
    rows = []
    for problem in range(n_problems):
        shares = rng.dirichlet([right, 0.7, 0.7])
        answers = rng.choice(3, n, p=shares)
        rows += [(problem, int(a == 0), a, (a == 0) + rng.normal()) for a in answers]
    frame = pd.DataFrame(rows, columns=["problem", "correct", "answer", "score"])
    return Samples.from_rows(frame)


def enumerated(samples, strategy, k):
    """Accuracy over all subsets of size k, by counting."""
    total = []
    for part in np.split(np.arange(samples.n_samples.sum()), len(samples)):
        answers, scores = samples.rows.answer[part], samples.rows.score[part]
        wins = []
        for subset in combinations(range(len(part)), k):
            chosen = [answers[i] for i in subset]
            if strategy == "majority":
                most = max(chosen.count(a) for a in set(chosen))
                tied = [a for a in set(chosen) if chosen.count(a) == most]
                wins.append((0 in tied) / len(tied))
            else:
                wins.append(float(chosen[int(np.argmax([scores[i] for i in subset]))] == 0))
        total.append(np.mean(wins))
    return np.mean(total)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_votes_and_scores_against_all_subsets(seed):
    rng, n = np.random.default_rng(seed), 6
    models = {"a": (answered(rng, 0.8, n), 1.0), "b": (answered(rng, 1.4, n), 2.0)}
    scorer = Cost("usd", 0.5)
    given = [Candidate(name, s, Cost("usd", price), scorer) for name, (s, price) in models.items()]
    found = make_plan(given, budget=6.0, n_draws=50)
    grid = {}
    for name, (samples, price) in models.items():
        for strategy, extra in (("majority", 0.0), ("best_of_n", 0.5)):
            for k in {int(x) for x in found.curve_table().query(
                    "model == @name and strategy == @strategy").k}:
                if (price + extra) * k <= 6:
                    grid[name, strategy, k] = enumerated(samples, strategy, k)
    assert np.isclose(found.choice.accuracy, max(grid.values()), atol=1e-12)
    best = found.choice.model, found.choice.strategy, found.choice.k
    assert np.isclose(grid[best], max(grid.values()), atol=1e-12)
    assert not {"oracle", "single"} & set(found.curve_table().strategy)


def waited(n, c, k):
    """Mean number drawn until the first success, at most k, over all orders of n samples."""
    orders = list(combinations(range(n), c))
    return sum(Fraction(min(min(order, default=n) + 1, k)) for order in orders) / len(orders)


@pytest.mark.parametrize("target", [0.6, 0.8])
def test_a_verifier_that_stops_pays_for_what_was_drawn(target):
    n, counts_of = 7, np.array([0, 1, 2, 3, 5, 7, 7])
    one = Candidate("one", (n, counts_of), Cost("usd", 0.5, per_problem=0.25))
    found = make_plan([one], target=target, strategies=["first_success"], n_draws=50)
    table = found.curve_table().set_index("k")
    assert list(table.index) == list(range(1, n + 1))
    for k in table.index:
        mean = sum(waited(n, int(c), k) for c in counts_of) / len(counts_of)
        assert np.isclose(table.cost_usd_per_problem[k], 0.25 + 0.5 * float(mean))
        assert np.isclose(table.accuracy[k], float(exact(n, counts_of, k)))
    plain = make_plan([one], target=target, strategies=["oracle"], n_draws=50)
    assert plain.choice.k == found.choice.k
    assert plain.choice.cost_per_problem > found.choice.cost_per_problem


def test_stopping_is_paid_by_the_draw():
    """In a resample of easier problems both the samples and the cost of a target are lower."""
    given = candidates(counts(np.random.default_rng(4), 40, 80), 40)
    found = make_plan(given, budget=6.0, strategies=["first_success"])
    first = found.curves[0]
    assert first.cost_draws.shape == first.draws.shape
    price = PRICES[first.model]
    assert np.allclose(first.cost_draws[:, 0], 0.5 + price)
    assert np.allclose(first.cost_draws[:, 1], 0.5 + price * (2 - first.draws[:, 0]))
    least = least_cost(first, 0.5, None)
    at = (first.draws >= 0.5 - 1e-9).argmax(axis=1)
    assert np.allclose(least, first.cost_draws[np.arange(len(at)), at])


CHAIN = load("chain_exact").query("temperature == 1 and step == 1320 and run == 0")
RATES = {m: np.exp(g.log_probability.to_numpy()) for m, g in CHAIN.groupby("model", sort=False)}
FLOPS = {m: Cost.of_flops(1e9 * names("models")[m]["billions"], 51.2) for m in RATES}


def known(model, k):
    """Coverage of k samples over all problems of the task, exact."""
    return float(np.mean(-np.expm1(k * np.log1p(-np.minimum(RATES[model], 1 - 1e-15)))))


def drawn_chain(rng, n_problems, n, models=RATES):
    at = rng.integers(256, size=n_problems)
    return [Candidate(m, (np.full(n_problems, n), rng.binomial(n, RATES[m][at])), FLOPS[m])
            for m in models]


@pytest.mark.parametrize(("budget", "least"), [
    pytest.param(5e7, 1.0, marks=pytest.mark.slow), pytest.param(3e9, 0.4, marks=pytest.mark.slow),
    (1e10, 0.5)])
def test_choices_on_models_of_known_rates(budget, least):
    """Right as often as it should be, and a wrong choice loses little."""
    truth = {m: known(m, FLOPS[m].samples(budget)) for m in RATES if FLOPS[m].samples(budget)}
    right, lost, foretold, times = 0, [], [], 12
    for seed in range(times):
        rng = np.random.default_rng([7, seed])
        found = make_plan(drawn_chain(rng, 128, 100), budget=budget, n_draws=200)
        mine = known(found.choice.model, found.choice.k)
        right += np.isclose(mine, max(truth.values()), atol=1e-9)
        lost.append(max(truth.values()) - mine)
        foretold.append(found.doubt.regret)
        if found.doubt.word == "decided":
            assert lost[-1] <= 0.03
    assert right >= least * times - 4 * np.sqrt(times * least * (1 - least))
    error = np.std(lost, ddof=1) / np.sqrt(times)
    assert np.mean(lost) <= 2 * np.mean(foretold) + 4 * error + 1e-9  # two resamples of one set


@pytest.mark.slow
@pytest.mark.parametrize(("k", "times"), [(1, 40), (30, 40), (500, 20)])
def test_intervals_hold_as_often_as_they_say(k, times):
    """Problems of a Beta law, 60 samples each: within the samples and beyond."""
    level, held, (a, b) = 0.9, 0, (0.3, 3.0)
    truth = 1 - np.exp(betaln(a, b + k) - betaln(a, b))
    for seed in range(times):
        rng = np.random.default_rng([8, seed])
        one = Candidate("one", (60, rng.binomial(60, rng.beta(a, b, 100))), Cost("usd", 1.0))
        found = make_plan([one], budget=float(k), k_max=k, level=level, n_draws=200)
        assert found.choice.k == k and found.choice.beyond_samples == (k > 60)
        held += found.choice.low <= truth <= found.choice.high
    slack = 4 * np.sqrt(times * level * (1 - level))
    assert held >= times * level - slack


def test_pairs_of_one_set_of_problems_are_kept():
    """Two models that differ by little on each problem are told apart, unpaired ones are not."""
    rng = np.random.default_rng(3)
    hard = rng.beta(0.4, 0.4, 120)
    better, worse = rng.binomial(400, 0.9 * hard + 0.08), rng.binomial(400, 0.9 * hard)
    one = Cost("usd", 1.0)
    paired = make_plan([Candidate("a", (400, better), one), Candidate("b", (400, worse), one)],
                       budget=1.0)
    apart = Samples.from_counts(np.full(120, 400), worse, problem=[f"x{i}" for i in range(120)])
    alone = make_plan([Candidate("a", (400, better), one), Candidate("b", apart, one)], budget=1.0)
    assert paired.doubt.word == "decided" and paired.p_runner_up_better < 0.005
    assert alone.p_runner_up_better > 0.02
    assert any("in common" in note for note in alone.assumes)
    width = [p.doubt.gap_high - p.doubt.gap_low for p in (paired, alone)]
    assert width[0] < width[1] / 4


def two(rng, n, n_problems, rates, shift):
    """Two models with a price of one, the second better by a shift."""
    p = np.stack([rates, np.clip(rates + shift, 0, 1)])
    return [Candidate(name, (np.full(n_problems, n), rng.binomial(n, q)), Cost("usd", 1.0))
            for name, q in zip("ab", p, strict=True)]


def test_the_verdict_says_what_would_decide():
    rng = np.random.default_rng(5)
    same = make_plan(two(rng, 4, 150, np.full(150, 0.5), 0.03), budget=1.0)
    assert same.doubt.word == "more samples" and same.doubt.from_samples > 0.8
    rates = rng.beta(0.3, 0.3, (2, 60))
    apart = [Candidate(name, (np.full(60, 1000), rng.binomial(1000, p)), Cost("usd", 1.0))
             for name, p in zip("ab", rates, strict=True)]
    found = make_plan(apart, budget=1.0)
    assert found.doubt.word == "more problems" and found.doubt.from_samples < 0.05
    assert found.doubt.problems_needed > 60 and "more problems" in found.verdict
    alike = make_plan([Candidate(name, (9, [3] * 30 + [5] * 30), Cost("usd", 1.0))
                       for name in "ab"], budget=1.0)
    assert alike.doubt.word == "tie" and alike.p_runner_up_better == 0.5
    assert make_plan(two(rng, 50, 80, np.full(80, 0.2), 0.5), budget=1.0).doubt.word == "decided"


def test_confidence_buys_more_samples():
    given = candidates(counts(np.random.default_rng(4), 40, 80), 40)
    plain, sure = make_plan(given, target=0.8), make_plan(given, target=0.8, confidence=0.95)
    assert plain.p_target < 0.9 < 0.95 <= sure.p_target
    assert sure.choice.cost_per_problem > plain.choice.cost_per_problem


def test_a_dear_runner_up_is_seldom_cheaper():
    rng = np.random.default_rng(12)
    c = rng.binomial(30, rng.beta(1, 2, 100))
    given = [Candidate("cheap", (30, c), Cost("usd", 1.0)),
             Candidate("dear", (30, c), Cost("usd", 9.0))]
    found = make_plan(given, target=0.6)
    assert found.choice.model == "cheap" and found.runner_up.model == "dear"
    assert found.p_runner_up_better == 0.0 and found.doubt.word == "decided"
    near = make_plan([given[0], Candidate("near", (30, np.sort(c)), Cost("usd", 1.05))], target=0.6)
    assert 0.1 < near.p_runner_up_better < 0.5


def test_a_cap_on_cost_and_its_price():
    given = candidates(counts(np.random.default_rng(4), 40, 80), 40)
    capped = make_plan(given, budget=6.0)
    free = max(c.value.max() for c in capped.curves)
    value, low, high = capped.price_of_cap
    assert np.isclose(value, free - capped.choice.accuracy) and low < value < high
    with pytest.raises(ValueError, match=r"target = 0\.9 .* within budget = 3; .* reaches it for"):
        make_plan(given, target=0.9, budget=3.0)


def test_beyond_the_samples_only_the_oracle_is_forecast():
    given = drawn_chain(np.random.default_rng(2), 100, 30, ["chain-128x4", "chain-256x6"])
    with pytest.raises(ValueError, match="k_max"):
        make_plan(given, target=0.88)
    found = make_plan(given, target=0.88, k_max=3000)
    table = found.curve_table().query("strategy == 'oracle'")
    assert (table.beyond_samples == (table.k > 30)).all() and table.k.max() == 3000
    assert found.options[0].beyond_samples or found.choice.k <= 30
    ends = table.query("model == 'chain-128x4'").sort_values("k")
    assert (ends.accuracy.diff().dropna() > -0.01).all()
    answers = make_plan([Candidate("a", answered(np.random.default_rng(1), 1.0, 20),
                                   Cost("usd", 1.0))], budget=50.0, k_max=50)
    assert answers.curve_table().k.max() <= 20


def test_forecasts_fits_and_searches_are_candidates():
    rng = np.random.default_rng(6)
    c = rng.binomial(50, rng.beta(0.4, 2, 90))
    cost = Cost("usd", 0.01)
    fit = fit_counts(LAWS["beta_failure"], 50, c, n_resamples=100)
    ahead = forecast((50, c), [1, 10, 100, 1000], question="fresh")
    table = rng.random((90, 2))
    given = [Candidate("fit", fit, cost), Candidate("forecast", ahead, cost),
             Candidate("samples", (50, c), cost,
                       searches=[Search("beam", [16, 4], table, [0.3, 0.2])])]
    found = make_plan(given, budget=1.0, k_max=100, strategies=["oracle", "beam"])
    by = {(option.model, option.strategy): option for option in found.options}
    assert np.isclose(by["fit", "oracle"].accuracy, float(fit.predict(100)))
    assert np.isclose(by["forecast", "oracle"].accuracy, ahead.median[2])
    best = int(np.argmax(table.mean(axis=0)))
    assert by["samples", "beam"].k == [16, 4][best]
    assert by["samples", "beam"].cost_per_problem == [0.3, 0.2][best]
    bare = fit_counts(LAWS["beta_failure"], 50, c, n_resamples=0)
    unsure = make_plan([Candidate("fit", bare, cost), given[2]], budget=1.0, k_max=100,
                       strategies=["oracle"])
    assert np.isnan(unsure.p_runner_up_better) and unsure.doubt.word == "unknown"
    with pytest.raises(ValueError, match="k_max is missing"):
        make_plan([Candidate("fit", fit, cost)], budget=1.0, strategies=["oracle"])
    with pytest.raises(ValueError, match="without: leave confidence out"):
        make_plan([Candidate("fit", bare, cost)], target=0.5, k_max=9, confidence=0.9,
                  strategies=["oracle"])


def test_costs():
    tokens = Cost.of_tokens(200, 10.0, "eur", tokens_per_prompt=1000, per_million_prompt_tokens=1.0)
    assert np.isclose(tokens.of(3), 0.001 + 3 * 0.002) and tokens.column == "cost_eur_per_problem"
    each = Cost.of_tokens(200, 10.0, "eur", tokens_per_prompt=1000, per_million_prompt_tokens=1.0,
                          prompt_each=True)
    assert np.isclose(each.of(3), 3 * 0.003) and each.samples(0.0091) == 3
    assert [tokens.samples(b) for b in (0.0005, 0.003, 0.007)] == [0, 1, 3]
    assert Cost("usd", 0.1).samples(0.3) == 3  # though 0.3 / 0.1 is below 3 in floats
    model = Model.named("Llama-3-8B")
    work = Cost.of_flops(model, 100, tokens_per_prompt=50)
    assert work.column == "flops_per_problem"
    assert np.isclose(work.of(2), flops.prompt_flops(model, 50) + 2 * flops.trial_flops(
        model, 50, 100))


def test_a_card_sets_seconds_money_and_the_largest_batch():
    from scaling_utils import Device, Workload
    from scaling_utils.resources import memory, roofline

    card, model = Device.named("H100-80GB"), Model.named("Llama-3-8B")
    work = Workload(500, 1000, 64)
    seconds = Cost.of_card(model, card, 1000, 64, tokens_per_prompt=500)
    assert seconds.column == "card_seconds_per_problem"
    assert np.isclose(seconds.per_sample, 1000 / roofline.tokens_per_second(card, model, work))
    assert np.isclose(seconds.per_problem, flops.prompt_flops(model, 500) / card.flops_per_second)
    money = Cost.of_card(model, card, 1000, 64, tokens_per_prompt=500, per_card_hour=2.0,
                         currency="usd", tokens_per_second=4000.0)
    assert np.isclose(money.per_sample, 1000 / 4000 * 2 / 3600)
    assert np.isclose(money.per_problem, seconds.per_problem * 2 / 3600)
    most = int(memory.largest_batch(card.memory_bytes, model, work))
    Cost.of_card(model, card, 1000, most, tokens_per_prompt=500)
    with pytest.raises(ValueError, match=f"batch = {most + 1} does not fit .* at most {most} seq"):
        Cost.of_card(model, card, 1000, most + 1, tokens_per_prompt=500)
    with pytest.raises(ValueError, match="given together, or neither"):
        Cost.of_card(model, card, 1000, 4, per_card_hour=2.0)


BAD_COSTS = [
    (lambda: Cost("usd", 0.0), "per_sample = 0 must be positive"),
    (lambda: Cost("usd", -1.0), "per_sample = -1 is negative"),
    (lambda: Cost("usd", np.nan), "per_sample = nan is not a finite number"),
    (lambda: Cost("usd", None), "per_sample is missing"),
    (lambda: Cost("dollars", 1.0), "unit = 'dollars' must be"),
    (lambda: Cost("USD", 1.0), "unit = 'USD' must be"),
    (lambda: Cost.of_tokens(100, 1.0, "usd", tokens_per_prompt=9), "prompt_tokens is missing"),
    (lambda: Cost.of_tokens(None, 1.0, "usd"), "tokens_per_sample is missing"),
    (lambda: Cost.of_tokens([1, 2], 1.0, "usd"), "tokens_per_sample is .2,.: give one number"),
    (lambda: Cost("usd", 1.0).plus(Cost("eur", 1.0)), "scorer is paid in eur"),
]


@pytest.mark.parametrize(("make", "message"), BAD_COSTS)
def test_impossible_and_missing_prices_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


GOOD = Candidate("a", (10, [0, 3, 7]), Cost("usd", 1.0))
OTHER = Candidate("b", (10, [1, 3, 9]), Cost("usd", 2.0))
BAD_PLANS = [
    (([],), {"budget": 1.0}, "models is empty"),
    (([GOOD, (10, [1])],), {"budget": 1.0}, r"models\[1\] is a tuple"),
    (([GOOD, GOOD],), {"budget": 1.0}, "names must differ"),
    (([GOOD, Candidate("b", (10, [1, 2]), Cost("flops", 1e9))],), {"budget": 1.0},
     r"models\[1\]: 'b' is paid in flops and 'a' in usd"),
    (([GOOD],), {}, "target and budget are both missing"),
    (([GOOD],), {"target": 1.0}, "target = 1 must be between 0 and 1, both excluded"),
    (([GOOD],), {"budget": -2.0}, "budget = -2 is negative"),
    (([GOOD],), {"budget": np.nan}, "budget = nan"),
    (([GOOD, OTHER],), {"budget": 0.5}, r"budget = 0\.5 usd .* buys nothing: the cheapest is a "),
    (([GOOD, OTHER],), {"target": 0.99}, r"target = 0\.99 is not reached: the most is 1|0\.99"),
    (([GOOD],), {"target": 0.9}, r"target = 0\.9 is not reached: the most is 0\.6667, a .*k_max"),
    (([GOOD],), {"budget": 1.0, "strategies": ["vote"]}, "strategies: 'vote' is none of"),
    (([GOOD],), {"budget": 1.0, "strategies": ["majority"]},
     "'majority' is not to be had for 'a': its samples hold no answer"),
    (([GOOD],), {"budget": 1.0, "confidence": 0.9}, r"confidence = 0\.9 is of a target"),
    (([GOOD],), {"budget": 1.0, "k_max": 0}, "k_max = 0 is below 1"),
    (([GOOD],), {"budget": 1.0, "level": 1.5}, "level = 1.5"),
]


@pytest.mark.parametrize(("given", "options", "message"), BAD_PLANS)
def test_impossible_plans_name_the_argument(given, options, message):
    if options.get("target") == 0.99:
        given = ([GOOD, Candidate("b", (10, [0, 3, 9]), Cost("usd", 2.0))],)
        message = r"target = 0\.99 is not reached"
    with pytest.raises(ValueError, match=message):
        make_plan(*given, **options)


BAD_CANDIDATES = [
    (("a", 5, Cost("usd", 1.0)), "data must be Samples"),
    (("a", (10, [11]), Cost("usd", 1.0)), "exceeds n_samples"),
    (("a", (10, [1]), 2.0), "cost = 2.0 must be a Cost"),
    (("a", (10, [1]), Cost("usd", 1.0), Cost("flops", 1.0)), "scorer is paid in flops"),
]


@pytest.mark.parametrize(("given", "message"), BAD_CANDIDATES)
def test_impossible_candidates(given, message):
    with pytest.raises(ValueError, match=message):
        Candidate(*given)


def test_searches_are_checked():
    with pytest.raises(ValueError, match="must be .n_k,., .n_problems, n_k. and"):
        Search("beam", [1, 2], [[0.5], [0.5]], [1.0, 2.0])
    with pytest.raises(ValueError, match="correct"):
        Search("beam", [1], [[1.5]], [1.0])
    with pytest.raises(ValueError, match="must name each of the 2 rows once"):
        Search("beam", [1], [[0.5], [0.5]], [1.0], problem=["x", "x"])


@pytest.mark.parametrize("searches", [["oracle"], ["beam", "beam"]])
def test_searches_have_names_of_their_own(searches):
    with pytest.raises(ValueError, match="names of their own"):
        Candidate("a", (4, [1, 2]), Cost("usd", 1.0), searches=[
            Search(name, [1], [[0.5], [0.5]], [1.0]) for name in searches])


def test_a_strategy_named_twice_is_one():
    found = make_plan([GOOD, OTHER], budget=9.0, strategies=["oracle", "oracle", "single"])
    assert found.curve_table().groupby(["model", "strategy"]).ngroups == 4
    ahead = forecast((10, [0, 3, 7, 1, 2, 5]), [5, 20])
    with pytest.raises(ValueError, match="'single' needs k = 1"):
        make_plan([Candidate("a", ahead, Cost("usd", 1.0))], budget=9.0, strategies="single")


def test_what_is_available_follows_the_data():
    with_both = Candidate("a", answered(np.random.default_rng(0), 1.0, 4), Cost("usd", 1.0))
    assert not any(available(with_both).values())
    assert available(GOOD)["best_of_n"] == "its samples hold no score"


def test_records_say_units_and_travel_as_json():
    found = make_plan([GOOD, OTHER], budget=9.0)
    assert "cost_usd_per_problem" in found.table().columns
    assert found.table().is_choice.sum() == 1
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert json.loads(text)["choice"]["model"] == found.choice.model
    assert "USD per problem" in found.verdict and "cost_usd_per_problem" in str(found)
    assert found._repr_markdown_().count("\n|") >= 3
    again = make_plan([GOOD, OTHER], budget=9.0)
    assert again.to_dict() == found.to_dict()


def test_a_plan_can_be_drawn():
    plt = pytest.importorskip("matplotlib.pyplot")
    fig, ax = plt.subplots()
    make_plan([GOOD, OTHER], target=0.5, budget=20.0).plot(ax)
    assert ax.get_xlabel() == "USD per problem" and len(ax.lines) == 5
    plt.close(fig)


def test_a_single_sample_is_one_option_whatever_its_strategy():
    given = [Candidate("a", answered(np.random.default_rng(2), 1.2, 5), Cost("usd", 1.0),
                       Cost("usd", 0.1))]
    found = make_plan(given, budget=1.5)
    assert [(o.strategy, o.k) for o in found.options] == [("majority", 1)]
    assert found.runner_up is None and found.doubt.word == "alone"
    more = make_plan(given, budget=2.5)  # a vote of two is worth one sample, and costs more
    assert {o.strategy: o.k for o in more.options}["majority"] == 1


def test_equal_curves_are_a_tie_to_the_last_digit():
    counts_of = np.arange(30) % 8
    given = [Candidate(name, (7, counts_of), Cost("usd", 1.0)) for name in "ab"]
    for options in ({"budget": 3.0}, {"target": 0.6}):
        found = make_plan(given, **options)
        assert found.p_runner_up_better == 0.5 and found.doubt.word == "tie"


def test_too_few_solved_problems_are_not_forecast():
    c = np.zeros(60, int)
    c[:3] = 2
    few = Candidate("few", (40, c), Cost("usd", 1.0))
    many = Candidate("many", (40, np.arange(60) % 7), Cost("usd", 5.0))
    found = make_plan([few, many], budget=400.0, k_max=400)
    assert found.choice.model == "many" and found.choice.beyond_samples
    assert {o.model: o.k for o in found.options}["few"] <= 40
    assert any("no forecast of it" in note for note in found.assumes)
    assert json.dumps(found.to_dict(), allow_nan=False)


def place(found, option):
    """Curve of an option, and its place on it."""
    c = next(c for c in found.curves if c.name == (option.model, option.strategy))
    return c, list(c.k).index(option.k)


def test_a_budget_buys_to_the_last_sample():
    c = np.random.default_rng(1).binomial(1000, np.random.default_rng(2).beta(0.3, 9, 40))
    one = Candidate("one", (1000, c), Cost("usd", 0.01))
    assert make_plan([one], budget=7.77).choice.k == 777
    assert make_plan([one], budget=12.34, k_max=2000).choice.k == 1234


def test_the_gap_is_taken_at_the_cost_of_the_choice():
    given = candidates(counts(np.random.default_rng(4), 40, 80), 40)
    found = make_plan(given, target=0.75)
    other = found.curve_table().query("model == @found.runner_up.model")
    same = other[other.cost_usd_per_problem <= found.choice.cost_per_problem].accuracy.max()
    assert np.isclose(found.doubt.gap, found.choice.accuracy - same)
    found = make_plan(given, budget=9.0)
    (one, i), (two, j) = (place(found, o) for o in (found.choice, found.runner_up))
    gaps = one.draws[:, i] - two.draws[:, j]
    assert np.isclose(found.doubt.gap, found.choice.accuracy - found.runner_up.accuracy)
    assert np.isclose(found.doubt.regret, np.maximum(-gaps, 0).mean())
    assert np.isclose(found.p_runner_up_better, (gaps < 0).mean(), atol=0.01)


def test_beyond_the_samples_problems_and_forecast_both_count():
    rng, n_draws = np.random.default_rng(9), 1000
    one = Candidate("one", (60, rng.binomial(60, rng.beta(0.3, 3.0, 100))), Cost("usd", 1.0))
    found = make_plan([one], budget=120.0, k_max=120, n_draws=n_draws)
    c, at = place(found, found.choice)
    parts = c.table[:, at].var() / 100, c.unsure[:, -1].var()
    assert c.k[at] == 120 and min(parts) > 4 * np.sqrt(2 / n_draws) * sum(parts)
    assert np.isclose(c.draws[:, at].var(), sum(parts), rtol=4 * np.sqrt(2 / n_draws))
    error = 4 * np.sqrt(sum(parts) / n_draws)
    assert abs(c.draws[:, at].mean() - found.choice.accuracy - c.unsure[:, -1].mean()) < error


def test_fewer_draws_are_taken_from_all_laws_of_a_forecast():
    """Draws stand in the order of the laws; the first half would leave out the other families."""
    ahead = forecast((30, np.arange(60) % 5), [300])
    one = make_plan([Candidate("a", ahead, Cost("usd", 1.0))], budget=300.0, n_draws=500)
    drawn, every = one.curves[0].draws[:, 0], ahead.draws[0]
    assert len(drawn) == 500 < len(every)
    assert not set(drawn) <= set(every[:500])
    assert abs(drawn.mean() - every.mean()) < 4 * every.std() / np.sqrt(500)
