"""Intervals over problems: against plain formulas, exact bounds, and coverage of known truths."""
import numpy as np
import pytest
from scipy.stats import beta as beta_distribution
from scipy.stats import binomtest, bootstrap, norm, t

from scaling_utils import coverage_interval, over_problems, pass_at_k
from scaling_utils.estimate import intervals

RNG = np.random.default_rng(3)
TABLE = pass_at_k(50, RNG.binomial(50, RNG.beta(0.5, 2, 80)), [1, 5, 25])


def tolerance(level, n_worlds):
    """Four standard deviations of the share of worlds in which an interval holds."""
    return 4 * np.sqrt(level * (1 - level) / n_worlds)


def test_percentiles_of_multinomial_means():
    """The definition, written out."""
    weights = np.random.default_rng(5).multinomial(80, np.full(80, 1 / 80), 300)
    means = weights @ TABLE / 80
    found = over_problems(TABLE, n_resamples=300, level=0.8, rng=5)
    np.testing.assert_array_equal(found.draws, means)
    np.testing.assert_array_equal(found.ends, np.quantile(means, [0.1, 0.9], axis=0))
    np.testing.assert_allclose(found.value, TABLE.mean(axis=0), rtol=1e-14)
    assert (found.level, found.n_problems, found.kind) == (0.8, 80, "pointwise")
    assert "300 resamples" in found.note


def test_a_function_of_the_rows_is_the_mean_if_it_averages():
    found = over_problems(TABLE, lambda rows: rows.mean(axis=0), n_resamples=100)
    np.testing.assert_allclose(found.draws, over_problems(TABLE, n_resamples=100).draws)
    spread = over_problems(TABLE[:, 0], np.ptp, n_resamples=100)
    assert isinstance(spread.value, float) and spread.value == np.ptp(TABLE[:, 0])


def test_pairs_are_drawn_together():
    """A second table that is the first plus a constant differs by that constant, always."""
    shifted = over_problems(0.5 * TABLE + 0.3, paired=0.5 * TABLE + 0.1, n_resamples=100)
    np.testing.assert_allclose(shifted.draws, 0.2, atol=1e-12)
    own = over_problems(TABLE, np.median, paired=1 - TABLE, n_resamples=100)
    assert own.value == pytest.approx(np.median(TABLE) - np.median(1 - TABLE))
    noise = RNG.random(80)
    pair = over_problems(noise, paired=noise + 0.01 * RNG.random(80), n_resamples=400)
    alone = over_problems(noise, n_resamples=400)
    assert np.ptp(pair.ends) < 0.1 * np.ptp(alone.ends)


def test_clusters_of_copies_are_as_wide_as_their_number():
    """Sixty problems, each three times: resampling problems would be too narrow by root 3."""
    column = RNG.random(60)
    copies = np.repeat(column, 3)
    right = over_problems(column, n_resamples=2000)
    found = over_problems(copies, clusters=np.repeat(np.arange(60), 3), n_resamples=2000)
    np.testing.assert_allclose(found.draws, right.draws, rtol=1e-12)
    naive = over_problems(copies, n_resamples=2000)
    assert np.ptp(found.ends) / np.ptp(naive.ends) == pytest.approx(np.sqrt(3), rel=0.1)


def test_clusters_of_unequal_size_keep_the_mean_over_problems():
    labels = np.array(["a"] * 70 + ["b"] * 10)
    found = over_problems(TABLE[:, 0], clusters=labels, n_resamples=200)
    both = np.isclose(found.draws, TABLE[:, 0].mean())
    ends = [TABLE[labels == x, 0].mean() for x in "ab"]
    only = np.isclose(found.draws[:, None], ends).any(axis=1)
    assert (both | only).all() and both.any() and only.any()
    assert "clusters" in found.note


@pytest.mark.parametrize(("solved", "n"), [(True, 127), (False, 127), (True, 8), (False, 8)])
@pytest.mark.parametrize("level", [0.95, 0.6])
@pytest.mark.parametrize("simultaneous", [True, False])
def test_all_or_none_solved_is_the_exact_binomial_interval(solved, n, level, simultaneous):
    found = over_problems(np.full(n, float(solved)), level=level, simultaneous=simultaneous)
    exact = binomtest(n * solved, n).proportion_ci(level)
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-12)
    assert "exact bound" in found.note


