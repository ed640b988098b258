"""Options of fits off their defaults, and the ends of a search that is no fit."""
from dataclasses import replace

import numpy as np
import pytest

from scaling_utils import LAWS, Law, Status, Symbol, fit_counts, fit_curve
from scaling_utils.fit import search
from scaling_utils.fit.coordinates import REACH, Coordinates
from scaling_utils.fit.objective import distinct
from scaling_utils.fit.resample import no_resampling
from scaling_utils.fit.search import likeliest
from scaling_utils.numerics import newton

BETA = LAWS["beta_failure"]


def slope(x, a):
    """a x."""
    return a * x


A = Symbol("a", "a", "", bounds=(0, np.inf), log=True)
LINE = Law(key="line", title="Line", tex="y", f=slope, inputs=(Symbol("x", "x", ""),),
           output=Symbol("y", "y", ""), params=(A,),
           guess=lambda x, y: {"a": 1.0}, example={"a": 1.0}, domain={"x": (1, 2)}, limits=(),
           references=(), chapter="")
X = np.array([1.0, 2.0, 3.0])


@pytest.mark.parametrize(("sigma", "status"), [(3.5, Status.CONVERGED),
                                               (4.0, Status.NO_COVARIANCE)])
def test_a_slope_known_to_less_than_itself_is_no_value(sigma, status):
    """The error of a slope is sigma / sqrt(1 + 4 + 9); the slope is one."""
    fit = fit_curve(LINE, X, X, sigma=sigma)
    assert fit.status is status and fit.values["a"] == pytest.approx(1)
    if status is Status.CONVERGED:
        assert fit.stderr["a"] == pytest.approx(sigma / np.sqrt(14), rel=1e-3)
    else:
        assert fit.reason == "the standard error of a exceeds its value" and fit.stderr is None


@pytest.mark.parametrize(("slopes", "some"), [((3.0, 2.0, 1.0, -1.0), True), ((3.0, 2.0), False)])
def test_a_resampled_curve_without_a_minimum_is_counted(slopes, some):
    """A resample whose mean slope is negative sends the positive slope to zero.

    The problems lie on the law, so that no resample has a residual: that is no obstacle.
    """
    fit = fit_curve(LINE, X, table=np.outer(slopes, X), n_resamples=400, rng=3)
    equal = np.full(len(slopes), 1 / len(slopes))
    weights = np.random.default_rng(3).multinomial(len(slopes), equal, 400)
    lost = int((weights @ slopes <= 0).sum())
    assert fit.resampling.n_unconverged == lost and (lost > 4) == some
    if some:
        assert fit.status is Status.NO_COVARIANCE and fit.intervals is None
        assert fit.why == fit.reason == f"{lost} of 400 resamples have no optimum"
    else:
        assert fit.status is Status.CONVERGED and fit.why == ""
        assert fit.intervals["a"] == pytest.approx((2.0, 3.0))


def test_what_is_held_far_out_did_not_run_away():
    place = Coordinates(BETA, {"alpha": np.exp(REACH)})
    theta = np.array([REACH, 20.0])
    assert place.ran_away(theta).tolist() == [False, True]
    assert place.at_edge(np.array([REACH, REACH])).tolist() == [False, True]
    assert place.named(np.array([REACH, 0.0]))["alpha"] == pytest.approx(np.exp(REACH))


def test_what_ran_away_is_zero_or_infinity():
    place = Coordinates(BETA)
    assert place.named(np.array([-20.0, 20.0])) == {"alpha": 0.0, "beta": np.inf}
    assert place.named(np.array([0.0, -20.0])) == {"alpha": 1.0, "beta": 0.0}


def test_a_likelihood_without_a_value_fails():
    nowhere = replace(BETA.difficulty, log_pmf=lambda n, c, *params: np.full(
        np.broadcast(n, c, *params).shape, np.nan), derivatives=None, edge=None)
    with np.errstate(invalid="ignore"):
        fit = fit_counts(replace(BETA, difficulty=nowhere), 9, [1, 2, 3, 5])
    assert fit.status is Status.FAILED and "no point with a likelihood" in fit.reason
    assert fit.stderr is None and fit.intervals is None
    with pytest.raises(ValueError, match="failed: nothing can be predicted"):
        fit.predict(1)


def test_a_coin_with_one_shape_held_is_fitted():
    """Like coins have no maximum in two shapes; with alpha held there is one in beta."""
    fit = fit_counts(BETA, 4, [2] * 9, fixed={"alpha": 50.0}, n_resamples=0)
    assert fit.status is Status.CONVERGED and fit.edge is None
    for factor in (0.99, 1.01):
        other = BETA.difficulty.log_pmf(4, 2, 50.0, factor * fit.values["beta"])
        assert 9 * other < fit.log_likelihood


def test_a_start_without_a_value_is_passed_over():
    """The first of two starts lies where the likelihood is not a number."""
    def log_pmf(n, c, alpha, beta):
        return np.where(np.asarray(alpha) > 1e3, np.nan, BETA.difficulty.log_pmf(n, c, alpha, beta))

    starts = ({"alpha": 1e6, "beta": 1.0}, {"alpha": 3.0, "beta": 0.4})
    partly = replace(BETA.difficulty, log_pmf=log_pmf, derivatives=None, edge=None,
                     starts=lambda n, c: starts)
    c = [0, 0, 1, 2, 5, 9]
    with np.errstate(invalid="ignore"):
        fit = fit_counts(replace(BETA, difficulty=partly), 9, c, n_resamples=0)
    plain = fit_counts(BETA, 9, c, n_resamples=0)
    assert fit.status is Status.CONVERGED
    assert fit.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-8)


