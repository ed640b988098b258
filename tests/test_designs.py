"""Unequal numbers of samples and sampling until a first success, against counting by hand."""
import numpy as np
import pytest

from scaling_utils import (
    Samples,
    coverage,
    coverage_interval,
    coverage_table,
    fit_counts,
    fit_curve,
    solved_by,
)


def stopped(n, c, **options):
    return Samples.from_counts(n, c, design="first_success", **options)


def run(q, batch, cap, rng):
    """Batches until one holds a success, or the cap: samples and successes."""
    n = 0
    while n < cap:
        n, c = n + batch, rng.binomial(batch, q)
        if c:
            return n, c
    return n, 0


def test_share_solved_is_counted():
    found = solved_by(stopped([60, 120, 180, 180], [5, 1, 2, 0], batch=60, cap=180), [60, 120, 180])
    assert found.value.tolist() == [0.25, 0.5, 0.75]
    assert found.n_problems == 4 and (found.low < found.value).all() and found.draws.shape[1] == 3


def test_what_counting_subsets_would_say_is_too_high_and_this_is_not():
    rng, batch, cap = np.random.default_rng(1), 10, 200
    q = rng.beta(0.4, 20, 3000)
    n, c = np.array([run(x, batch, cap, rng) for x in q]).T
    truth = np.mean(1 - (1 - q) ** np.array([[10], [50], [200]]), axis=1)
    found = solved_by(stopped(n, c, batch=batch, cap=cap), [10, 50, 200])
    np.testing.assert_allclose(found.value, truth, atol=4 * 0.5 / np.sqrt(3000))
    naive = coverage(n, c, batch)
    assert naive > truth[0] + 0.05 and (found.low <= truth).all() and (truth <= found.high).all()


def test_a_curve_of_counted_subsets_is_not_fitted_to_stopped_samples():
    """The likelihood of counts ignores when sampling stopped; a curve from them does not."""
    rng = np.random.default_rng(3)
    n, c = np.array([run(q, 1, 300, rng) for q in rng.beta(0.5, 4, 800)]).T
    runs = stopped(n, c, cap=300)
    with pytest.raises(ValueError, match="fit_curve: .*first success"):
        fit_curve("coverage_power_law", ([1],), counts=runs)
    fit = fit_counts("beta_failure", runs, n_resamples=0)
    assert fit.values["alpha"] == pytest.approx(4, rel=0.25)
    assert fit.values["beta"] == pytest.approx(0.5, rel=0.2)


def test_equal_caps_need_no_assumption_and_product_limit_agrees():
    n, c = np.array([1, 2, 2, 4, 5, 5, 5]), np.array([1, 1, 1, 1, 0, 0, 1])
    share = solved_by(stopped(n, c, cap=5), [1, 2, 3, 4, 5]).value
    np.testing.assert_allclose(share, [1 / 7, 3 / 7, 3 / 7, 4 / 7, 5 / 7], rtol=1e-14)


def test_product_limit_by_hand():
    """Two of five solved at 1; one ends unsolved at 2; of two left one is solved at 3."""
    runs = stopped([1, 1, 2, 3, 4], [1, 1, 0, 1, 0])
    value = solved_by(runs, [1, 2, 3, 4]).value
    np.testing.assert_allclose(value, [0.4, 0.4, 1 - 0.6 * 0.5, 1 - 0.6 * 0.5], rtol=1e-14)


def test_runs_cut_short_at_random_leave_the_estimate_right():
    rng = np.random.default_rng(2)
    q = rng.beta(0.8, 8, 4000)
    first = rng.geometric(q)
    cut = rng.integers(1, 60, q.size)
    n, c = np.minimum(first, cut), (first <= cut).astype(int)
    k = [1, 10, 40]
    truth = np.mean(1 - (1 - q) ** np.array(k)[:, None], axis=1)
    found = solved_by(stopped(n, c), k, n_resamples=100)
    np.testing.assert_allclose(found.value, truth, atol=0.05)
    dropped = [np.mean((first <= cut) & (first <= x)) for x in k]
    assert dropped[2] < truth[2] - 0.05


def test_all_or_none_solved_is_no_point():
    none = solved_by(stopped([5, 5, 5], [0, 0, 0], cap=5), 5)
    assert none.value == 0 and none.low == 0
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 3))
    short = solved_by(stopped([2, 5, 5], [0, 0, 0]), [1, 5])  # two problems are known at 5
    np.testing.assert_allclose(short.high, 1 - 0.025 ** (1 / np.array([3, 2])))
    assert short.low.tolist() == [0, 0]
    assert "exact bound" in short.note
    everything = solved_by(stopped([1, 1, 1], [1, 1, 1]), [1, 100])
    assert everything.value.tolist() == [1, 1] and (everything.low < 1).all()


@pytest.mark.parametrize(("samples", "k", "message"), [
    (stopped([60, 120], [1, 0], batch=60, cap=120), 50, "k = 50 is no multiple of the batch of 60"),
    (stopped([60, 120], [1, 0], batch=60, cap=120), 180, "k = 180 is beyond the longest run"),
    (stopped([1, 2], [1, 1]), 0, "k = 0 is below 1"),
    (Samples.from_counts(5, [1, 2]), 1, r"design 'fixed': take coverage\(samples, k\)"),
    (Samples.concat([stopped([1, 2], [1, 1], model=m) for m in "ab"]), 1, "by_model"),
])
def test_solved_by_refuses(samples, k, message):
    with pytest.raises(ValueError, match=message):
        solved_by(samples, k)


def test_the_cap_may_lie_within_a_batch():
    runs = stopped([60, 100], [1, 0], batch=60, cap=100)
    assert solved_by(runs, 100).value == 0.5


def test_table_of_unequal_samples():
    samples = Samples.from_counts([20, 20, 5, 2], [4, 0, 5, 1])
    table = coverage_table(samples, [1, 5, 20, 30], short="leave_out", level=0.8, rng=3)
    assert table.n_problems.tolist() == [4, 3, 2, 0]
    assert table.not_enough_samples.tolist() == [0, 1, 2, 4]
    assert table.coverage[1] == pytest.approx(float(coverage([20, 20, 5], [4, 0, 5], 5)))
    assert np.isnan(table.loc[3, ["coverage", "low", "high"]].astype(float)).all()
    few = coverage_table(samples, 1, level=0.8, n_resamples=100, rng=3)
    for found, options in ((table, {}), (few, {"n_resamples": 100})):
        ends = coverage_interval([20, 20, 5, 2], [4, 0, 5, 1], 1, level=0.8, rng=3, **options)
        assert (found.low[0], found.high[0]) == tuple(ends)
    assert few.low[0] != table.low[0]


def test_table_without_leave_is_refused():
    samples = Samples.from_counts([20, 5], [4, 0])
    with pytest.raises(ValueError, match=r"k\[1\] = 6 exceeds n_samples\[1\] = 5"):
        coverage_table(samples, [5, 6])
    with pytest.raises(ValueError, match="short = 'drop' must be"):
        coverage_table(samples, 5, short="drop")
    assert coverage_table(samples, 5).coverage.tolist() == pytest.approx(
        [float(coverage([20, 5], [4, 0], 5))])