def test_coverage_of_solved_problems_starts_below_one():
    ends = coverage_interval(10_000, np.full(127, 9_000), [1, 10_000])
    np.testing.assert_allclose(ends[:, 1], [0.9714, 1], atol=5e-5)
    assert ends[0, 0] < 0.9 < ends[1, 0]  # alike everywhere, at 0.9: bounded on both sides


def test_problems_that_agree_beside_some_that_do_not():
    table = np.column_stack([TABLE[:, 0], np.ones(80)])
    found = over_problems(table)
    np.testing.assert_allclose(found.ends[:, 0], over_problems(TABLE[:, 0]).ends, rtol=1e-12)
    assert found.low[1] == pytest.approx(0.025 ** (1 / 80)) and "Where all agree" in found.note


def test_equal_models_differ_by_what_may_be_unseen():
    found = over_problems(TABLE[:, 0], paired=TABLE[:, 0])
    unseen = 1 - 0.025 ** (1 / 80)
    assert (found.low, found.high) == pytest.approx((-unseen, unseen))


def test_no_interval_where_nothing_bounds_it():
    found = over_problems(np.full(70, 3.5))
    assert found.value == 3.5 and np.isnan(found.ends).all() and "no interval" in found.note
    peak = over_problems(np.tile([0.1, 0.9, 0.2], (70, 1)), lambda rows: rows.mean(axis=0).argmax())
    assert peak.value == 1 and np.isnan(peak.ends).all()


def test_a_level_so_low_that_percentiles_meet_is_no_point():
    table = np.zeros(5000)
    table[0] = 1
    assert over_problems(table, level=0.05, n_resamples=200).low < 2e-4
    assert np.ptp(over_problems(table, level=0.05, n_resamples=200).ends) > 0


@pytest.mark.parametrize("n_problems", [15, 80])
@pytest.mark.slow
def test_intervals_hold_known_truths(n_problems):
    """Skewed success rates, Beta(0.3, 4), where percentiles of 15 problems hold 84 % for 95 %."""
    worlds, level, truth = 400, 0.95, 0.3 / 4.3
    rng = np.random.default_rng(n_problems)
    found = [over_problems(rng.beta(0.3, 4, n_problems), n_resamples=200, rng=rng)
             for _ in range(worlds)]
    hits = np.mean([x.low <= truth <= x.high for x in found])
    slack = 0.02  # of the approximation; percentiles miss by 0.1 of 15 problems
    assert hits == pytest.approx(level, abs=tolerance(level, worlds) + slack)


@pytest.mark.slow
def test_other_statistics_of_small_sets_hold_the_truth():
    """Mean of an unbounded, skewed quantity of 15 problems: percentiles hold about 85 %."""
    worlds, rng, level = 300, np.random.default_rng(8), 0.9
    hits = []
    for _ in range(worlds):
        found = over_problems(rng.exponential(3.0, 15), level=level, n_resamples=200, rng=rng)
        hits.append(found.low <= 3.0 <= found.high)
    assert np.mean(hits) == pytest.approx(level, abs=tolerance(level, worlds) + 0.02)


@pytest.mark.parametrize("n_problems", [20, 90])
@pytest.mark.slow
def test_a_band_holds_the_whole_curve_and_points_do_not(n_problems):
    worlds, level, k = 150, 0.95, np.arange(1, 41, 5)
    q = beta_distribution(0.5, 3).ppf((np.arange(20_000) + 0.5) / 20_000)
    truth = np.array([np.mean(1 - (1 - q) ** x) for x in k])
    rng, held = np.random.default_rng(4), np.zeros((2, worlds))
    for world in range(worlds):
        table = pass_at_k(40, rng.binomial(40, rng.beta(0.5, 3, n_problems)), k)
        for kind in (0, 1):
            found = over_problems(table, n_resamples=200, rng=world, simultaneous=bool(kind))
            held[kind, world] = ((found.low <= truth) & (truth <= found.high)).all()
    points, band = held.mean(axis=1)
    assert band == pytest.approx(level, abs=tolerance(level, worlds) + 0.02)
    assert points < band - 0.02
    assert found.kind == "simultaneous" and (0 <= found.low).all() and (found.high <= 1).all()


