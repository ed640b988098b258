"""Likelihoods without a maximum, counts that fix nothing, parameters on a bound."""
import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import betabinom, binom, binomtest

from scaling_utils import LAWS, Law, Status, Symbol, fit_counts, fit_curve
from scaling_utils.fit.coordinates import REACH, Coordinates
from scaling_utils.laws._beta_binomial import derivatives, edge, log_pmf

BETA, INFLATED, POWER = (LAWS[k] for k in ("beta_failure", "zero_inflated_beta",
                                           "coverage_power_law"))


@pytest.mark.parametrize(("n", "c", "values", "curve", "reason"), [
    (4, [0, 0, 0, 0], {"beta": 0.0}, 0.0, "no sample is correct"),
    (4, [4, 4, 4, 4], {"alpha": 0.0}, 1.0, "every sample is correct"),
    (4, [0, 4, 4, 4], {"alpha": 0.0, "beta": 0.0}, 0.75, "all of its samples or by none"),
    (4, [2, 2, 2, 2], {"alpha": np.inf, "beta": np.inf}, 1 - 0.5**3, "one coin"),
    ([100] + [10] * 9, [100] + [0] * 9, {"alpha": 0.0, "beta": 0.0}, 0.1, "or by none"),
    ([5, 6, 9], [5, 0, 0], {"alpha": 0.0, "beta": 0.0}, 1 / 3, "or by none"),
])
def test_a_likelihood_without_maximum_says_so(n, c, values, curve, reason):
    """The limit, not a number like a fit: predicted where samples were drawn, and on request."""
    fit = fit_counts(BETA, n, c)
    assert fit.status is Status.NO_MAXIMUM and reason in fit.reason and fit.why == fit.reason
    assert fit.stderr is None and fit.intervals is None
    assert {name: fit.values[name] for name in values} == values
    assert float(fit.predict(3)) == pytest.approx(curve, abs=1e-12)
    with pytest.raises(ValueError, match=f"k = 1000 is beyond the {np.max(n)} samples.*{reason}"):
        fit.predict([1, 1000])
    far = 1 - 0.5**1000 if "coin" in reason else curve
    assert float(fit.predict(1000, limit=True)) == pytest.approx(far, abs=1e-12)
    with pytest.raises(ValueError, match="no parameters to use"):
        fit.quantity(lambda alpha: alpha)


def test_one_sample_per_problem_fixes_the_mean_alone():
    fit = fit_counts(BETA, 1, [0, 1, 1, 0, 1, 0, 0, 0, 0, 0])
    assert fit.status is Status.NO_MAXIMUM and float(fit.predict(1)) == pytest.approx(0.3)
    assert fit.log_likelihood == pytest.approx(binom.logpmf(3, 10, 0.3) - np.log(120))
    with pytest.raises(ValueError, match="no limit is singled out"):
        fit.predict(10, limit=True)


def test_one_large_problem_does_not_make_a_coin():
    """An interior maximum beats the coin, though a little spread alone would not."""
    n = np.array([1000] + [10] * 20)
    c = np.array([500] + [0, 1, 2, 3, 5, 5, 7, 8, 9, 10] * 2)
    times = np.ones(21)
    assert edge(n, c, times) is not None
    fit = fit_counts(BETA, n, c, n_resamples=0)
    assert fit.status is Status.CONVERGED and fit.values["alpha"] == pytest.approx(0.9574, abs=1e-4)


@pytest.mark.parametrize(("c", "word"), [([2] + [0] * 127, "1 solved problem cannot"),
                                         ([50, 3] + [0] * 126, "2 solved problems cannot"),
                                         ([100] * 9 + [98], "1 failed problem cannot")])
def test_too_few_successes_fix_no_law(c, word):
    fit = fit_counts(BETA, 100, c)
    assert fit.status is Status.NO_MAXIMUM and word in fit.reason and fit.intervals is None
    with pytest.raises(ValueError, match=word):
        fit.predict(101)
    assert 0 < fit.predict(101, limit=True) <= 1 and 0 < fit.predict(100) <= 1


