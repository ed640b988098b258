"""Averages over success rates against high precision."""
import mpmath
import numpy as np
import pytest
from scipy.stats import binom

from scaling_utils import LAWS
from scaling_utils.fit.coordinates import Coordinates
from scaling_utils.fit.objective import count_terms, differences
from scaling_utils.laws.scaled_beta import FAMILY
from scaling_utils.numerics import quadrature

SHAPES = [  # alpha, beta, s: sharp and flat ends, scales next to one and far below
    (12, 0.3, 1.0), (0.9, 0.05, 0.999), (0.05, 0.05, 0.9988), (190, 0.07, 1 - 1e-9),
    (5, 2, 0.05), (3000, 900, 1.0), (0.5, 0.4, 1 - 1e-14),
]  # fmt: skip
LONG = [pytest.param(shapes, marks=pytest.mark.slow)  # at high precision
        for shapes in [(1000, 0.07, 0.5), (12, 0.3, 0.3), (0.3, 0.3, 0.56), (0.05, 0.3, 0.56)]]
COUNTS = np.array([0, 1, 2, 10, 100, 1000, 5600, 9000, 9999, 10_000])


def exact_log_pmf(n, c, alpha, beta, s):
    """Scaled beta-binomial by a hypergeometric function at 50 digits."""
    with mpmath.workdps(50):
        s, alpha, beta = map(mpmath.mpf, (s, alpha, beta))
        series = mpmath.hyp2f1(c - n, beta + c, alpha + beta + c, s)
        ratio = mpmath.beta(beta + c, alpha) / mpmath.beta(beta, alpha)
        return float(mpmath.log(mpmath.binomial(n, c) * ratio * s**c * series))


@pytest.mark.parametrize("shapes", SHAPES + LONG, ids=str)
def test_scaled_beta_log_probabilities(shapes):
    n = 10_000
    possible = COUNTS[COUNTS <= 1.1 * shapes[2] * n + 10]  # beyond, the probability is e^-1000
    exact = np.array([exact_log_pmf(n, int(c), *shapes) for c in possible])
    ours = LAWS["scaled_beta"].difficulty.log_pmf(n, possible, *shapes)
    np.testing.assert_allclose(ours[exact > -600], exact[exact > -600], rtol=0, atol=1e-8)


@pytest.mark.parametrize("k", [1, 50, 10_000])
def test_scaled_beta_coverage(k):
    with mpmath.workdps(50):
        numbers = map(mpmath.mpf, ("0.3", "3.8", "0.4"))
        exact = float(1 - mpmath.hyp2f1(-k, *numbers))
    ours = float(LAWS["scaled_beta"](k, alpha=3.5, beta=0.3, s=0.4))
    assert ours == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize(("n", "c"), [
    (200, 200), pytest.param(10_000, 0, marks=pytest.mark.slow),
    pytest.param(10_000, 3, marks=pytest.mark.slow),
    pytest.param(10_000, 4000, marks=pytest.mark.slow)])
@pytest.mark.parametrize(("alpha", "beta"), [
    (5.5, 0.4), pytest.param(0.4, 0.02, marks=pytest.mark.slow), (8.0, 0.3)])
def test_kumaraswamy_log_probabilities(n, c, alpha, beta):
    """Against quadrature at 30 digits in the logarithm of the rate, panel by panel."""
    with mpmath.workdps(30):
        a, b = mpmath.mpf(str(alpha)), mpmath.mpf(str(beta))
        choose = mpmath.binomial(n, c) * a * b

        def integrand(t):
            q = 1 / (1 + mpmath.exp(-t))
            rest = 1 / (1 + mpmath.exp(t))
            edge = -mpmath.expm1(-b * mpmath.log1p(mpmath.exp(-t)))  # 1 - q^b
            return choose * q ** (b + c) * rest ** (n - c + 1) * edge ** (a - 1)

        lowest = -60 if c else -60 / b  # where nothing is left
        edges = [lowest, *range(-60 if not c else -58, -14, 8), *range(-14, 30), 60, 60 / min(a, 1)]
        exact = float(mpmath.log(mpmath.quad(integrand, sorted(set(edges)))))
    ours = LAWS["kumaraswamy"].difficulty.log_pmf(n, np.array([c]), alpha, beta)[0]
    assert ours == pytest.approx(exact, abs=1e-8)


def test_parameters_broadcast_row_by_row():
    law = LAWS["scaled_beta"]
    alpha, s = np.array([[2.0], [3.0]]), np.array([[0.2], [0.9]])
    both = law.difficulty.log_pmf(100, np.array([0, 5, 40]), alpha, 0.3, s)
    for row, a, top in zip(both, alpha[:, 0], s[:, 0], strict=True):
        alone = law.difficulty.log_pmf(100, np.array([0, 5, 40]), a, 0.3, top)
        np.testing.assert_allclose(row, alone, rtol=1e-12)


THETAS = {"kumaraswamy": [(1.0, -1.0), (-1.0, 0.5), (3.0, -2.0), (-2.0, -3.0), (5.0, 0.8)],
          "scaled_beta": [(1.0, -1.0, 0.5), (-1.0, 0.5, 0.9), (3.0, -2.0, 0.3), (1.5, 0.7, 0.9)]}


@pytest.mark.parametrize("n", [5, 60, 1000])
@pytest.mark.parametrize("key", THETAS)
def test_slopes_and_bends_of_the_likelihood(key, n):
    """Closed forms against central differences, one count at a time; all rows in one call."""
    law, c = LAWS[key], np.unique([0, 1, 2, n // 5])
    place, theta = Coordinates(law), np.array(THETAS[key])
    rows = np.arange(len(theta))
    for count in c:
        here = count_terms(place, [n], [count], np.ones((len(theta), 1)))(theta, rows)

        def total(at, rows, count=count):
            params = np.moveaxis(place.to_values(at), -1, 0)
            return law.difficulty.log_pmf(n, np.full(len(at), count), *params)

        by_steps = differences(total, *place.box)(theta, rows)
        assert np.ptp(here[0] - by_steps[0]) < 1e-8  # but for the binomial coefficient
        np.testing.assert_allclose(here[1], by_steps[1], rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(here[2], by_steps[2], rtol=1e-4, atol=2e-5)


def test_sharp_shapes_are_one_coin():
    """Shapes of ten million: a binomial to one part in 10,000, with panels on the peak alone."""
    c, share = np.array([0, 3, 20, 60]), 0.2
    ours = LAWS["scaled_beta"].difficulty.log_pmf(60, c, 4e7 * (1 - share), 4e7 * share, 1.0)
    np.testing.assert_allclose(ours, binom.logpmf(c, 60, share), rtol=1e-5)
    halved = LAWS["scaled_beta"].difficulty.log_pmf(60, c, 2e7, 2e7, 0.4)  # q = 0.4 / 2
    np.testing.assert_allclose(halved, binom.logpmf(c, 60, share), rtol=1e-5)


def test_panels_that_fits_share_cannot_be_changed():
    first, again = (quadrature._panels(60.0, FAMILY, 1.4, -0.7, 1.0, True) for _ in range(2))
    assert first[0] is again[0]
    for shared in first[:2]:
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = 0