def test_a_band_of_one_point_is_close_to_its_interval():
    rng = np.random.default_rng(12)
    column = rng.normal(5, 2, 400)
    point, band = over_problems(column), over_problems(column, simultaneous=True)
    np.testing.assert_allclose(band.ends, point.ends, atol=0.05)


def test_width_follows_the_level():
    widths = [np.ptp(over_problems(TABLE[:, 0], level=x).ends) for x in (0.5, 0.9, 0.99)]
    assert widths[0] < widths[1] < widths[2]
    small = [np.ptp(over_problems(TABLE[:20, 0], level=x).ends) for x in (0.5, 0.9, 0.99)]
    assert small[0] < small[1] < small[2]
    for level in (0.5, 0.9):
        point = over_problems(TABLE[:, 0], level=level, n_resamples=4000)
        band = over_problems(TABLE[:, 0], level=level, n_resamples=4000, simultaneous=True)
        assert np.ptp(band.ends) == pytest.approx(np.ptp(point.ends), rel=0.1)


def test_small_sets_against_the_bca_interval_of_scipy():
    """The same percentiles at the level to which Student's factor widens them."""
    column = np.random.default_rng(6).exponential(3.0, 20)
    wide = 2 * norm.cdf(t.ppf(0.95, 19) * np.sqrt(20 / 19)) - 1
    theirs = bootstrap((column,), np.mean, confidence_level=wide, n_resamples=20_000, rng=1)
    ours = over_problems(column, level=0.9, n_resamples=20_000)
    low, high = theirs.confidence_interval
    plain = np.quantile(ours.draws, [(1 - wide) / 2, (1 + wide) / 2])
    np.testing.assert_allclose(ours.ends, [low, high], atol=0.06)
    assert (ours.ends - plain > 0.12).all()


def test_columns_of_a_small_set_are_corrected_each_by_itself():
    """Columns far apart in size: neither bias nor skewness of one reaches the other."""
    table = np.random.default_rng(6).exponential([1.0, 100.0], (20, 2))
    alone = [over_problems(column, n_resamples=400, level=0.9).ends for column in table.T]
    found = over_problems(table, n_resamples=400, level=0.9)
    np.testing.assert_allclose(found.ends.T, alone, rtol=1e-12)


def test_accelerated_percentiles_by_hand():
    """Efron's formula for the mean: skewness of the problems over six moves both ends."""
    column = np.random.default_rng(9).exponential(3.0, 12)
    found = over_problems(column, n_resamples=2000, level=0.8)
    away = column - column.mean()  # a problem left out moves the mean by its distance from it
    speed = (away**3).sum() / (6 * (away**2).sum() ** 1.5)
    below = (found.draws < found.value).mean() + (found.draws == found.value).mean() / 2
    shift = norm.ppf(below)
    z = t.ppf(0.9, 11) * np.sqrt(12 / 11) * np.array([-1, 1]) + shift
    at = 2000 * norm.cdf(shift + z / (1 - speed * z)) - 0.5
    ordered = np.sort(found.draws)
    assert found.low == ordered[int(np.floor(at[0]))]
    assert found.high == ordered[int(np.ceil(at[1]))]


def test_seeds_and_generators():
    a, b = (over_problems(TABLE, rng=7, n_resamples=50) for _ in range(2))
    c = over_problems(TABLE, rng=np.random.default_rng(7), n_resamples=50)
    np.testing.assert_array_equal(a.draws, b.draws)
    np.testing.assert_array_equal(a.draws, c.draws)
    assert (a.draws != over_problems(TABLE, rng=8, n_resamples=50).draws).any()


def test_in_words():
    assert str(over_problems(TABLE[:, 0])).startswith("0.1")
    assert "95 % pointwise interval, 80 problems" in str(over_problems(TABLE))