@pytest.mark.parametrize(("c", "ends"), [
    ([0] * 20, (0.0, 1 - 0.05 ** (1 / 20))), ([9] * 20, (0.05 ** (1 / 20), 1.0)),
    ([0] * 15 + [9] * 5, tuple(binomtest(5, 20).proportion_ci(0.95))),
])
def test_the_interval_of_all_or_nothing_is_exact(c, ends):
    fit = fit_counts(BETA, 9, c)
    assert fit.predict_interval(9) == pytest.approx(ends, abs=1e-9)
    tighter = fit.predict_interval(k=[1, 9], level=0.5)
    assert tighter.shape == (2, 2) and np.ptp(tighter[:, 0]) < ends[1] - ends[0]


def test_a_little_spread_decides_about_the_coin():
    """`edge` speaks of a coin if and only if shapes of a million are less likely than one."""
    rng, coins = np.random.default_rng(5), 0
    for _ in range(200):
        n = rng.integers(4, 20, 30)
        c = rng.binomial(n, rng.beta(40, 40, 30))
        found, m = edge(n, c, np.ones(30)), c.sum() / n.sum()
        wide = betabinom.logpmf(c, n, 1e5 * m, 1e5 * (1 - m)).sum()
        assert (found is None) == (wide > binom.logpmf(c, n, m).sum())
        coins += found is not None
    assert 50 < coins < 150


def data(rng):
    """Counts with any mixture of few and many samples, solved rarely, always or like a coin."""
    size = rng.integers(3, 30)
    n = np.exp(rng.uniform(0, np.log([30, 1e3, 1e6][rng.integers(3)]), size)).astype(int)
    q = rng.beta(*np.exp(rng.uniform(-4, 5, 2)), size)
    q = np.full(size, q[0]) if rng.random() < 0.2 else np.round(q) if rng.random() < 0.1 else q
    return n, rng.binomial(n, q)


@pytest.mark.slow
def test_never_below_an_independent_optimum():
    """L-BFGS-B from three starts, and the two limits: nowhere better by more than 1e-6."""
    rng, seen = np.random.default_rng(7), set()
    for _ in range(40):
        n, c = data(rng)
        fit = fit_counts(BETA, n, c, n_resamples=0)

        def cost(theta, n=n, c=c):
            return -log_pmf(n, c, *np.exp(theta)).sum()

        ends = [minimize(cost, start, bounds=[(-12, 12)] * 2, method="L-BFGS-B").fun
                for start in ([0, 0], [4, -1], [-3, -3])]
        solved = np.mean(c > 0)
        limits = [binom.logpmf(c, n, c.sum() / n.sum()).sum()]
        if np.all((c == 0) | (c == n)):
            limits.append(len(c) * -binom.entropy(1, solved))
        assert fit.log_likelihood > max(-min(ends), *limits, -np.inf) - 1e-6, (n, c)
        seen.add(fit.status)
    assert {Status.CONVERGED, Status.NO_MAXIMUM} <= seen


@pytest.mark.parametrize(("problems", "many"), [([30, 13, 7, 3], 7), ([20, 11, 5, 1], 75)])
def test_a_limit_counts_in_the_interval(problems, many):
    """Resamples without a maximum: the independent count of them, an open end, a lower status."""
    c, size = np.repeat([0, 1, 2, 3], problems), sum(problems)
    fit = fit_counts(BETA, 4, c, n_resamples=400, rng=2)
    values, times = np.unique(c, return_counts=True)
    weights = np.random.default_rng(2).multinomial(size, times / size, 400)
    lost = sum(edge(np.full(4, 4)[w > 0], values[w > 0], w[w > 0]) is not None for w in weights)
    assert fit.resampling.n_unconverged == lost == many  # more than one per cent
    assert fit.status is Status.NO_COVARIANCE and fit.stderr is None and fit.intervals
    if many < 10:  # and that alone is wrong with it
        assert fit.reason == f"{lost} of 400 resamples have no optimum"
    else:
        assert fit.intervals["alpha"][1] == np.inf and 0 < fit.intervals["alpha"][0] < np.inf
    low, high = fit.predict_interval(100)
    assert 0 < low < fit.predict(100) < high <= 1


