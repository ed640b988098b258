"""The Beta family beyond the registry's own tests: derivatives, exact sums, the inverse law."""
from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import brentq

from scaling_utils import LAWS, maximum_likelihoods, simulate
from scaling_utils.fit.coordinates import Coordinates
from scaling_utils.fit.objective import count_terms, differences

SHAPES = [(5.0, 0.35), (100.0, 0.06), (0.2, 1.6), (0.3, 0.06)]
each_shape = pytest.mark.parametrize(("alpha", "beta"), SHAPES)


@pytest.mark.parametrize("theta", [[1.0, -1.0, 0.3], [3.0, -2.0, 0.02], [-1.0, 0.5, 0.9]])
def test_derivatives_of_the_zero_inflated_likelihood(theta):
    """Gradient and Hessian against central differences, one count at a time."""
    law, n, c = LAWS["zero_inflated_beta"], np.full(5, 1000), np.array([0, 1, 5, 300, 1000])
    place, rows, theta = Coordinates(law), np.arange(5), np.tile(theta, (5, 1))

    def total(theta, rows):
        params = np.moveaxis(place.to_values(theta), -1, 0)[..., None]
        return law.difficulty.log_pmf(n, c, *params)[np.arange(len(rows)), rows]

    closed = count_terms(place, n, c, np.eye(5))(theta, rows)
    by_steps = differences(total, *place.box)(theta, rows)
    np.testing.assert_allclose(closed[0][0], by_steps[0][0], atol=1e-10)  # no constant at c = 0
    np.testing.assert_allclose(closed[1], by_steps[1], rtol=1e-6, atol=2e-7)
    np.testing.assert_allclose(closed[2], by_steps[2], rtol=1e-4, atol=2e-5)


def test_the_bound_of_no_impossible_problem_has_derivatives():
    """At pi0 = 0 the shapes' part is that of the plain Beta law; no warning, nothing infinite."""
    n, c, theta = np.full(3, 1000), np.array([0, 3, 1000]), np.array([[2.0, -1.0]])
    plain = count_terms(Coordinates(LAWS["beta_failure"]), n, c, np.ones((1, 3)))(theta, [0])
    capped = count_terms(Coordinates(LAWS["zero_inflated_beta"]), n, c, np.ones((1, 3)))
    value, gradient, hessian = capped(np.array([[2.0, -1.0, 0.0]]), [0])
    np.testing.assert_allclose(value, plain[0], rtol=1e-13)
    np.testing.assert_allclose(gradient[:, :2], plain[1], rtol=1e-12)
    np.testing.assert_allclose(hessian[:, :2, :2], plain[2], rtol=1e-12)
    assert np.isfinite(hessian).all()


@pytest.mark.parametrize(("alpha", "beta"), [(5, Fraction(7, 20)), (Fraction(1, 5), 2)])
def test_inference_loss_is_the_exact_product(alpha, beta):
    loss = LAWS["inference_loss"]
    exact = Fraction(1)
    for j in range(200):
        exact *= Fraction(alpha + j) / (alpha + beta + j)
        if j + 1 in (1, 2, 17, 200):
            got = loss(j + 1, alpha=float(alpha), beta=float(beta))
            assert got == pytest.approx(float(exact), rel=1e-12)


def test_inference_loss_is_the_share_of_failures_in_a_simulation():
    """Within 4 standard errors of the mean over 200,000 problems."""
    p = np.random.default_rng(3).beta(5.0, 0.35, 200_000)
    for k in (1, 10, 300):
        fails = p**k
        error = fails.std() / np.sqrt(p.size)
        assert abs(fails.mean() - LAWS["inference_loss"](k, alpha=5.0, beta=0.35)) < 4 * error


@each_shape
def test_trials_for_loss_inverts_the_loss(alpha, beta):
    """To the order that the expansion states: L is off by beta (1 - beta^2) / (24 m^2)."""
    loss, trials = LAWS["inference_loss"], LAWS["trials_for_loss"]
    for k in (10.0, 1e3, 1e5):
        target = float(loss(k, alpha=alpha, beta=beta))
        exact = brentq(lambda x, t=target: float(loss(x, alpha=alpha, beta=beta)) - t, k / 2, 2 * k)
        m = k + alpha + (beta - 1) / 2
        off = (1 - beta**2) / (24 * m)  # of k: the slope of log L is -beta / m
        got = float(trials(target, alpha=alpha, beta=beta)) - exact
        assert got == pytest.approx(off, rel=0.02, abs=1e-10 * k / beta)


def test_prefactor_and_impossible_problems_are_one_curve():
    """Against a simulated world with a point mass, within 4 standard errors."""
    rng, k = np.random.default_rng(5), 40
    p = np.where(rng.random(200_000) < 0.3, 1.0, rng.beta(5.0, 0.35, 200_000))
    got = LAWS["zero_inflated_beta"](k, alpha=5.0, beta=0.35, pi0=0.3)
    assert got == pytest.approx(0.7 * LAWS["beta_failure"](k, alpha=5.0, beta=0.35), rel=1e-14)
    assert abs(np.mean(1 - p**k) - got) < 4 * np.std(p**k) / np.sqrt(p.size)


def test_gain_of_a_ceiling_follows_half_a_chi_square():
    """Worlds without one: half gain nothing, and 5 % gain 2.71, within 4 binomial deviations."""
    rng, n = np.random.default_rng(11), 200
    worlds = [simulate.beta_counts(100, n, 2.0, 0.6, rng) for _ in range(400)]
    start = {"alpha": 2.0, "beta": 0.6}
    gain = 2 * (maximum_likelihoods("zero_inflated_beta", n, worlds, start | {"pi0": 0.1})
                - maximum_likelihoods("beta_failure", n, worlds, start))  # fmt: skip
    assert gain.min() > -1e-6
    for share, chance in ((np.mean(gain < 1e-4), 0.5), (np.mean(gain > 2.7055), 0.05)):
        assert abs(share - chance) < 4 * np.sqrt(chance * (1 - chance) / len(worlds))