@pytest.mark.parametrize(("arguments", "options", "message"), [
    (([0.1, 0.2],), {"level": -0.5}, r"level = -0.5 must be between 0 and 1"),
    (([0.1, 0.2],), {"level": 95}, r"level = 95 must be between 0 and 1"),
    (([0.1, 0.2],), {"level": 1}, r"level = 1 must be"),
    (([0.1, 0.2],), {"level": "high"}, "level must hold numbers"),
    (([0.1, 0.2],), {"n_resamples": 0}, "n_resamples = 0 is too few for level = 0.95: at least 40"),
    (([0.1, 0.2],), {"n_resamples": 100, "level": 0.99}, "n_resamples = 100 .* at least 200"),
    (([0.1, 0.2],), {"n_resamples": 1.5}, "n_resamples = 1.5 is not a whole number"),
    (([0.1, 0.2],), {"rng": "a"}, "rng = 'a' must be"),
    (([0.1, 0.2],), {"rng": -1}, "rng = -1 must be"),
    (([0.1, np.nan],), {}, r"table\[1\] = nan is not a finite number"),
    (([[0.1, 0.2]],), {}, "one problem cannot be resampled"),
    ((0.3,), {}, "one problem cannot be resampled"),
    (([0.1, 0.2], "median"), {}, "statistic = 'median' must be"),
    (([0.1, 0.2],), {"paired": [0.1]}, r"table \(2,\) and paired \(1,\)"),
    (([0.1, 0.2],), {"paired": [0.1, np.nan]}, r"paired\[1\] = nan is not a finite number"),
    (([0.1, 0.2],), {"clusters": [1]}, r"clusters \(1,\) must hold one label"),
    (([0.1, 0.2],), {"clusters": [1, 1]}, "one cluster"),
    (([0.1, 0.2], lambda rows: np.nan if np.ptp(rows) else 1.0), {}, "is not finite"),
])
def test_refusals(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        over_problems(*arguments, **options)


def test_coverage_interval_refuses_tables_and_bad_options():
    with pytest.raises(ValueError, match=r"n_correct is \(3, 2\): .*sum\(axis=1\)"):
        coverage_interval(2, np.ones((3, 2), int), 1)
    with pytest.raises(ValueError, match="level = -0.5 must be between"):
        coverage_interval(100, [1, 2, 3], 1, level=-0.5)


def test_blocks_of_resamples_change_nothing(monkeypatch):
    whole = over_problems(TABLE, n_resamples=100, rng=3)
    monkeypatch.setattr(intervals, "BLOCK", 80 * 7)
    np.testing.assert_array_equal(over_problems(TABLE, n_resamples=100, rng=3).draws, whole.draws)


def test_pairs_outside_zero_and_one_are_no_shares():
    """All differ by the same: an exact bound needs a largest difference, and there is none."""
    found = over_problems(np.zeros(9), paired=np.full(9, 1.5), n_resamples=200)
    assert np.isnan(found.low) and np.isnan(found.high)
    found = over_problems(np.full(9, 1.5), paired=np.zeros(9), n_resamples=200)
    assert np.isnan(found.low) and np.isnan(found.high)
    shares = over_problems(np.zeros(9), paired=np.ones(9), n_resamples=200)
    assert shares.low == -1 and -1 < shares.high < 0


def test_a_band_of_few_problems_by_hand():
    """Largest deviation in standard errors over the curve, widened as Student's t is."""
    table = np.random.default_rng(2).exponential(3.0, (9, 4))
    found = over_problems(table, n_resamples=400, level=0.9, simultaneous=True)
    error = found.draws.std(axis=0) * np.sqrt(9 / 8)
    factor = np.quantile((np.abs(found.draws - found.value) / error).max(axis=1), 0.9)
    width = factor * t.ppf(0.95, 8) / norm.ppf(0.95) * error
    np.testing.assert_allclose(found.high - found.value, width)
    np.testing.assert_allclose(found.value - found.low, width)


def test_an_interval_turns_round_with_its_statistic_where_no_resample_reaches_the_value():
    """Copies are not counted twice: the value is above all resamples, and minus it is below."""
    column = np.random.default_rng(4).exponential(2.0, 20)
    found, turned = (over_problems(column, lambda rows, way=way: way * np.unique(rows).sum(),
                                   n_resamples=40) for way in (1, -1))
    assert found.draws.max() < found.value and found.low < found.high
    np.testing.assert_allclose(found.ends, -turned.ends[::-1], rtol=1e-12)
