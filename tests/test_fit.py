"""Fits: errors that mean something, and intervals from resampled problems."""
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from scaling_utils import LAWS, Status, fit_counts, fit_curve, pass_at_k
from scaling_utils.fit.coordinates import Coordinates
from scaling_utils.fit.objective import count_terms
from scaling_utils.worlds.simulate import beta_counts

POWER, BETA = LAWS["coverage_power_law"], LAWS["beta_failure"]
K = np.array([1, 3, 10, 30, 100, 300, 1000])
LEVEL, SETS = 0.95, 150


def world(rng, n_problems=128, n_samples=1000, alpha=3.0, beta=0.4):
    return beta_counts(n_problems, n_samples, alpha, beta, rng)


@pytest.mark.slow
def test_intervals_of_counts_hold_the_truth():
    """Percentile intervals over problems: coverage within 4 binomial deviations of the level.

    Few samples per problem, and so few different counts: fast, and beyond n a forecast.
    """
    rng, hits, inside = np.random.default_rng(11), np.zeros(3), 0
    for _ in range(SETS):
        fit = fit_counts(BETA, 60, world(rng, n_samples=60), n_resamples=200, rng=rng)
        low, high = fit.predict_interval([500])
        truth = float(BETA(500, alpha=3.0, beta=0.4))
        ends = [*fit.intervals.values(), (low[0], high[0])]
        hits += [a < t < b for (a, b), t in zip(ends, (3.0, 0.4, truth), strict=True)]
        low, high = fit.predict_interval([500], level=0.5)
        inside += low[0] < truth < high[0]
    assert hits / SETS == pytest.approx(LEVEL, abs=4 * np.sqrt(LEVEL * (1 - LEVEL) / SETS))
    assert inside / SETS == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / SETS))


@pytest.mark.slow
def test_intervals_of_a_curve_hold_its_own_limit():
    """With counts the interval holds what infinitely many problems would give."""
    rng, k = np.random.default_rng(12), K[[0, 2, 4, 6]]
    target = fit_curve(POWER, k, BETA(k, alpha=3.0, beta=0.4)).values
    hits = np.zeros(2)
    for _ in range(SETS):
        fit = fit_curve(POWER, k, counts=(1000, world(rng)), n_resamples=100, rng=rng)
        hits += [a < target[name] < b for name, (a, b) in fit.intervals.items()]
    assert hits / SETS == pytest.approx(LEVEL, abs=4 * np.sqrt(LEVEL * (1 - LEVEL) / SETS))


@pytest.mark.slow
def test_standard_errors_of_counts_are_the_spread():
    """Observed information against the spread of 200 data sets, within 4 of its errors."""
    rng, sets = np.random.default_rng(13), 200
    fits = [fit_counts(BETA, 60, world(rng, 400, 60), n_resamples=0) for _ in range(sets)]
    for name in BETA.names:
        spread = np.std([np.log(fit.values[name]) for fit in fits], ddof=1)
        said = np.mean([fit.stderr[name] / fit.values[name] for fit in fits])
        assert said == pytest.approx(spread, rel=4 / np.sqrt(2 * sets))


def test_a_curve_with_counts_has_intervals_and_no_standard_error():
    c = world(np.random.default_rng(1))
    fit = fit_curve(POWER, (K,), counts=(1000, c))
    assert fit.status is Status.CONVERGED and fit.stderr is None
    assert fit.n_problems == 128 and set(fit.intervals) == {"a", "b"}
    alone = fit_curve(POWER, (K,), pass_at_k(1000, c, K).mean(axis=0))
    assert alone.values == fit.values
    assert alone.stderr is not None and alone.intervals is None
    assert alone.why == "no counts per problem were given"
    with pytest.raises(ValueError, match="no counts per problem"):
        alone.predict_interval(K)


@pytest.mark.parametrize(("space", "sigma"), [
    ("y", None), ("log y", None), ("log(-log y)", None), ("y", np.linspace(0.01, 0.3, 6)),
])
def test_resampled_curves_equal_a_loop_of_refits(space, sigma):
    """The batched path against lmfit, resample by resample; given weights keep their weight."""
    c = world(np.random.default_rng(2))
    c[c == 0] = 1  # keep every resampled coverage off the ends
    options, k = dict(space=space, sigma=sigma), K[:-1]
    fit = fit_curve(POWER, k, counts=(1000, c), n_resamples=40, rng=5, **options)
    weights = np.random.default_rng(5).multinomial(128, np.full(128, 1 / 128), 40)
    for w, theta in zip(weights[:12], fit.resampling.theta, strict=False):
        resampled = (1000, np.repeat(c, w))
        again = fit_curve(POWER, k, counts=resampled, n_resamples=0, **options)
        assert theta == pytest.approx(tuple(again.values.values()), rel=1e-5)