def test_a_refit_at_the_edge_of_the_box_has_no_maximum():
    """With beta held a resample without a success sends alpha to the edge, and is counted."""
    fit = fit_counts(BETA, 9, [0] * 10 + [1, 2, 2], fixed={"beta": 0.5}, n_resamples=400, rng=4)
    weights = np.random.default_rng(4).multinomial(13, np.array([10, 1, 2]) / 13, 400)
    lost = int((weights[:, 0] == 13).sum())
    assert fit.resampling.n_unconverged == lost > 4
    assert fit.status is Status.NO_COVARIANCE and fit.intervals["alpha"][1] == np.inf


def test_an_error_beyond_the_value_is_not_converged():
    fit = fit_counts(BETA, 100, [3, 2, 2] + [0] * 60, n_resamples=0)
    free = Coordinates(BETA)
    assert fit.status is Status.NO_COVARIANCE and "alpha exceeds its value" in fit.reason
    assert free.uncertain(np.array([1.01, 0.99])) == ["alpha"]


@pytest.mark.parametrize(("near", "far"), [((0, 5e-7), (0, 5e-6)), ((0, 1 - 5e-7), (0, 0.999))])
def test_a_bound_is_near_within_a_millionth(near, far):
    place = Coordinates(INFLATED)
    assert place.at_bound(np.array([0.0, *near])).tolist() == [False, False, True]
    assert not place.at_bound(np.array([0.0, *far])).any()
    assert place.at_bound(np.array([REACH - 5e-3, 0, 0.5])).tolist() == [True, False, False]
    assert not place.at_bound(np.array([REACH - 2e-2, 0, 0.5])).any()
    held = Coordinates(INFLATED, {"pi0": 0.0})
    assert not held.at_bound(np.array([0.0, 0.0, 0.0])).any()


def test_a_parameter_held_at_its_bound_is_not_at_a_bound():
    c = np.random.default_rng(3).binomial(50, np.random.default_rng(3).beta(0.4, 3, 60))
    fit = fit_counts(INFLATED, 50, c, fixed={"pi0": 0.0}, n_resamples=0)
    assert fit.status is Status.CONVERGED and fit.stderr["pi0"] == 0
    assert fit.log_likelihood == pytest.approx(
        fit_counts(BETA, 50, c, n_resamples=0).log_likelihood, abs=1e-8)
    flat = fit_curve(POWER, [1, 10, 100], [0.3, 0.31, 0.3], fixed={"b": 0.0})
    assert flat.status is Status.CONVERGED and flat.stderr["a"] > 0


def test_a_held_parameter_has_a_maximum_of_its_own():
    """All or nothing has no maximum in two shapes, and one in beta alone."""
    fit = fit_counts(BETA, 4, [0, 0, 4, 4, 4], fixed={"alpha": 1.0}, n_resamples=0)
    assert fit.status is Status.CONVERGED
    for factor in (0.99, 1.01):
        other = log_pmf(4, np.array([0, 0, 4, 4, 4]), 1.0, factor * fit.values["beta"]).sum()
        assert other < fit.log_likelihood


