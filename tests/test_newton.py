"""Newton steps: derivatives against central differences, bounds, rows on their own."""
import numpy as np
import pytest
from scipy.special import gammaln, psi, zeta

from scaling_utils import LAWS
from scaling_utils.fit.coordinates import Coordinates
from scaling_utils.fit.objective import count_terms, differences
from scaling_utils.laws._beta_binomial import derivatives, log_pmf
from scaling_utils.numerics import newton
from scaling_utils.numerics.special import log_gamma_family

N, C = np.full(6, 2000.0), np.array([0.0, 1.0, 15.0, 16.0, 300.0, 2000.0])


def test_beta_binomial_derivatives():
    """Gradient and Hessian of the closed form, by steps of 1e-4 in the logarithms."""
    theta, h = np.log([[4.0, 0.4]]), 1e-4
    value, gradient, hessian = derivatives(N, C, *theta.T[:, :, None])
    pairs = {0: (0, 0), 1: (0, 1), 2: (1, 1)}
    for i, j in pairs.values():
        ends = (theta + way * h * np.eye(2)[i] for way in (1, -1))
        up, down = (derivatives(N, C, *end.T[:, :, None]) for end in ends)
        slope = (up[1][j] - down[1][j]) / (2 * h)
        which = next(key for key, pair in pairs.items() if pair == (i, j))
        np.testing.assert_allclose(np.broadcast_to(hessian[which], slope.shape), slope, rtol=1e-5)
        step = (up[0] - down[0]) / (2 * h)
        np.testing.assert_allclose(gradient[i], step, rtol=1e-6, atol=1e-7)
    constant = log_pmf(N, C, 4.0, 0.4) - value
    other = log_pmf(N, C, 9.0, 0.2) - derivatives(N, C, *np.log([[9.0, 0.2]]).T[:, :, None])[0]
    np.testing.assert_allclose(constant, other, atol=1e-8)


def test_gamma_series_to_rounding():
    """From 16 on, against SciPy: log Gamma, digamma, trigamma."""
    x = np.array([16.0, 17.5, 30.0, 1e3, 1e6])
    for series, exact in zip(log_gamma_family(x, large=True), (gammaln(x), psi(x), zeta(2, x)),
                             strict=True):
        np.testing.assert_allclose(series, exact, rtol=4e-15)


@pytest.mark.parametrize("key", ["beta_failure", "zero_inflated_beta"])
def test_rows_do_not_know_of_each_other(key):
    """One row at a time, and more rows than a block holds, end at the same optimum."""
    law, rng = LAWS[key], np.random.default_rng(1)
    c = np.arange(0, 101, 10)
    weights = rng.multinomial(300, [0.5, *[0.05] * 10], newton.BLOCK + 3).astype(float)
    place = Coordinates(law)
    start = np.tile(place.to_theta(law.example), (len(weights), 1))
    terms = count_terms(place, np.full(11, 100), c, weights)
    together, done = newton.maximise(terms, start, *place.box)
    assert done.all()
    for i in (0, newton.BLOCK, newton.BLOCK + 2):
        one = count_terms(place, np.full(11, 100), c, weights[i : i + 1])
        alone, _ = newton.maximise(one, start[:1], *place.box)
        np.testing.assert_allclose(together[i], alone[0], atol=1e-6)


def test_a_maximum_beyond_the_box_ends_on_its_edge():
    def terms(theta, rows):
        value = -np.sum((theta - 3.0) ** 2, axis=1)
        return value, -2 * (theta - 3.0), np.tile(-2 * np.eye(2), (len(theta), 1, 1))

    low, high = np.array([-1.0, -1.0]), np.array([1.0, 10.0])
    theta, done = newton.maximise(terms, np.zeros((1, 2)), low, high)
    assert done.all() and theta[0] == pytest.approx([1.0, 3.0])


def test_a_ridge_is_not_a_maximum():
    def terms(theta, rows):
        total = theta.sum(axis=1)
        return -(total**2), -2 * np.repeat(total[:, None], 2, 1), np.full((len(theta), 2, 2), -2.0)

    _, done = newton.maximise(terms, np.ones((1, 2)), np.full(2, -9.0), np.full(2, 9.0))
    assert not done.any()


def test_differences_next_to_a_bound_stay_inside():
    seen = []

    def total(theta, rows):
        seen.append(theta.copy())
        return -(theta[:, 0] ** 2) - (theta[:, 1] - 0.3) ** 2 + theta[:, 0] * theta[:, 1]

    at = np.array([[0.0, 0.3], [0.5, 1.0]])
    _, gradient, hessian = differences(total, np.zeros(2), np.ones(2))(at, np.arange(2))
    assert min(v.min() for v in seen) >= 0 and max(v.max() for v in seen) <= 1
    np.testing.assert_allclose(gradient, [[0.3, 0.0], [0.0, -0.9]], atol=1e-3)
    np.testing.assert_allclose(hessian, np.tile([[-2, 1], [1, -2]], (2, 1, 1)), atol=1e-6)


def test_where_nothing_is_free_nothing_can_fall():
    held = np.zeros((1, 2), bool)
    assert newton.downward(np.zeros((1, 2, 2)), held).tolist() == [True]


def test_a_step_that_loses_is_cut():
    """Full Newton steps on sqrt(1 + x^2) lead from x to -x^3: away from the minimum, beyond 1."""
    def terms(theta, rows):
        x = 5 * theta[:, 0]
        root = np.hypot(1, x)
        return -root, -5 * (x / root)[:, None], (-25 / root**3)[:, None, None]

    start = np.array([[0.1], [0.3], [-0.3], [1.5]])
    theta, done = newton.maximise(terms, start, np.array([-9.0]), np.array([9.0]))
    assert done.all() and theta == pytest.approx(np.zeros((4, 1)), abs=1e-6)


def test_where_nothing_more_is_gained_a_row_stays():
    """The top is 0.01 away and higher by 5e-8 in a million: too little to move by."""
    def terms(theta, rows):
        away = theta - 0.01
        return -1e6 - 5e-4 * away[:, 0] ** 2, -1e-3 * away, np.full((len(theta), 1, 1), -1e-3)

    theta, done = newton.maximise(terms, np.zeros((1, 1)), np.array([-9.0]), np.array([9.0]))
    assert done.all() and 0 <= theta[0, 0] <= 0.01