@pytest.mark.parametrize("key", ["beta_failure", "zero_inflated_beta",
                                 pytest.param("kumaraswamy", marks=pytest.mark.slow),
                                 pytest.param("scaled_beta", marks=pytest.mark.slow)])
def test_resampled_counts_equal_a_loop_of_refits(key):
    """Newton steps on distinct counts with weights against a fit of the resampled problems."""
    c = world(np.random.default_rng(3), n_samples=60)
    fit = fit_counts(key, 60, c, n_resamples=40, rng=5)
    values, times = np.unique(c, return_counts=True)
    weights = np.random.default_rng(5).multinomial(128, times / 128, 40)
    assert fit.resampling.n_unconverged == 0
    for w, theta in zip(weights[:10], fit.resampling.theta, strict=False):
        again = fit_counts(key, 60, np.repeat(values, w), n_resamples=0)
        likelihood = LAWS[key].difficulty.log_pmf(60, values, *fit.place.to_values(theta))
        assert w @ np.where(w > 0, likelihood, 0) == pytest.approx(again.log_likelihood, abs=1e-6)


def test_an_unused_count_may_be_impossible():
    """A law that rules out full marks: where none is drawn they do not matter."""
    def log_pmf(n, c, alpha, beta):
        return np.where(c == n, -np.inf, BETA.difficulty.log_pmf(n, c, alpha, beta))

    law = replace(BETA, difficulty=replace(BETA.difficulty, log_pmf=log_pmf, derivatives=None))
    theta = np.array([[1.0, -1.0]])
    with_it = count_terms(Coordinates(law), [9, 9], [3, 9], np.array([[2.0, 0.0]]))(theta, [0])
    without = count_terms(Coordinates(law), [9], [3], np.array([[2.0]]))(theta, [0])
    for one, other in zip(with_it, without, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


def test_the_optimum_does_not_depend_on_order_or_start():
    rng = np.random.default_rng(4)
    c = world(rng)
    fit, shuffled = (fit_counts(BETA, 1000, v, n_resamples=0) for v in (c, rng.permutation(c)))
    assert fit.values == pytest.approx(shuffled.values, rel=1e-9)
    assert len(fit.costs) == 3 and fit.spread < 1e-3
    own_rate = binom.logpmf(c, 1000, c / 1000).sum()  # no law is likelier than a rate for each
    assert fit.costs[0] == pytest.approx(own_rate - fit.log_likelihood, rel=1e-9)
    direct = BETA.difficulty.log_pmf(1000, c, **fit.values).sum()
    assert fit.log_likelihood == pytest.approx(direct, rel=1e-12)
    for name in BETA.names:
        for factor in (0.999, 1.001):
            moved = fit.values | {name: factor * fit.values[name]}
            assert BETA.difficulty.log_pmf(1000, c, **moved).sum() < direct


@pytest.mark.slow
def test_no_standard_error_at_a_bound():
    """With the truth on a bound about half of the fits end there."""
    rng = np.random.default_rng(3)
    y = POWER(K, a=1.7, b=0.0)
    fits = [fit_curve(POWER, (K,), y + 0.01 * rng.standard_normal(y.size)) for _ in range(40)]
    at_bound = [fit for fit in fits if fit.status is Status.AT_BOUND]
    assert len(at_bound) == pytest.approx(20, abs=4 * np.sqrt(40 / 4))
    assert all(fit.stderr is None for fit in at_bound)


def test_a_flat_direction_has_no_standard_error():
    """Two parameters that only matter as a product."""
    law = LAWS["scaled_beta"]
    c = np.repeat([0, 1, 2, 3], [60, 25, 10, 5])
    fit = fit_counts(law, 10_000, c, n_resamples=0)
    assert fit.status in (Status.NO_COVARIANCE, Status.AT_BOUND) and fit.stderr is None


def test_a_robust_loss_has_no_standard_error():
    y = POWER(K, a=1.7, b=0.3) + 1e-3 * np.random.default_rng(1).standard_normal(K.size)
    y[3] += 0.2
    robust = fit_curve(POWER, (K,), y, loss="soft_l1", sigma=1e-3)
    plain = fit_curve(POWER, (K,), y, sigma=1e-3)
    assert robust.status is Status.ROBUST_LOSS and robust.stderr is None
    assert abs(robust.values["a"] - 1.7) < abs(plain.values["a"] - 1.7)


def test_sigma_sets_the_scale_of_the_errors():
    """A known sigma is taken at its word; an unknown one is the scatter about the fit."""
    y = POWER(K, a=1.7, b=0.3) + 1e-3 * np.random.default_rng(5).standard_normal(K.size)
    free = fit_curve(POWER, (K,), y)
    scatter = np.sqrt(free.costs[0] / (K.size - 2))
    same, double = (fit_curve(POWER, (K,), y, sigma=s).stderr for s in (scatter, 2 * scatter))
    assert same == pytest.approx(free.stderr, rel=1e-3)
    assert double == pytest.approx({name: 2 * e for name, e in same.items()}, rel=1e-3)


def test_fixed_parameters_stay():
    c = world(np.random.default_rng(6))
    fit = fit_counts(BETA, 1000, c, fixed={"beta": 0.5}, n_resamples=50)
    assert fit.values["beta"] == pytest.approx(0.5, rel=1e-12)
    assert set(fit.intervals) == {"alpha"} and fit.fixed == {"beta": 0.5}
    free = fit_counts(BETA, 1000, c, n_resamples=0)
    assert fit.log_likelihood < free.log_likelihood
    curve = fit_curve(POWER, (K,), POWER(K, a=2.0, b=0.3), fixed={"a": 2.0})
    assert curve.values == pytest.approx({"a": 2.0, "b": 0.3}, rel=1e-6)


def test_zero_inflation_at_its_bound_is_the_plain_law():
    c = world(np.random.default_rng(7))
    plain = fit_counts(BETA, 1000, c, n_resamples=0)
    inflated = fit_counts(LAWS["zero_inflated_beta"], 1000, c, n_resamples=100)
    assert inflated.status is Status.AT_BOUND and inflated.values["pi0"] == 0.0
    assert inflated.values["beta"] == pytest.approx(plain.values["beta"], rel=1e-5)
    assert inflated.intervals["pi0"][0] == 0.0


def test_the_table_of_a_fit_says_what_may_be_used():
    fit = fit_counts(BETA, 1000, world(np.random.default_rng(8)), n_resamples=100)
    text = fit._repr_markdown_()
    assert "Status CONVERGED" in text and "100 resamples of 128 problems" in text
    assert r"$\alpha$" in text and " to " in text


@pytest.mark.parametrize("n_correct", [
    np.r_[[100, 500, 700], [1000] * 60],
    np.r_[[300, 500, 700, 900] * 3, [1000] * 10],
])  # fmt: skip
def test_trial_steps_may_round_to_full_coverage(n_correct):
    """Next to c = 1 the search tries laws with log(-log c) = -inf."""
    k = np.array([1, 3, 10, 30, 60])
    fit = fit_curve(POWER, (k,), space="log(-log y)", counts=(1000, n_correct), n_resamples=200)
    y = pass_at_k(1000, n_correct, k).mean(axis=0)
    line = np.polyfit(np.log(k), np.log(-np.log(y)), 1)
    assert "of 200 resamples have no optimum" in fit.reason  # those without a failure
    assert np.allclose([-fit.values["b"], np.log(fit.values["a"])], line, rtol=1e-4)  # c is rounded


def test_several_configurations_in_one_call(capsys):
    from scaling_utils import fit_each

    counts = {"a": (20, [3, 0, 7, 12, 1]), "b": (20, [1, 0, 2, 0, 9])}
    law = LAWS["beta_failure"]
    fits = fit_each(law, counts, progress=True, n_resamples=40)
    assert "2/2" in capsys.readouterr().err
    for name, pair in counts.items():
        alone = fit_counts(law, *pair, n_resamples=40)
        assert fits[name].values == alone.values and fits[name].intervals == alone.intervals
    fit_each(law, counts, n_resamples=0)
    assert capsys.readouterr().err == ""  # not a terminal
    with pytest.raises(ValueError, match="configuration 'c': n_correct.* exceeds"):
        fit_each(law, counts | {"c": (2, [3, 1, 0])}, n_resamples=0)