@pytest.mark.parametrize("n", [1, 2, 8, 15, 16, 20])
def test_derivatives_below_and_above_the_series(n):
    """Closed forms against central differences of the likelihood, n around 16."""
    c, h, theta = np.arange(n + 1), 1e-4, np.log([[0.3, 0.1]])

    def total(shift):
        return log_pmf(n, c, *np.exp(theta[0] + shift))

    _, gradient, hessian = derivatives(np.full(n + 1, n), c, *theta.T[:, :, None])
    for i, unit in enumerate(h * np.eye(2)):
        slope = (total(unit) - total(-unit)) / (2 * h)
        bend = (total(unit) - 2 * total(0 * unit) + total(-unit)) / h**2
        np.testing.assert_allclose(np.ravel(gradient[i]), slope, atol=2e-7)
        np.testing.assert_allclose(np.ravel(hessian[2 * i]), bend, atol=1e-5)


def square_root(x, a):
    """sqrt(x) a, which has no value below zero."""
    return np.sqrt(x) * a


def summed(x, a, b):
    """(a + b) x: only the sum is determined."""
    return (a + b) * x


def law_of(f, **example):
    """A law in x with parameters between 0 and 10."""
    params = tuple(Symbol(n, n, "", bounds=(0, 10)) for n in example)
    return Law(key="test", title="Test", tex="y", f=f, inputs=(Symbol("x", "x", ""),),
               output=Symbol("y", "y", ""), params=params, guess=lambda x, y: example,
               example=example, domain={"x": (1, 2)}, limits=(), references=(), chapter="")


def test_a_law_without_a_value_at_a_point_fails():
    with np.errstate(invalid="ignore"):
        fit = fit_curve(law_of(square_root, a=1.0), [-1.0, 1.0, 4.0], [1.0, 1.0, 2.0])
    assert fit.status is Status.FAILED and fit.stderr is None and "no value" in fit.reason
    with pytest.raises(ValueError, match="failed: nothing can be predicted"):
        fit.predict(1.0)
    with pytest.raises(ValueError, match="no parameters to use"):
        fit.quantity(lambda a: a)


def test_starts_that_end_apart_are_told():
    """Of a sum each start keeps its own split; the spread is the distance between them."""
    x = np.array([1.0, 2.0, 3.0])
    fit = fit_curve(law_of(summed, a=1.0, b=2.0), x, 4 * x + [0.1, -0.1, 0.1])
    assert fit.status is Status.NO_COVARIANCE and fit.spread > 0.1 and len(fit.costs) == 3


def nearly_summed(x, a, b):
    """a x + b (x + x^2 / 100): two slopes that are hard to tell apart."""
    return a * x + b * (x + x**2 / 100)


@pytest.mark.parametrize(("size", "status"), [(5.0, Status.CONVERGED),
                                              (15.0, Status.NO_COVARIANCE)])
def test_an_error_beyond_the_range_has_no_covariance(size, status):
    """Residuals at right angles to the law, scaled to an error below or above the range, 10."""
    x = np.arange(1.0, 7.0)
    design = np.stack([x, x + x**2 / 100], axis=1)
    rest = np.linalg.qr(np.column_stack([design, np.sin(9 * x)]))[0][:, 2]
    unit = np.sqrt(np.linalg.inv(design.T @ design)[1, 1] / 4)  # error of b per length of residual
    y = nearly_summed(x, 5.0, 5.0) + size / unit * rest
    fit = fit_curve(law_of(nearly_summed, a=5.0, b=5.0), x, y)
    assert fit.status is status and fit.values == pytest.approx({"a": 5.0, "b": 5.0}, rel=1e-5)
    if status is Status.CONVERGED:
        assert fit.stderr["b"] == pytest.approx(size, rel=1e-4)


def test_profile_next_to_impossible_problems_does_not_overflow():
    """Trial steps towards a chance of no success near zero; a warning is an error here."""
    c = np.repeat([0, 1, 2, 3, 4, 8, 20], [88, 20, 8, 5, 4, 2, 1])
    fit = fit_counts("zero_inflated_beta", 100, c, n_resamples=0)
    found = fit.profile("beta")
    assert found.low < fit.values["beta"] < found.high