def test_a_climb_cut_short_has_no_errors(monkeypatch):
    """Near the optimum the curvature is downward, and yet no deviation is read from it."""
    c = [0, 0, 1, 2, 5, 9]
    whole = fit_counts(BETA, 9, c, n_resamples=0)
    near = {name: 1.2 * value for name, value in whole.values.items()}
    place, counts = Coordinates(BETA), distinct(9, c)
    ended = likeliest(place, counts, [near])
    assert ended.errors is not None
    assert place.errors(ended.theta, ended.errors) == pytest.approx(whole.stderr, rel=1e-4)
    monkeypatch.setattr(newton, "STEPS", 1)
    cut = likeliest(place, counts, [near])
    assert cut.found and cut.errors is None and cut.log_likelihood < ended.log_likelihood


def test_starts_that_end_elsewhere_at_a_higher_cost_are_no_spread():
    ends = np.array([[1.0, 2.0], [1.1, 2.0], [5.0, 9.0]])
    assert search._spread(ends, [0.5, 0.5 + 1e-8, 0.6]) == pytest.approx(0.1)
    assert search._spread(ends, [0.5, 0.5, 0.5]) == pytest.approx(7)


@pytest.mark.parametrize("slope_", [-3.0, 12.0])
def test_a_minimum_beyond_the_box_is_found_at_its_end(slope_):
    """Least squares inside a box: the coordinate ends at the bound next to the minimum."""
    a = Symbol("a", "a", "", bounds=(1.0, 9.0))
    law = replace(LINE, params=(a,), example={"a": 2.0}, guess=lambda x, y: {"a": 4.0})
    fit = fit_curve(law, X, slope_ * X + [0.1, -0.1, 0.1])
    assert fit.status is Status.AT_BOUND
    assert fit.values["a"] == pytest.approx(min(max(slope_, 1), 9), abs=1e-4)


def test_a_curve_remembers_how_it_was_fitted():
    fit = fit_curve(LINE, X, table=np.outer([1.0, 2.0, 3.0], X), loss="huber", level=0.5)
    assert fit.n_points == 3 and fit.n_problems is None and fit.level == 0.5
    said = fit.to_dict()
    assert said["reason"] == "a robust loss has no standard errors"
    assert said["why"] == "a robust loss is not resampled" and said["n_points"] == 3


def test_a_search_may_begin_at_a_fit():
    """The same minimum from one start; a start that is far from it is not looked past."""
    k = np.array([1, 3, 10, 30, 100])
    law, y = LAWS["coverage_power_law"], np.array([0.1, 0.19, 0.28, 0.41, 0.5])
    plain = fit_curve(law, k, y)
    near = fit_curve(law, k, y, start=plain.values)
    assert len(plain.costs) == 3 and len(near.costs) == 1
    assert near.values == pytest.approx(plain.values, rel=1e-8)
    assert near.stderr == pytest.approx(plain.stderr, rel=1e-4)
    with pytest.raises(ValueError, match=r"start names \['a'\]: give every parameter"):
        fit_curve(law, k, y, start={"a": 1.0})


def test_the_level_is_kept_where_there_is_no_interval():
    fit = fit_curve(LINE, X, X + [0.1, -0.1, 0.1], level=0.5)
    assert fit.level == 0.5 and fit.why == "no counts per problem were given"
    assert fit.spread < 1e-6 and len(fit.costs) == 3 and fit.weights == "equal"
    assert set(fit.to_dict()) == {
        "law", "status", "reason", "values", "stderr", "intervals", "level", "why", "note", "fixed",
        "space", "weights", "loss", "n_points", "n_problems", "n_resamples", "log_likelihood"}


def test_no_number_is_the_lowest_at_the_low_end_and_the_highest_at_the_high_end():
    """One of four draws is none: at a level of one half it is beyond either end."""
    draws = np.array([[1.0], [2.0], [3.0], [np.nan]])
    low, high = no_resampling("", 0.5).ends(draws)
    assert low.tolist() == [-np.inf] and high.tolist() == [np.inf]
    assert no_resampling("", 0.2).ends(draws).ravel().tolist() == [1.0, 3.0]


@pytest.mark.parametrize("starts", [(3.0, 0.9), (0.9, 3.0)])
def test_of_exact_ends_the_one_with_errors_comes_first(starts):
    """At two and above nothing moves the residuals, so there is no error; at one there is."""
    law = replace(LINE, params=(Symbol("a", "a", "", bounds=(-9.0, 9.0)),))

    def residual(theta):
        return np.append(X * (theta[0] - 1) * (theta[0] < 2), 1e-15)  # never quite zero

    found = search.least_squares(Coordinates(law), residual, [{"a": a} for a in starts],
                                 method="leastsq", ftol=1e-14, xtol=1e-12)
    assert found.theta == pytest.approx([1.0]) and found.errors is not None


def test_a_share_may_be_above_one_by_the_noise_that_is_allowed_and_no_more():
    fit = fit_curve("coverage_power_law", [1, 10, 100], [0.2, 0.5, 1.05])
    assert fit.status is Status.CONVERGED
    with pytest.raises(ValueError, match=r"y\[2\] = 1.0501 is above 1"):
        fit_curve("coverage_power_law", [1, 10, 100], [0.2, 0.5, 1.0501])
