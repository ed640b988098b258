"""Forecasts with other models, what counts alone say, and a slice of the backtest."""
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import expit

from scaling_utils.forecasting import (
    alike,
    allocate,
    backtest,
    grid,
    history,
    ledger,
    runs,
    scores,
    unseen,
)
from scaling_utils.forecasting.bank import bank
from scaling_utils.forecasting.forecast import forecast


def world(seed, n_problems=100, rho=0.9, m=30, k=3000):
    """Counts of a target after m and k samples, and of two models of the same problems."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal(n_problems)
    scores_ = [rho * common + np.sqrt(1 - rho**2) * rng.standard_normal(n_problems)
               for _ in range(3)]
    target, *others = [expit(-5 + shift + 2.5 * z) for z, shift in zip(scores_, (0, 1, 2),
                                                                       strict=True)]
    first = rng.binomial(m, target)
    late = first + rng.binomial(k - m, target)
    return (m, first), (late > 0).mean(), [(1000, rng.binomial(1000, p)) for p in others]


@pytest.mark.slow
def test_history_holds_and_is_narrower():
    held, narrower = [], []
    for seed in range(6):
        samples, truth, others = world(seed)
        with_, without = (forecast(samples, 3000, history=h) for h in (others, None))
        held.append(with_.low[0] <= truth <= with_.high[0])
        narrower.append((with_.high - with_.low)[0] < (without.high - without.low)[0])
    assert sum(held) >= 4 and sum(narrower) >= 5  # of 6; 90 % intervals give 4 or more in 98 %
    assert with_.history == 2


def named(pair, order):
    """A record with names of problems, in the given order."""
    n, c = np.broadcast_arrays(*pair)
    return SimpleNamespace(counts=lambda: (n[order], c[order]), problem=order, design="fixed")


def test_problems_are_matched_by_name():
    samples, _, others = world(3)
    plain = np.arange(100)
    mixed = np.random.default_rng(1).permutation(100)
    one = forecast(named(samples, plain), 3000, history=[named(h, plain) for h in others])
    two = forecast(named(samples, plain), 3000, history=[named(h, mixed) for h in others])
    np.testing.assert_array_equal(one.draws, two.draws)
    with pytest.raises(ValueError, match=r"history\[0\] has no problem"):
        forecast(named(samples, plain), 3000, history=[named(others[0], plain[1:])])


def test_other_problems_lend_their_law_alone():
    samples, truth, others = world(4)
    f = forecast(samples, 3000, history=[(n, c[:60]) for n, c in others])
    assert f.low[0] <= truth <= f.high[0]
    with pytest.raises(ValueError, match="takes no history"):
        forecast(samples, 3000, history=others, method="bank")
    with pytest.raises(ValueError, match="history is empty"):
        forecast(samples, 3000, history=[])


def test_the_order_of_the_problems_says_nothing_of_a_law():
    """Shuffled counts have the same law, and it is not worked out twice."""
    rng = np.random.default_rng(5)
    n, c = np.full(40, 30), rng.binomial(30, 0.2, 40)
    order = rng.permutation(40)
    told = history._cached((n, c), bank())
    assert history._cached((n[order], c[order]), bank()) is told


def test_scores_of_another_model_order_its_problems():
    pair = np.full(5, 1000), np.array([0, 1, 10, 100, 900])
    known = history.read([pair], bank(), 4, np.random.default_rng(0))
    assert (np.diff(known.score[0]) > 0).all()
    assert known.doubt[0, 0] > 4 * known.doubt[0, 3]  # a count of zero says little
    np.testing.assert_allclose(known.moved.sum(axis=1), 1, rtol=1e-5)
    assert known.prior.sum() == pytest.approx(1)


def test_identified_bounds_hold_a_known_law():
    p = expit(np.random.default_rng(2).normal(-3, 2, 20_000))
    c = np.random.default_rng(3).binomial(50, p)
    low, high = unseen.identified_bounds((50, c), [50, 100, 1000])
    truth = [np.mean(1 - (1 - p) ** k) for k in (50, 100, 1000)]
    assert (low <= np.array(truth) + 0.01).all() and (np.array(truth) <= high + 0.01).all()
    assert unseen.identified_bounds((5, [5, 5]), [9]).tolist() == [[1.0], [1.0]]


def test_good_toulmin_is_unbiased_where_the_series_converges():
    rng = np.random.default_rng(5)
    p = rng.beta(0.5, 8, 200_000) / 2.5
    got = unseen.good_toulmin((20, rng.binomial(20, p)), [20, 30, 40])
    np.testing.assert_allclose(got, [np.mean(1 - (1 - p) ** k) for k in (20, 30, 40)], atol=0.005)
    far = unseen.good_toulmin((20, rng.binomial(20, p)), [400], smooth=True)
    assert np.isfinite(far).all()


def test_the_floor_is_the_error_of_who_knows_the_law():
    rng = np.random.default_rng(6)
    p = rng.beta(0.3, 10, (4000, 100))
    open_ = rng.random(p.shape) < (1 - p) ** 10
    late = open_ & (rng.random(p.shape) < (1 - p) ** 90)
    mean = [np.mean((1 - rng.beta(0.3, 10, 10**6)) ** k) for k in (10, 100)]
    forecast_ = open_.mean(axis=1) * mean[1] / mean[0]
    error = np.abs(forecast_ - late.mean(axis=1)).mean()
    assert unseen.floor(*mean, 100) == pytest.approx(error, rel=0.05)


@pytest.mark.slow
def test_bracket_contains_the_law_and_the_nonparametric_fit_is_no_worse():
    rng = np.random.default_rng(7)
    p = rng.beta(0.4, 10, 150)
    c = rng.binomial(40, p)
    low, high = unseen.npmle_bracket((40, c), [40, 80])
    assert low[0] < (c > 0).mean() < high[0] and high[0] - low[0] < high[1] - low[1]
    law = unseen.npmle((40, c))
    rows = grid.kernel(np.full(c.size, 40), c)
    assert np.log(rows @ law).sum() >= np.log(bank().laws[:500] @ rows.T).sum(axis=1).max()
    with pytest.raises(ValueError, match="drop"):
        unseen.npmle_bracket((40, c), 80, drop=0)
    with pytest.raises(ValueError, match="differ between problems"):
        unseen.identified_bounds(([4, 5], [0, 1]), 9)


def test_first_samples_of_a_run_that_stopped():
    run = next(run for run in runs.runs() if run.batch)
    n, c = run.first(100, np.random.default_rng(1))
    assert n.max() == 100 and (c[run.n > 120] == 0).all() and (c <= run.batch).all()
    solved = ((run.n <= 60) & (run.c > 0)).mean()
    assert ((c > 0) & (n == 60)).mean() == solved
    assert run.truth([60])[0] == solved and run.horizon(np.array([1000]))[0] == 1020


@pytest.mark.slow
def test_a_slice_of_the_backtest():
    table = backtest.backtest(2, 1, m=(100,), workers=1, only=("GSM8K",))
    assert set(table.m) == {100} and set(table.k) == {1000, 10_000}
    assert {"average", "average, history", "coverage seen", "law known (floor)"} <= set(
        table.method)
    known = table[table.method == "average"]
    assert (known.mae < 0.1).all() and known.hold_90.between(0, 1).all()
    means = scores.by_group(table)
    assert means.loc[("18 Monkeys", 10_000, "average", 100), "mae"] < 0.05
    gap = scores.paired(table, "average", "coverage seen")
    assert gap.runs.tolist() == [2, 2] and np.isfinite(gap.standard_error).all()


def test_failures_count_as_coverage_seen():
    def fails():
        raise ValueError("no line")

    made = {"broken": backtest._timed(fails)}
    rows = list(backtest._scores(made, np.array([0.5]), 0.2))
    assert rows[0][2:4] == (0.3, -0.3) and rows[0][-2] == 1.0


def test_the_next_sample_goes_where_coverage_is_open():
    plan = allocate.next_samples((20, [0, 1, 10, 20]), 20, size=4, batch=5)
    assert set(plan.problem[:2]) == {0, 1}  # rates near 1 / k
    assert (plan.gain >= 0).all() and plan.gain[3] < plan.gain[1] / 100
    assert not plan.answered
    assert allocate.next_samples((2000, [1500, 1900] * 30), 20).answered
    with pytest.raises(ValueError, match="width"):
        allocate.next_samples((20, [0, 1]), 20, width=0)


def test_variance_falls_by_the_gain_on_average():
    law = bank().laws[2100].astype(float)
    n, c = np.array([10]), np.array([0])
    before, weight = allocate._variance(n, c, 50, law)
    hit = (weight @ grid.P)[0]
    after = [allocate._variance(n + 1, c + j, 50, law)[0][0] for j in (0, 1)]
    expected = before[0] - (1 - hit) * after[0] - hit * after[1]
    assert allocate._gain(n, c, 50, 1, law)[0] == pytest.approx(expected)


@pytest.mark.slow
def test_ledger_of_one_benchmark_and_a_sealed_forecast(tmp_path):
    some = [run for run in runs.runs() if run.group == "MiniF2F-MATH"]
    table = ledger.headline(some, m=(100,))
    assert list(table.columns) == ledger.COLUMNS and len(table) == 4
    assert set(table.method) == {"average", "average, history"}
    path = forecast((100, some[0].first(100, np.random.default_rng(1))[1]), 10_000).seal(
        tmp_path / "one.json")
    more = ledger.add(table, path, (some[0].n, some[0].c), group="x", model="y")
    assert more.source.tolist()[-1] == "sealed" and bool(more.held_90.iloc[-1])
    assert ledger.held(more).forecasts.sum() == 5


@pytest.mark.slow
def test_other_models_by_size_and_strength():
    some = [run for run in runs.runs() if run.group == "MiniF2F-MATH"]
    rows = alike.table(1, some)
    assert len(rows) == 2 * (3 + 1) * 2 and set(rows["size"]) == {100, 1000, 10_000}
    assert alike.by_size(rows).shape == (6, 5)
    one = alike.by_strength(rows)
    assert one.pairs.sum() == 4 and np.isfinite(one.gain).all()
